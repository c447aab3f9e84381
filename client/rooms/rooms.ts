import { decodeVerb } from '../../protocol/rooms.ts';
import { Backoff } from '../backoff.ts';
import type { Multiplexer } from '../channels/multiplexer.ts';
import type { Topic, TopicMember } from '../channels/topic.ts';
import type { Uplink } from '../channels/uplink.ts';
import type { Clock } from '../clock.ts';
import { RoomplexError } from '../errors.ts';
import type { QueueBudget } from '../queue-budget.ts';
import type { RoomOptions } from '../types.ts';
import { readPresenceDiff, readRefusal, readRoomEvent } from './decode.ts';
import { Membership, type RoomsDoor } from './membership.ts';
import { Requests, type Answer } from './requests.ts';

/** The topic that is a whole connection to the rooms gateway (docs/protocol.md). */
const ROOMS_TOPIC = 'layout';

/** All rooms of a client, over one channel to the rooms gateway. */
export class Rooms implements TopicMember, RoomsDoor {
  readonly #multiplexer: Multiplexer;
  readonly #uplink: Uplink;
  readonly #clock: Clock;
  readonly #requests: Requests;
  readonly #backoff: Backoff;
  readonly #report: (error: RoomplexError) => void;
  readonly #memberships = new Map<string, Membership>();
  /** `null` until the first room is joined. */
  #topic: Topic | null = null;
  #openedAt = 0;
  #cancelRetry: () => void = () => undefined;
  #error: RoomplexError | null = null;
  #isOpen = false;

  constructor(
    multiplexer: Multiplexer,
    uplink: Uplink,
    clock: Clock,
    random: () => number,
    report: (error: RoomplexError) => void,
  ) {
    this.#multiplexer = multiplexer;
    this.#uplink = uplink;
    this.#clock = clock;
    this.#requests = new Requests(clock);
    this.#backoff = new Backoff(random);
    this.#report = report;
  }

  get isOpen(): boolean {
    return this.#isOpen;
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
    this.#topic ??= this.#multiplexer.join(ROOMS_TOPIC, this);
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
    this.#topic?.send(`["${event}",${body},${id}]`);
  }

  forget(membership: Membership): void {
    if (this.#memberships.get(membership.name) === membership) this.#memberships.delete(membership.name);
  }

  report(error: RoomplexError): void {
    this.#report(error);
  }

  opened(): void {
    this.#isOpen = true;
    this.#openedAt = this.#clock.now();
    for (const membership of this.#memberships.values()) membership.connected();
  }

  lost(): void {
    this.#disconnected('the connection was lost');
  }

  /** The server ended the gateway's channel alone. Rooms want it back. */
  ended(): void {
    this.#topic = null;
    if (this.#error !== null) return;
    this.#disconnected('the server ended the channel');
    this.#backoff.lived(this.#clock.now() - this.#openedAt);
    this.#cancelRetry = this.#clock.after(this.#backoff.next().delayMs, () => {
      this.#topic ??= this.#multiplexer.join(ROOMS_TOPIC, this);
    });
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
    const verb = decodeVerb(text);
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
        const diff = readPresenceDiff(first);
        if (diff !== undefined) this.#memberships.get(diff.room)?.presence(diff);
      }
    }
  }

  #refused(body: unknown): void {
    const { id, error } = readRefusal(body);
    if (typeof id === 'number') this.#requests.settle(id, { type: 'refused', error });
    else this.#report(error);
  }

  #disconnected(reason: string): void {
    this.#isOpen = false;
    for (const membership of this.#memberships.values()) membership.disconnected();
    this.#requests.abandon(reason);
  }
}
