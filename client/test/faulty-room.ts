import { decodeFrame } from '../../protocol/multiplex.ts';
import {
  decodeVerb,
  type Gap,
  type JoinRequest,
  type NotifyRequest,
  type PastMessage,
  type Position,
  type SetRequest,
  type StateEntry,
} from '../../protocol/rooms.ts';
import type { Peer, ScriptedServer } from './scripted-server.ts';

/** What the server does wrong, or lets happen, the next time there is an opportunity. */
export type Fault =
  /** A request is done, and the line breaks instead of the answer. */
  | 'lose-answer'
  /** A request is lost together with the line. */
  | 'lose-request'
  /** The channel ends, and only that. */
  | 'end-channel'
  /** A message comes twice. */
  | 'double'
  /** A message does not come, and nobody says so. */
  | 'skip'
  /** Of what is to be recovered the first message is given up on the way. */
  | 'give-up'
  /** The answer to a request comes before what it brought about. */
  | 'answer-first';

/** One life of the room's stream. */
interface Life {
  readonly epoch: string;
  readonly log: PastMessage[];
  /** Offsets by publish id. */
  readonly ids: Map<string, number>;
  readonly state: Map<string, StateEntry>;
  /** How often each value was set. */
  readonly sets: unknown[];
  rev: number;
  first: number;
}

/** The room `r` as a server has it that follows docs/protocol.md to the letter, but for the faults it is given. */
export class FaultyRoom {
  /** All lives, the latest last. */
  readonly lives: Life[] = [newLife(0)];
  /** Member keys that were shown. */
  readonly memberKeys = new Set<unknown>();
  readonly #faults = new Set<Fault>();
  #peer: Peer | null = null;
  #isJoined = false;

  get life(): Life {
    return this.lives.at(-1) ?? newLife(0);
  }

  /** Takes every connection to this server. */
  async serve(server: ScriptedServer): Promise<never> {
    for (;;) {
      const peer = await server.greeted();
      void this.#serve(peer);
    }
  }

  give(fault: Fault): void {
    this.#faults.add(fault);
  }

  /** Nothing goes wrong any more. */
  calm(): void {
    this.#faults.clear();
  }

  cut(): void {
    this.#isJoined = false;
    this.#peer?.cut();
  }

  /** Somebody else says something. */
  say(message: unknown): void {
    this.#publish(message, undefined);
  }

  /** Somebody else sets a key. */
  set(key: string, value: unknown): void {
    this.#change([{ key, value }], 'm2');
  }

  /** History keeps only so many messages. */
  trim(keep: number): void {
    this.life.first = Math.max(this.life.first, this.life.log.length - keep + 1);
  }

  /** The server restarts without what it knew. */
  restart(): void {
    this.cut();
    this.lives.push(newLife(this.lives.length));
  }

  async #serve(peer: Peer): Promise<void> {
    this.#peer = peer;
    this.#isJoined = false;
    for (;;) {
      const frame = decodeFrame(await peer.messages.next());
      if (peer !== this.#peer) return;
      const verb = frame?.type === 'msg' ? decodeVerb(frame.payload) : undefined;
      if (verb === undefined) continue;
      if (verb.event !== 'JOIN' && this.#happens('lose-request')) {
        this.cut();
        return;
      }
      if (this.#happens('end-channel')) {
        this.#isJoined = false;
        peer.say('uns,layout');
        continue;
      }
      this.#take(peer, verb.event, verb.args[0], verb.args[1]);
    }
  }

