import type { JoinRequest, MemberInfo, Position, PresenceDiff, RoomEvent } from '../../protocol/rooms.ts';
import { createDeferred, type Deferred } from '../deferred.ts';
import { RoomplexError } from '../errors.ts';
import type { QueueBudget } from '../queue-budget.ts';
import type { RoomGap, RoomMessage, RoomOptions, RoomPresenceChange } from '../types.ts';
import { readJoinAnswer, readPosition } from './decode.ts';
import type { Answer } from './requests.ts';
import { Roster } from './roster.ts';
import { Stream } from './stream.ts';

/** The way to the rooms gateway as one membership sees it. */
export interface RoomsDoor {
  readonly isOpen: boolean;
  readonly budget: QueueBudget;
  /** Throws when too much is on its way already; to be asked before a request that can be refused. */
  assertCapacity(): void;
  /** `body` is JSON. Only while it is open. */
  request(event: string, body: string, settle: (answer: Answer) => void): void;
  /** The membership is over. */
  forget(membership: Membership): void;
  /** For the application: nobody waits for this. */
  report(error: RoomplexError): void;
}

/** An application's hold on a membership. */
export interface MembershipHolder {
  /** The room was joined. `isAwaited`: the application waits for it and may add its listeners only then. */
  entered(isAwaited: boolean): void;
  message(message: RoomMessage): void;
  presence(change: RoomPresenceChange): void;
  gap(gap: RoomGap): void;
  /** The membership is over, though the holder did not leave. */
  expelled(): void;
}

interface QueuedPublication {
  readonly body: string;
  readonly answer: Deferred<Position>;
}

type State =
  /** Wanted; as soon as there is a connection the JOIN goes out. */
  | { readonly type: 'waiting' }
  | { readonly type: 'joining' }
  | { readonly type: 'joined'; readonly memberId: string | null }
  | { readonly type: 'over' };

/** This client in one room, shared by all who hold on to it: the first makes it join, the last makes it leave. */
export class Membership {
  readonly name: string;
  readonly #options: RoomOptions;
  readonly #door: RoomsDoor;
  readonly #holders = new Set<MembershipHolder>();
  readonly #joins = new Map<MembershipHolder, Deferred<void>>();
  readonly #roster = new Roster();
  readonly #stream = new Stream();
  #queue: QueuedPublication[] = [];
  #wasJoined = false;
  #state: State = { type: 'waiting' };

  constructor(name: string, options: RoomOptions, door: RoomsDoor) {
    this.name = name;
    this.#options = options;
    this.#door = door;
  }

  get isJoined(): boolean {
    return this.#state.type === 'joined';
  }

  get memberId(): string | null {
    return this.#state.type === 'joined' ? this.#state.memberId : null;
  }

  get members(): readonly MemberInfo[] {
    return this.#roster.list;
  }

  get position(): Position | null {
    return this.#stream.position;
  }

