import type { Connection, ConnectionHandler, ConnectionRequest } from '../../connection/connection.ts';
import { newConnectionId } from '../../connection/connection-id.ts';
import { PreparedMessage } from '../../connection/prepared-message.ts';
import { CloseCode } from '../../../protocol/close-codes.ts';
import { encodeFrame } from '../../../protocol/multiplex.ts';
import { isEntrance, type AdmissionRequest, type Entrance, type Gateway } from '../gateway.ts';
import type { Subscription } from './subscription.ts';

/**
 * A topic on a shared connection that is a whole connection of its own, so that any protocol can ride on it.
 * What it sends goes out as `msg,TOPIC,…`; closing it sends `uns,TOPIC`.
 */
export class Channel implements Connection, Subscription {
  readonly id = newConnectionId();
  readonly #carrier: Connection;
  readonly #topic: string;
  readonly #onEnd: () => void;
  #handler: ConnectionHandler | undefined;
  #messageLimit = 0;
  /** What came while the gateway still makes up its mind. */
  #early: string[] | undefined;
  #isOpen = true;

  /** `topic` is escaped. `onEnd` is told when this side closes the channel. */
  constructor(carrier: Connection, topic: string, onEnd: () => void) {
    this.#carrier = carrier;
    this.#topic = topic;
    this.#onEnd = onEnd;
  }

  /** Hands the channel to the gateway that speaks on it. */
  open(gateway: Gateway, request: ConnectionRequest): void {
    this.#messageLimit = gateway.messageLimit ?? 0;
    if ('accept' in gateway) {
      this.#handler = gateway.accept(this, request);
      return;
    }
    this.#early = [];
    const { query, remoteAddress, remotePort, cookie, origin } = request;
    const headers = { ...(cookie !== '' && { cookie }), ...(origin !== undefined && { origin }) };
    const asked: AdmissionRequest = {
      path: `/${gateway.name}`,
      query,
      remoteAddress,
      remotePort,
      cookie,
      origin,
      headers,
      // The server let its carrier in.
      isOriginAllowed: true,
      subprotocols: [],
    };
    void (async () => gateway.admit(asked))().then(
      (admission) =>
        isEntrance(admission) ? this.#enter(admission) : this.close(CloseCode.policy, 'refused'),
      (error: unknown) => this.fail(error),
    );
  }

  #enter(entrance: Entrance): void {
    if (!this.isOpen) return;
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#handler = entrance.accept(this);
    for (const payload of early) this.message(payload);
  }

  get transport(): string {
    return this.#carrier.transport;
  }

  get isOpen(): boolean {
    return this.#isOpen && this.#carrier.isOpen;
  }

  send(text: string): boolean {
    return this.sendPrepared(new PreparedMessage(text));
  }

  sendPrepared(message: PreparedMessage): boolean {
    if (!this.#isOpen) return false;
    return this.#carrier.sendPrepared(message.prefixedWith(`msg,${this.#topic},`));
  }

  whenTaken(then: () => void): void {
    this.#carrier.whenTaken(then);
  }

  close(code: number = CloseCode.normal, reason = ''): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onEnd();
    this.#carrier.send(encodeFrame('uns', this.#topic));
    // Later, since a gateway may close a channel while it is still accepting it.
    queueMicrotask(() => {
      try {
        this.#handler?.closed(code, reason);
      } catch (error) {
        this.fail(error);
      }
    });
  }

  fail(error: unknown): void {
    this.#carrier.fail(error);
  }

  message(payload: string): void {
    if (!this.#isOpen) return;
    const limit = this.#messageLimit;
    if (limit !== 0 && payload.length * 3 > limit && Buffer.byteLength(payload) > limit) {
      this.close(CloseCode.tooBig, 'message too big');
    } else if (this.#early === undefined) {
      this.#handler?.message(payload);
    } else if (this.#early.push(payload) > MOST_EARLY) {
      this.close(CloseCode.policy, 'too much before the answer');
    }
  }

  unsubscribed(): void {
    this.ended(CloseCode.normal, '');
  }

  ended(code: number, reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#handler?.closed(code, reason);
  }
}

/** Messages that may wait for a gateway to let their sender in. */
const MOST_EARLY = 100;