  #take(peer: Peer, event: string, body: unknown, id: unknown): void {
    if (event === 'JOIN') {
      this.#join(peer, body as JoinRequest, id);
      return;
    }
    if (!this.#isJoined) {
      const reason = 'join the room first';
      peer.sayVerb('ERROR', { event, id, code: 'not-a-member', reason });
      return;
    }
    if (event === 'NOTIFY') this.#notify(peer, body as NotifyRequest, id);
    if (event === 'SET') this.#set(peer, body as SetRequest, id);
  }

  #join(peer: Peer, { memberKey, recover }: JoinRequest, id: unknown): void {
    this.memberKeys.add(memberKey);
    this.#isJoined = true;
    const { epoch, log, rev, state } = this.life;
    const recovery = recover && this.#recover(recover);
    peer.sayVerb('ACK', id, {
      id: 'm1',
      epoch,
      offset: log.length,
      ...(recovery && { recovered: recovery.gap === undefined, gap: recovery.gap }),
      members: [{ id: 'm1', name: 'guest' }],
      rev,
      state: [...state.values()],
    });
    let from = recovery?.from ?? log.length;
    if (from < log.length && this.#happens('give-up')) {
      from += 1;
      peer.sayVerb('GAP', { room: 'r', reason: 'trimmed', missing: 1 });
    }
    for (const past of log.slice(from)) this.#tell(past);
  }

  #recover({ epoch, offset }: Position): { readonly from: number; readonly gap?: Gap } {
    const { life } = this;
    if (epoch !== life.epoch) {
      return { from: life.log.length, gap: { reason: 'epoch-changed', missing: null } };
    }
    const missing = life.first - 1 - offset;
    return missing > 0 ? { from: life.first - 1, gap: { reason: 'trimmed', missing } } : { from: offset };
  }

  #notify(peer: Peer, { message, publishId }: NotifyRequest, id: unknown): void {
    const answer = (offset: number): void => this.#answer(peer, id, { epoch: this.life.epoch, offset });
    if (this.#happens('answer-first')) {
      const known = this.life.ids.get(publishId ?? '');
      answer(known ?? this.life.log.length + 1);
      this.#publish(message, publishId);
    } else {
      answer(this.#publish(message, publishId));
    }
  }

  #set(peer: Peer, { entries, epoch }: SetRequest, id: unknown): void {
    const { life } = this;
    const conflicts = entries.filter(({ key, ifRev }) => {
      if (ifRev === undefined) return false;
      return epoch !== life.epoch || ifRev !== (life.state.get(key)?.rev ?? 0);
    });
    if (conflicts.length > 0) {
      const told = conflicts.map(({ key }) => life.state.get(key) ?? { key, rev: 0 });
      const reason = 'changed meanwhile';
      const refusal = { event: 'SET', id, code: 'conflict', reason, epoch: life.epoch, conflicts: told };
      peer.sayVerb('ERROR', refusal);
      return;
    }
    this.#change(entries, 'm1');
    this.#answer(peer, id, { epoch: life.epoch, rev: life.rev });
  }

  #answer(peer: Peer, id: unknown, body: object): void {
    if (this.#happens('lose-answer')) this.cut();
    else peer.sayVerb('ACK', id, body);
  }

  #publish(message: unknown, publishId: string | undefined): number {
    const { ids, log } = this.life;
    const known = publishId === undefined ? undefined : ids.get(publishId);
    if (known !== undefined) return known;
    const offset = log.length + 1;
    const past = { sender: 'somebody', message, offset, at: offset };
    log.push(past);
    if (publishId !== undefined) ids.set(publishId, offset);
    if (this.#isJoined && !this.#happens('skip')) this.#tell(past);
    return offset;
  }

  #tell(past: PastMessage): void {
    const times = this.#happens('double') ? 2 : 1;
    for (let i = 0; i < times; i++) {
      this.#peer?.sayVerb('EVENT', { room: 'r', epoch: this.life.epoch, ...past });
    }
  }

  #change(entries: SetRequest['entries'], by: string): void {
    const { life } = this;
    life.rev += 1;
    for (const { key, value } of entries) {
      life.sets.push(value);
      if (value === undefined) life.state.delete(key);
      else life.state.set(key, { key, value, rev: life.rev });
    }
    if (!this.#isJoined) return;
    const { epoch, rev } = life;
    this.#peer?.sayVerb('STATE', { room: 'r', entries, by, epoch, rev, at: rev });
  }

  /** True once for each fault that was given. */
  #happens(fault: Fault): boolean {
    return this.#faults.delete(fault);
  }
}

function newLife(number: number): Life {
  return { epoch: `e${number}`, log: [], ids: new Map(), state: new Map(), sets: [], rev: 0, first: 1 };
}
