import type { Revision, StateEntry } from '../../protocol/rooms.ts';
import { ConflictError, RoomplexError } from '../errors.ts';
import type { RoomStateMap, SetOptions, StateStep } from '../types.ts';
import { readRevision } from './decode-state.ts';
import type { Repeat } from './outbox.ts';
import type { StateView } from './state-view.ts';

/** What a room remembers, as its applications read and change it. */
export class StateMap implements RoomStateMap {
  readonly #room: string;
  readonly #view: () => StateView | null;
  readonly #ask: (event: string, body: string, repeat: Repeat) => Promise<unknown>;

  /** `view` gives `null`, and `ask` throws, while the room is not joined. */
  constructor(
    room: string,
    view: () => StateView | null,
    ask: (event: string, body: string, repeat: Repeat) => Promise<unknown>,
  ) {
    this.#room = room;
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
    let known = this.#look(key);
    for (;;) {
      // A copy: what is made of it may be refused.
      const value = next(structuredClone(known.value));
      const options = { ifRev: known.rev };
      try {
        return await (value === undefined ? this.delete(key, options) : this.set(key, value, options));
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        const before = known;
        known = this.#look(key);
        const told = error.conflicts.find((conflict) => conflict.key === key);
        if (told !== undefined && told.rev > known.rev) known = { ...told, epoch: known.epoch };
        // Nothing new to go by: the same again would be refused again.
        if (known.rev === before.rev && known.epoch === before.epoch) throw error;
      }
    }
  }

  #look(key: string): StateEntry & { readonly epoch: string | undefined } {
    return { ...(this.entry(key) ?? { key, rev: 0 }), epoch: this.revision?.epoch };
  }
}
