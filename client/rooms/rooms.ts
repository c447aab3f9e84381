import { decodeFrame, encodeFrame } from '../../protocol/multiplex.ts';
import { nestsDeeperThan } from '../../protocol/json-depth.ts';
import { decodeVerb } from '../../protocol/rooms.ts';
import { Backoff } from '../backoff.ts';
import type { Multiplexer } from '../channels/multiplexer.ts';
import type { TopicMember } from '../channels/topic.ts';
import type { Uplink } from '../channels/uplink.ts';
import type { Clock } from '../clock.ts';
import type { Environment } from '../environment.ts';
import { RoomplexError } from '../errors.ts';
import type { QueueBudget } from '../queue-budget.ts';
import type { RoomOptions } from '../types.ts';
import { randomId } from '../random-id.ts';
import { readStateChange } from './decode-state.ts';
import { readGapNotice, readPositionNotice, readPresence, readRefusal, readRoomEvent } from './decode.ts';
import { Membership, type RoomsDoor } from './membership.ts';
import { ANSWER_MS, Requests, type Answer } from './requests.ts';

/** The topic that is a whole connection to the rooms gateway (docs/protocol.md). */
const ROOMS_TOPIC = 'layout';

/** What rooms tell their client. */
export interface RoomsListener {
  /** For the application: nobody waits for this. */
  failed(error: RoomplexError): void;
  /** The server has not answered for so long. */
  overdue(ms: number): void;
}

/** All rooms of a client, over one channel to the rooms gateway. */
export class Rooms implements TopicMember, RoomsDoor {
  readonly clock: Clock;
  readonly memberKey: string;
  readonly #multiplexer: Multiplexer;
  readonly #uplink: Uplink;
  readonly #requests: Requests;
  readonly #backoff: Backoff;
  readonly #listener: RoomsListener;
  readonly #memberships = new Map<string, Membership>();
  readonly #publishIdPrefix = randomId();
  #publications = 0;
  #turn = 0;
  /** From the first room on. */
  #isSubscribed = false;
  #openedAt = 0;
  #cancelRetry: () => void = () => undefined;
  #error: RoomplexError | null = null;
  #isOpen = false;

