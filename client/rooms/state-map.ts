import type { Revision, StateEntry } from '../../protocol/rooms.ts';
import type { Environment } from '../environment.ts';
import { ConflictError, RoomplexError } from '../errors.ts';
import type { RoomStateMap, SetOptions, StateStep } from '../types.ts';
import { readRevision } from './decode-state.ts';
import type { Repeat } from './outbox.ts';
import type { StateView } from './state-view.ts';

/** Longest pause between two tries to update a key, as a multiple of how long a try takes. */
const MOST_PATIENCE = 64;

/** What a room remembers, as its applications read and change it. */
export class StateMap implements RoomStateMap {
  readonly #room: string;
  readonly #environment: Pick<Environment, 'clock' | 'random'>;
  readonly #view: () => StateView | null;
  readonly #ask: (event: string, body: string, repeat: Repeat) => Promise<unknown>;

  /** `view` gives `null`, and `ask` throws, while the room is not joined. */
  constructor(
    room: string,
    environment: Pick<Environment, 'clock' | 'random'>,
    view: () => StateView | null,
    ask: (event: string, body: string, repeat: Repeat) => Promise<unknown>,
  ) {
    this.#room = room;
    this.#environment = environment;
    this.#view = view;
    this.#ask = ask;
  }

  get revision(): Revision | null {
    return this.#view()?.revision ?? null;
  }

  get(key: string): unknown {
    return this.entry(key)?.value;
  }

  entry(key: string): StateEntry | undefined {
    return this.#view()?.find(key);
  }

  entries(): readonly StateEntry[] {
    return this.#view()?.list ?? [];
  }

  async set(key: string, value: unknown, options: SetOptions = {}): Promise<Revision> {
    if (JSON.stringify(value) === undefined) {
      throw new TypeError(`the value for ${key} is no JSON; delete() takes a key away`);
    }
    return await this.change([{ ...options, key, value }]);
  }

  async delete(key: string, options: SetOptions = {}): Promise<Revision> {
    return await this.change([{ ...options, key }]);
  }

  async change(steps: readonly StateStep[]): Promise<Revision> {
    const entries = steps.map(({ key, value, ifRev }) => ({ key, value, ifRev }));
    const isConditional = entries.some(({ ifRev }) => ifRev !== undefined);
    const epoch = isConditional ? this.revision?.epoch : undefined;
    // No key ever has a revision twice, so what asks for one cannot happen twice.
    const isOnceOnly = entries.some(({ ifRev = 0 }) => ifRev > 0);
    const body = JSON.stringify({ room: this.#room, entries, epoch });
    const revision = readRevision(await this.#ask('SET', body, isOnceOnly ? 'briefly' : 'never'));
    if (revision === undefined) {
      throw new RoomplexError('unknown-outcome', 'the server answered without a revision');
    }
    return revision;
  }

  async update(key: string, next: (value: unknown) => unknown): Promise<Revision> {
    const { clock } = this.#environment;
    let known = this.#look(key);
    for (let tries = 1; ; tries++) {
      // A copy: what is made of it may be refused.
      const value = next(structuredClone(known.value));
      const options = { ifRev: known.rev };
      const askedAt = clock.now();
      try {
        return await (value === undefined ? this.delete(key, options) : this.set(key, value, options));
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        await this.#pause(tries, clock.now() - askedAt);
        const told = error.conflicts.find((conflict) => conflict.key === key);
        const seen = this.#look(key);
        const newest = told !== undefined && told.rev > seen.rev ? { ...told, epoch: seen.epoch } : seen;
        // Nothing new to go by: the same again would be refused again.
        if (newest.rev === known.rev && newest.epoch === known.epoch) throw error;
        known = newest;
      }
    }
  }

  #look(key: string): StateEntry & { readonly epoch: string | undefined } {
    return { ...(this.entry(key) ?? { key, rev: 0 }), epoch: this.revision?.epoch };
  }

  /** A hundred who want the same key are through much sooner when they do not all ask at once. */
  #pause(tries: number, tookMs: number): Promise<void> {
    const { clock, random } = this.#environment;
    const ms = random() * Math.min(2 ** tries, MOST_PATIENCE) * Math.min(1000, Math.max(1, tookMs));
    return new Promise((resolve) => {
      clock.after(ms, resolve);
    });
  }
}
