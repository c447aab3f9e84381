import type { Connection, ConnectionHandler, ConnectionRequest } from '../../connection/connection.ts';
import { newConnectionId } from '../../connection/connection-id.ts';
import { PreparedMessage } from '../../connection/prepared-message.ts';
import { CloseCode } from '../../../protocol/close-codes.ts';
import { encodeFrame } from '../../../protocol/multiplex.ts';
import type { Gateway } from '../gateway.ts';
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
  #isOpen = true;

  /** `topic` is escaped. `onEnd` is told when this side closes the channel. */
  constructor(carrier: Connection, topic: string, onEnd: () => void) {
    this.#carrier = carrier;
    this.#topic = topic;
    this.#onEnd = onEnd;
  }

  /** Hands the channel to the gateway that speaks on it. */
  open(gateway: Gateway, request: ConnectionRequest): void {
    this.#handler = gateway.accept(this, request);
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

  close(code: number = CloseCode.normal, reason = ''): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onEnd();
    this.#carrier.send(encodeFrame('uns', this.#topic));
    // Later, since a gateway may close a channel while it is still accepting it.
    queueMicrotask(() => this.#handler?.closed(code, reason));
  }

  fail(error: unknown): void {
    this.#carrier.fail(error);
  }

  message(payload: string): void {
    this.#handler?.message(payload);
  }

  ended(code: number, reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#handler?.closed(code, reason);
  }
}