  constructor(
    multiplexer: Multiplexer,
    uplink: Uplink,
    { clock, random }: Environment,
    memberKey: string,
    listener: RoomsListener,
  ) {
    this.clock = clock;
    this.memberKey = memberKey;
    this.#multiplexer = multiplexer;
    this.#uplink = uplink;
    this.#requests = new Requests(clock, () => {
      listener.overdue(ANSWER_MS);
    });
    this.#backoff = new Backoff(random, clock);
    this.#listener = listener;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get turn(): number {
    return this.#turn;
  }

  get budget(): QueueBudget {
    return this.#uplink.budget;
  }

  /** The one membership of that room, with the options of whoever asked first. */
  membership(name: string, options: RoomOptions): Membership {
    this.assertNotClosed();
    let membership = this.#memberships.get(name);
    if (membership === undefined) {
      membership = new Membership(name, options, this);
      this.#memberships.set(name, membership);
    }
    this.#subscribe();
    return membership;
  }

  assertNotClosed(): void {
    if (this.#error !== null) throw this.#error;
  }

  assertCapacity(): void {
    if (this.#requests.isFull) throw new RoomplexError('queue-full', 'too many messages are unanswered');
    if (this.#uplink.isCongested) {
      throw new RoomplexError('queue-full', 'the network does not keep up with what is sent');
    }
  }

  request(event: string, body: string, settle: (answer: Answer) => void): void {
    const id = this.#requests.add(event, settle);
    const verb = `["${event}",${body},${id}]`;
    if (nestsDeeperThan(verb)) {
      const error = new RoomplexError('bad-request', 'the server reads nothing that nests so deep');
      this.#requests.settle(id, { type: 'unreadable', error });
    } else {
      this.#uplink.send(encodeFrame('msg', ROOMS_TOPIC, verb));
    }
  }

  nextPublishId(): string {
    this.#publications += 1;
    return `${this.#publishIdPrefix}.${this.#publications}`;
  }

  forget(membership: Membership): void {
    if (this.#memberships.get(membership.name) === membership) this.#memberships.delete(membership.name);
  }

  report(error: RoomplexError): void {
    this.#listener.failed(error);
  }

  opened(): void {
    this.#isOpen = true;
    this.#openedAt = this.clock.now();
    // Also after a reload of the page, which forgets what there was.
    this.#turn = Math.max(this.#openedAt, this.#turn + 1);
    for (const membership of this.#memberships.values()) membership.connected();
  }

  lost(): void {
    this.#disconnected('the connection was lost');
  }

  /** The server ended the gateway's channel alone. Rooms want it back. */
  ended(): void {
    this.#isSubscribed = false;
    if (this.#error !== null) return;
    this.#disconnected('the server ended the channel');
    this.#backoff.lived(this.clock.now() - this.#openedAt);
    this.#cancelRetry = this.clock.after(this.#backoff.next().delayMs, () => {
      this.#subscribe();
    });
  }

  /** The client is about to close: nobody is to wait for it to come back. */
  sayGoodbye(): void {
    for (const membership of this.#memberships.values()) void membership.sayGoodbye();
  }

  /** The server closed the connection because it did not want to read a message as long as this one. */
  refusedUnread(text: string): void {
    const frame = decodeFrame(text);
    if (frame?.topic !== ROOMS_TOPIC) return;
    const id = decodeVerb(frame.payload)?.args[1];
    const error = new RoomplexError('limit', 'the server reads no message as long as this one');
    if (typeof id === 'number') this.#requests.settle(id, { type: 'unreadable', error });
  }

  /** Ends everything; what waits is rejected with `error`, what was sent with its unknown outcome. */
  close(error: RoomplexError): void {
    this.#error = error;
    this.#isOpen = false;
    this.#cancelRetry();
    for (const membership of this.#memberships.values()) membership.closed(error);
    this.#requests.abandon('the client was closed');
  }

  message(text: string): void {
    const verb = decodeVerb(text, Infinity);
    if (verb === undefined) return;
    const [first, second] = verb.args;
    switch (verb.event) {
      case 'ACK':
        if (typeof first === 'number') this.#requests.settle(first, { type: 'accepted', body: second });
        return;
      case 'ERROR':
        this.#refused(first);
        return;
      case 'EVENT': {
        const event = readRoomEvent(first);
        if (event !== undefined) this.#memberships.get(event.room)?.event(event);
        return;
      }
      case 'PRESENCE': {
        const news = readPresence(first);
        if (news !== undefined) this.#memberships.get(news.room)?.presence(news);
        return;
      }
      case 'STATE': {
        const change = readStateChange(first);
        if (change !== undefined) this.#memberships.get(change.room)?.stateChanged(change);
        return;
      }
      case 'GAP': {
        const gap = readGapNotice(first);
        if (gap !== undefined) this.#memberships.get(gap.room)?.gap(gap);
        return;
      }
      case 'POSITION': {
        const passed = readPositionNotice(first);
        if (passed !== undefined) this.#memberships.get(passed.room)?.passed(passed);
      }
    }
  }

  #subscribe(): void {
    if (this.#isSubscribed) return;
    this.#isSubscribed = true;
    this.#multiplexer.join(ROOMS_TOPIC, this);
  }

  #refused(body: unknown): void {
    const { id, error } = readRefusal(body);
    if (typeof id === 'number') this.#requests.settle(id, { type: 'refused', error });
    else this.#listener.failed(error);
  }

  #disconnected(reason: string): void {
    this.#isOpen = false;
    for (const membership of this.#memberships.values()) membership.disconnected();
    this.#requests.abandon(reason);
  }
}
