import { CloseCode } from '../../../protocol/close-codes.ts';
import type { LeaveCause } from '../../../protocol/rooms.ts';
import { decodeTokenMessage } from '../../../protocol/tokens.ts';
import type { Connection, ConnectionHandler } from '../../connection/connection.ts';
import type { PreparedMessage } from '../../connection/prepared-message.ts';
import { HubError } from '../../hub/errors.ts';
import type { Member, Removal } from '../../hub/member.ts';
import { Turns } from '../../hub/turns.ts';
import type { Counters } from '../../telemetry/counters.ts';
import { leaveCause } from '../leave-cause.ts';
import { PendingRequests } from '../pending-requests.ts';
import type { TokenFormat } from './token-format.ts';
import type { TokenRooms } from './token-rooms.ts';

/** What the connections of a broker share. */
export interface TokensSurroundings {
  readonly rooms: TokenRooms;
  readonly format: TokenFormat;
  readonly counters: Counters;
  /** A sender is told why what it said was ignored (S4 §2). */
  readonly hasNotices: boolean;
  /** Bytes of what one connection said that may wait for its turn; 0 lifts it. */
  readonly pendingLimit: number;
  /** Why a token may not be taken; `undefined` when it may. */
  readonly objection: (token: string) => string | undefined;
}

/** One connection to the broker: it has exactly one token, and is in the room of that name. */
export class TokensSession implements ConnectionHandler, Member<PreparedMessage> {
  readonly since = Date.now();
  readonly #connection: Connection;
  readonly #surroundings: TokensSurroundings;
  readonly #onEnd: () => void;
  #token: string;
  #isOver = false;
  readonly #turns = new Turns();
  readonly #pending: PendingRequests;
  /** Tokens to be taken, and messages after them, that wait for their turn: what is said later does not overtake them. */
  #held = 0;
  /** Something that was said may still be on its way. */
  #hasSpoken = false;

  /** @throws HubError when it may not enter the room of its token. */
  constructor(connection: Connection, token: string, surroundings: TokensSurroundings, onEnd: () => void) {
    this.#connection = connection;
    this.#token = token;
    this.#surroundings = surroundings;
    this.#onEnd = onEnd;
    this.#pending = new PendingRequests(surroundings.pendingLimit);
    surroundings.rooms.join(token, this);
  }

  get token(): string {
    return this.#token;
  }

  get id(): string {
    return this.#connection.id;
  }

  get name(): undefined {
    return undefined;
  }

  get info(): undefined {
    return undefined;
  }

  get gateway(): string {
    return 'ws';
  }

  get transport(): string {
    return this.#connection.transport;
  }

  get format(): TokenFormat {
    return this.#surroundings.format;
  }

  deliver(message: PreparedMessage): void {
    this.#connection.sendPrepared(message);
  }

  eject({ cause, reason }: Removal): void {
    this.#end('ejected');
    this.#connection.close(cause === 'closed' ? CloseCode.roomClosed : CloseCode.ejected, reason);
  }

  message(text: string): void {
    const message = decodeTokenMessage(text);
    switch (message.type) {
      case 'message':
        if (this.#held === 0) this.#publish(message.receivers, message.body);
        else this.#hold(text, () => this.#publish(message.receivers, message.body));
        return;
      case 'register':
        this.#hold(text, () => this.#afterDelivery(() => this.#register(message.token)));
        return;
      case 'echo':
        void this.#inTurn(text, () => this.#afterDelivery(() => this.#send(message.text)));
        return;
      case 'unknown':
        void this.#inTurn(text, () => this.#afterDelivery(() => this.#ignore('unknown message')));
    }
  }

  #publish(receivers: string, body: string): void {
    this.#hasSpoken = true;
    this.#surroundings.rooms.publish(receivers, body, this.id, this.#refused);
  }

  #hold(text: string, task: () => Promise<void> | void): void {
    const done = this.#inTurn(text, task);
    if (done === undefined) return;
    this.#held++;
    void done.finally(() => this.#held--);
  }

  /** Runs a task after those before it; with a promise, which never fails, when it could not run at once. */
  #inTurn(text: string, task: () => Promise<void> | void): Promise<void> | undefined {
    try {
      this.#pending.check(text.length);
    } catch {
      this.#surroundings.counters.ignore('ws', 'queue-full');
      this.#connection.close(CloseCode.tryAgainLater, 'too many messages wait');
      return undefined;
    }
    const done = this.#turns.take(task);
    if (!(done instanceof Promise)) return undefined;
    const work = done.catch((error: unknown) => this.#connection.fail(error));
    this.#pending.add(text.length, work);
    return work;
  }

  /** When what it has said before is delivered, which may take a moment where there is a store. */
  #afterDelivery(task: () => void): Promise<void> | void {
    const settled = this.#hasSpoken ? this.#surroundings.rooms.settled(this.#token) : undefined;
    this.#hasSpoken = false;
    if (settled === undefined) task();
    else return settled.then(task);
  }

  /** The original does not look at the kind of a frame (S4 §2). */
  binary(data: Buffer): void {
    try {
      this.message(data.toString());
    } catch (error) {
      this.#connection.fail(error);
    }
  }

  closed(code: number): void {
    this.#end(leaveCause(code));
  }

  /** Into the new room before out of the old one: who is refused keeps its token. */
  #register(token: string): void {
    const { rooms, objection } = this.#surroundings;
    if (token === this.#token || this.#isOver) return;
    const reason = objection(token);
    if (reason !== undefined) {
      this.#ignore(reason);
      return;
    }
    try {
      rooms.join(token, this);
    } catch (error) {
      this.#refused(error);
      return;
    }
    rooms.leave(this.#token, this, 'left');
    this.#token = token;
  }

  readonly #refused = (error: unknown): void => {
    if (error instanceof HubError) this.#ignore(error.code, error.message);
    else this.#connection.fail(error);
  };

  /** The protocol knows no errors: silence, and a count (S4 §2). */
  #ignore(reason: string, notice = reason): void {
    this.#surroundings.counters.ignore('ws', reason.replaceAll(' ', '-'));
    if (this.#surroundings.hasNotices) this.#send(`Error:${notice}`);
  }

  #send(text: string): void {
    this.#connection.sendPrepared(this.#surroundings.format.prepare(text));
  }

  #end(cause: LeaveCause): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#surroundings.rooms.leave(this.#token, this, cause);
    this.#onEnd();
  }
}
