import type {
  Gap,
  JoinRequest,
  MemberInfo,
  NotifyRequest,
  Position,
  RoomEvent,
} from '../../protocol/rooms.ts';
import { createDeferred, type Deferred } from '../deferred.ts';
import { RoomplexError } from '../errors.ts';
import type { RoomGap, RoomMessage, RoomOptions, RoomPresenceChange, RoomStateChange } from '../types.ts';
import { readJoinAnswer, readPosition, type PresenceNews } from './decode.ts';
import { Outbox, type Courier } from './outbox.ts';
import { Roster } from './roster.ts';
import { StateView } from './state-view.ts';
import { Stream } from './stream.ts';

/** The way to the rooms gateway as one membership sees it. */
export interface RoomsDoor extends Courier {
  readonly isOpen: boolean;
  /** By which the server knows this client again. */
  readonly memberKey: string;
  /** Grows from one connection to the next. */
  readonly turn: number;
  /** Names one publication, like no other that there ever was. */
  nextPublishId(): string;
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
  stateChanged(change: RoomStateChange): void;
  /** The membership is over, though the holder did not leave. */
  expelled(): void;
}

type State =
  /** Wanted; as soon as there is a connection the JOIN goes out. */
  | { readonly type: 'waiting' }
  | { readonly type: 'joining' }
  | { readonly type: 'joined' }
  | { readonly type: 'over' };

/** This client in one room, shared by all who hold on to it: the first makes it join, the last makes it leave. */
export class Membership {
  readonly name: string;
  readonly state = new StateView();
  readonly outbox: Outbox;
  readonly #options: RoomOptions;
  readonly #door: RoomsDoor;
  readonly #holders = new Set<MembershipHolder>();
  readonly #joins = new Map<MembershipHolder, Deferred<void>>();
  readonly #roster = new Roster();
  readonly #stream = new Stream();
  #memberId: string | null = null;
  #wasJoined = false;
  /** The server knows a turn after ours: the clock went back. */
  #isTurnless = false;
  #state: State = { type: 'waiting' };

  /** @throws TypeError when the info is no JSON. */
  constructor(name: string, options: RoomOptions, door: RoomsDoor) {
    // Later, when the JOIN goes out, nobody would be there to be told.
    JSON.stringify(options.info);
    this.name = name;
    this.outbox = new Outbox(door);
    this.#options = options;
    this.#door = door;
  }

  get isJoined(): boolean {
    return this.#state.type === 'joined';
  }

  get memberId(): string | null {
    return this.#memberId;
  }

  get members(): readonly MemberInfo[] {
    return this.#roster.list;
  }

  get memberCount(): number {
    return this.#roster.count;
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
    const leaving = this.sayGoodbye();
    this.#end(left);
    return leaving;
  }

  /** Tells the server, if it has this client in, not to wait for it. */
  sayGoodbye(): Promise<void> {
    const isKnownToServer = this.#state.type === 'joined' || this.#state.type === 'joining';
    return isKnownToServer && this.#door.isOpen ? this.#sendLeave() : Promise.resolve();
  }

