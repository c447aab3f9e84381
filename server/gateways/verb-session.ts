import { nestsDeeperThan } from '../../protocol/json-depth.ts';
import {
  asAckId,
  decodeVerb,
  encodeVerb,
  type AckId,
  type Refusal,
  type RefusalCode,
} from '../../protocol/rooms.ts';
import type { Connection, ConnectionHandler } from '../connection/connection.ts';
import { ConflictError, HubError } from '../hub/errors.ts';
import type { Counters } from '../telemetry/counters.ts';

/** One verb of a protocol: how many arguments it takes before the id, and what it does. */
export interface VerbHandler<Session> {
  readonly arity: 1 | 2;
  /** May refuse by throwing a {@link HubError}. A promise is awaited for its refusal only. */
  run(session: Session, args: readonly unknown[], id: AckId | undefined): Promise<void> | undefined | void;
}

/**
 * The part that all S1 namespaces share: arrays in, `ACK` for those who ask, `ERROR` for what is refused,
 * never a disconnect (S1 §2.2).
 */
export abstract class VerbSession implements ConnectionHandler {
  protected readonly connection: Connection;
  readonly #gateway: string;
  readonly #counters: Counters;

  protected constructor(connection: Connection, gateway: string, counters: Counters) {
    this.connection = connection;
    this.#gateway = gateway;
    this.#counters = counters;
  }

  abstract closed(code: number, reason: string): void;
  protected abstract handlerFor(event: string): VerbHandler<this> | undefined;

  message(text: string): void {
    const verb = decodeVerb(text);
    if (verb === undefined) {
      this.refuse('', undefined, 'bad-request', 'expected a JSON array that starts with an event name');
      return;
    }
    const { event, args } = verb;
    const handler = this.handlerFor(event);
    if (handler === undefined) {
      this.refuse(event.slice(0, 64), asAckId(args[1]), 'unknown-event', 'this namespace has no such event');
      return;
    }
    const id = asAckId(args[handler.arity]);
    try {
      handler.run(this, args, id)?.catch((error: unknown) => this.#fail(event, id, error));
    } catch (error) {
      this.#fail(event, id, error);
    }
  }

  protected emit(event: string, ...args: readonly unknown[]): void {
    this.connection.send(encodeVerb(event, ...args));
  }

  /** Answers `["ACK",id]` or `["ACK",id,body]`, if an answer was asked for. */
  protected ack(id: AckId | undefined, body?: unknown): void {
    if (id === undefined) return;
    if (body === undefined) this.emit('ACK', id);
    else this.emit('ACK', id, body);
  }

  protected refuse(
    event: string,
    id: AckId | undefined,
    code: RefusalCode,
    reason: string,
    details: Pick<Refusal, 'epoch' | 'conflicts'> = {},
  ): void {
    // Who meets a conflict did everything right.
    if (code !== 'conflict') this.#counters.ignore(this.#gateway, code);
    const refusal: Refusal = id === undefined ? { event, code, reason } : { event, id, code, reason };
    this.emit('ERROR', { ...refusal, ...details });
  }

  #fail(event: string, id: AckId | undefined, error: unknown): void {
    if (error instanceof ConflictError) {
      const { code, message, epoch, conflicts } = error;
      this.refuse(event, id, code, message, { ...(epoch !== undefined && { epoch }), conflicts });
    } else if (error instanceof HubError) this.refuse(event, id, error.code, error.message);
    else this.connection.fail(error);
  }
}

/**
 * The argument of a verb as an object: sent as one, or as a string with JSON in it (S1 §2.2, "the trap").
 *
 * @throws HubError `bad-request` for anything else.
 */
export function asObject(argument: unknown): Record<string, unknown> {
  let value = argument;
  if (typeof value === 'string') {
    if (nestsDeeperThan(value)) throw new HubError('bad-request', 'the argument nests too deep');
    try {
      value = JSON.parse(value);
    } catch {
      throw new HubError('bad-request', 'the argument is a string, but not JSON');
    }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HubError('bad-request', 'the argument must be an object');
  }
  return value as Record<string, unknown>;
}

/**
 * A name as the wire must give it.
 *
 * @throws HubError `bad-request` when it is missing, empty or no string.
 */
export function asName(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') {
    throw new HubError('bad-request', `${what} must be a string that is not empty`);
  }
  return value;
}