  join(holder: MembershipHolder): Promise<void> {
    const isNew = !this.#holders.has(holder);
    this.#holders.add(holder);
    if (this.#state.type === 'joined') {
      if (isNew) holder.entered(true);
      return Promise.resolve();
    }
    let join = this.#joins.get(holder);
    if (join === undefined) {
      join = createDeferred();
      this.#joins.set(holder, join);
    }
    if (this.#state.type === 'waiting') this.connected();
    return join.promise;
  }

  leave(holder: MembershipHolder): Promise<void> {
    if (!this.#holders.delete(holder)) return Promise.resolve();
    const left = new RoomplexError('cancelled', `the room ${this.name} was left`);
    this.#joins.get(holder)?.reject(left);
    this.#joins.delete(holder);
    if (this.#holders.size > 0) return Promise.resolve();
    const isKnownToServer = this.#state.type === 'joined' || this.#state.type === 'joining';
    this.#end(left);
    return isKnownToServer && this.#door.isOpen ? this.#sendLeave() : Promise.resolve();
  }

  publish(data: unknown): Promise<Position> {
    const answer = createDeferred<Position>();
    try {
      const body = JSON.stringify({ room: this.name, message: data });
      if (this.#state.type === 'joined') {
        this.#door.assertCapacity();
        this.#notify({ body, answer });
      } else {
        this.#door.budget.take();
        this.#queue.push({ body, answer });
      }
    } catch (error) {
      answer.reject(error as Error);
    }
    return answer.promise;
  }

  /** The gateway can be reached. */
  connected(): void {
    if (this.#state.type !== 'waiting' || !this.#door.isOpen) return;
    const joining: State = { type: 'joining' };
    this.#state = joining;
    this.#door.request('JOIN', JSON.stringify(this.#joinRequest()), (answer) => {
      // Left, or cut off, in the meantime.
      if (this.#state !== joining) return;
      switch (answer.type) {
        case 'accepted':
          this.#entered(answer.body);
          return;
        case 'refused':
          this.#refused(answer.error);
          return;
        case 'unanswered':
          this.#unanswered(answer.error);
      }
    });
  }

  /** The gateway cannot be reached any more; every request on its way is lost. */
  disconnected(): void {
    if (this.#state.type !== 'over') this.#state = { type: 'waiting' };
  }

  /** The client is closed. */
  closed(error: RoomplexError): void {
    this.#expelAll(error);
  }

  event(event: RoomEvent): void {
    if (this.#state.type !== 'joined') return;
    const { epoch, offset } = event;
    if (epoch !== undefined && offset !== undefined) {
      const step = this.#stream.advance({ epoch, offset });
      if (step.type === 'old') return;
      this.#tellGap(step.gap);
    }
    const message: RoomMessage = {
      room: this.name,
      sender: event.sender,
      senderId: event.id ?? null,
      data: event.message,
      epoch: epoch ?? '',
      offset: offset ?? 0,
      at: event.at ?? 0,
      replayed: false,
    };
    this.#each((holder) => {
      holder.message(message);
    });
  }

  presence(diff: PresenceDiff): void {
    if (this.#state.type === 'joined') this.#tellPresence(this.#roster.apply(diff));
  }

  #joinRequest(): JoinRequest {
    const { name = 'guest', info } = this.#options;
    return {
      room: this.name,
      name,
      ...(info !== undefined && { info }),
      positions: true,
      echo: true,
      presence: true,
    };
  }

  #entered(body: unknown): void {
    const answer = readJoinAnswer(body);
    const joined: State = { type: 'joined', memberId: answer.id ?? null };
    this.#state = joined;
    const gap = this.#stream.resume(readPosition(body) ?? null);
    const change = this.#roster.replace(answer.members ?? []);
    const isAgain = this.#wasJoined;
    this.#wasJoined = true;
    this.#each((holder) => {
      holder.entered(this.#joins.has(holder));
    });
    if (isAgain) {
      this.#tellPresence(change);
      this.#tellGap(gap);
    }
    // A listener may have left.
    if (this.#state !== joined) return;
    const joins = [...this.#joins.values()];
    this.#joins.clear();
    for (const join of joins) join.resolve();
    this.#sendQueue();
  }

  #refused(error: RoomplexError): void {
    const isAwaited = this.#joins.size > 0;
    this.#expelAll(error);
    if (!isAwaited) {
      const reason = `the room ${this.name} could not be joined again: ${error.reason}`;
      this.#door.report(new RoomplexError(error.code, reason));
    }
  }

  #unanswered(error: RoomplexError): void {
    const joins = [...this.#joins];
    this.#joins.clear();
    for (const [holder, join] of joins) {
      this.#holders.delete(holder);
      holder.expelled();
      join.reject(error);
    }
    if (this.#holders.size > 0) {
      // Who was in before the connection was lost still wants to be.
      this.#state = { type: 'waiting' };
      this.connected();
      return;
    }
    this.#end(error);
    // It may have worked all the same.
    if (this.#door.isOpen) void this.#sendLeave().catch(() => undefined);
  }

  #sendLeave(): Promise<void> {
    const left = createDeferred<void>();
    this.#door.request('LEAVE', JSON.stringify({ room: this.name }), (answer) => {
      // Without an answer the connection is gone, and with it the membership.
      if (answer.type === 'refused') left.reject(answer.error);
      else left.resolve();
    });
    return left.promise;
  }

  #sendQueue(): void {
    const queue = this.#queue;
    this.#queue = [];
    this.#door.budget.give(queue.length);
    for (const publication of queue) this.#notify(publication);
  }

  #notify({ body, answer }: QueuedPublication): void {
    this.#door.request('NOTIFY', body, (outcome) => {
      if (outcome.type === 'refused') answer.reject(outcome.error);
      else if (outcome.type === 'unanswered') answer.reject(asUnknown(outcome.error));
      else {
        const position = readPosition(outcome.body);
        if (position !== undefined) answer.resolve(position);
        else answer.reject(new RoomplexError('unknown-outcome', 'the server answered without a position'));
      }
    });
  }

  #tellPresence(change: RoomPresenceChange | null): void {
    if (change === null) return;
    this.#each((holder) => {
      holder.presence(change);
    });
  }

  #tellGap(gap: RoomGap | null): void {
    if (gap === null) return;
    this.#each((holder) => {
      holder.gap(gap);
    });
  }

  #expelAll(error: RoomplexError): void {
    const holders = [...this.#holders];
    const joins = [...this.#joins.values()];
    this.#holders.clear();
    this.#joins.clear();
    this.#end(error);
    for (const holder of holders) holder.expelled();
    for (const join of joins) join.reject(error);
  }

  #end(error: RoomplexError): void {
    this.#state = { type: 'over' };
    this.#door.forget(this);
    const queue = this.#queue;
    this.#queue = [];
    this.#door.budget.give(queue.length);
    for (const { answer } of queue) answer.reject(error);
  }

  /** Holders may come and go meanwhile; neither who left nor who came is told. */
  #each(tell: (holder: MembershipHolder) => void): void {
    for (const holder of Array.from(this.#holders)) {
      if (this.#holders.has(holder)) tell(holder);
    }
  }
}

function asUnknown(error: RoomplexError): RoomplexError {
  return error.code === 'unknown-outcome' ? error : new RoomplexError('unknown-outcome', error.reason);
}