  async publish(data: unknown): Promise<Position> {
    const message = JSON.stringify(data) as string | undefined;
    if (message === undefined) throw new TypeError(`a ${typeof data} is no JSON to publish`);
    const place: NotifyRequest = { room: this.name, publishId: this.#door.nextPublishId() };
    // Put together by hand: what is said may be long, and is put into words once.
    const body = `${JSON.stringify(place).slice(0, -1)},"message":${message}}`;
    const answer = await this.outbox.ask('NOTIFY', body, 'briefly');
    const position = readPosition(answer);
    if (position === undefined) {
      throw new RoomplexError('unknown-outcome', 'the server answered without a position');
    }
    return position;
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
        case 'unreadable':
          this.#refused(answer.error);
          return;
        case 'lost':
        case 'late':
          this.#unanswered(answer.error);
      }
    });
  }

  /** The gateway cannot be reached any more; every request on its way is lost. */
  disconnected(): void {
    if (this.#state.type === 'over') return;
    this.#state = { type: 'waiting' };
    this.outbox.lost();
  }

  /** The client is closed. */
  closed(error: RoomplexError): void {
    this.#expelAll(error);
  }

  event(event: RoomEvent): void {
    if (this.#state.type !== 'joined') return;
    const { epoch, offset } = event;
    let isReplayed = false;
    if (epoch !== undefined && offset !== undefined) {
      const step = this.#stream.advance({ epoch, offset });
      if (step.type === 'old') return;
      this.#tellGap(step.gap);
      isReplayed = step.isReplayed;
    }
    const message: RoomMessage = {
      room: this.name,
      sender: event.sender,
      senderId: event.id ?? null,
      data: event.message,
      epoch: epoch ?? '',
      offset: offset ?? 0,
      at: event.at ?? 0,
      replayed: isReplayed,
    };
    this.#each((holder) => {
      holder.message(message);
    });
  }

  /** Something was said that is not for this member. */
  passed(position: Position): void {
    if (this.#state.type !== 'joined') return;
    const step = this.#stream.advance(position);
    if (step.type === 'next') this.#tellGap(step.gap);
  }

  gap(gap: Gap): void {
    if (this.#state.type === 'joined') this.#tellGap(this.#stream.skip(gap));
  }

  presence(news: PresenceNews): void {
    if (this.#state.type !== 'joined') return;
    this.#tellPresence(this.#roster.apply(news));
    const isOut = news.leaves.some(({ id, cause }) => id === this.#memberId && cause === 'ejected');
    if (!isOut) return;
    const error = new RoomplexError('ejected', `the server put this client out of the room ${this.name}`);
    this.#expelAll(error);
    this.#door.report(error);
  }

  stateChanged(change: RoomStateChange): void {
    if (this.#state.type !== 'joined' || !this.state.apply(change, change.entries)) return;
    this.#tellState(change);
  }

  #joinRequest(): JoinRequest {
    const { name = 'guest', info, history = 0 } = this.#options;
    const { position } = this;
    return {
      room: this.name,
      name,
      ...(info !== undefined && { info }),
      positions: true,
      echo: true,
      presence: true,
      state: true,
      memberKey: this.#door.memberKey,
      ...(!this.#isTurnless && { turn: this.#door.turn }),
      ...(position !== null && { recover: position }),
      ...(!this.#wasJoined && history > 0 && { history }),
    };
  }

  #entered(body: unknown): void {
    const answer = readJoinAnswer(body);
    const { epoch = null, rev, state } = answer;
    const isAgain = this.#wasJoined;
    this.#wasJoined = true;
    const joined: State = { type: 'joined' };
    this.#state = joined;
    this.#memberId = answer.id ?? null;
    let gap: RoomGap | null = null;
    if (isAgain) gap = this.#stream.resume(answer);
    else this.#stream.begin(answer, this.#options.history ?? 0);
    const members = answer.members === undefined ? [] : answer.members;
    const change = this.#roster.replace(members, answer.count);
    const revision = epoch !== null && rev !== undefined ? { epoch, rev } : null;
    const entries = revision === null ? [] : this.state.replace(revision, state ?? []);
    this.#each((holder) => {
      holder.entered(this.#joins.has(holder));
    });
    if (isAgain) {
      this.#tellPresence(change);
      this.#tellGap(gap);
      if (revision !== null && entries.length > 0) {
        this.#tellState({ room: this.name, entries, by: null, ...revision });
      }
    }
    // A listener may have left.
    if (this.#state !== joined) return;
    const joins = [...this.#joins.values()];
    this.#joins.clear();
    for (const join of joins) join.resolve();
    this.outbox.open(epoch);
  }

  #refused(error: RoomplexError): void {
    if (error.code === 'overtaken' && !this.#isTurnless) {
      this.#isTurnless = true;
      this.#state = { type: 'waiting' };
      this.connected();
      return;
    }
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
      // Without an answer the connection is gone, and the membership goes after it.
      if (answer.type === 'refused') left.reject(answer.error);
      else left.resolve();
    });
    return left.promise;
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

  #tellState(change: RoomStateChange): void {
    this.#each((holder) => {
      holder.stateChanged(change);
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
    this.outbox.end(error);
  }

  /** Holders may come and go meanwhile; neither who left nor who came is told. */
  #each(tell: (holder: MembershipHolder) => void): void {
    for (const holder of Array.from(this.#holders)) {
      if (this.#holders.has(holder)) tell(holder);
    }
  }
}
