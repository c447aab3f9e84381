import { CloseCode } from '../../../protocol/close-codes.ts';
import type { Connection, ConnectionHandler } from '../../connection/connection.ts';
import type { PreparedMessage } from '../../connection/prepared-message.ts';
import type { SessionEvent, SessionInfo } from '../../services/controller.ts';
import { faultMessage } from '../../telemetry/fault-text.ts';
import type { Counters } from '../../telemetry/counters.ts';
import { EventQueue } from './event-queue.ts';
import type { Quiet } from './idle-sweep.ts';

/** What the sessions of a service have in common. */
export interface SessionTerms {
  /** Bytes of messages that may wait for the handler; 0 lifts it. */
  readonly queueLimit: number;
  readonly counters: Counters;
  /** The controller's handler. */
  handle(event: SessionEvent): unknown;
  /** The handler failed. */
  onFault(error: unknown, event: SessionEvent['type']): void;
  /** The handler is through with `close`. */
  onEnd(session: ServiceSession): void;
}

/**
 * One connection to a service. Its events come one after the other: `open` first, `close` last, each once, and
 * after a failure of the handler nothing but `error` and `close` (S3 §2, §6).
 */
export class ServiceSession implements ConnectionHandler, Quiet {
  readonly connection: Connection;
  /** Groups it is in. */
  readonly groups = new Set<string>();
  readonly #info: SessionInfo;
  readonly #data: Readonly<Record<string, string>>;
  readonly #terms: SessionTerms;
  readonly #events: EventQueue<EventContent>;
  #hasFailed = false;
  #hasTraffic = true;

  /** `info` and `data` come with every event, as they are. */
  constructor(
    connection: Connection,
    info: SessionInfo,
    data: Readonly<Record<string, string>>,
    terms: SessionTerms,
  ) {
    this.connection = connection;
    this.#info = info;
    this.#data = data;
    this.#terms = terms;
    this.#events = new EventQueue((content) => this.#tell(content), terms.queueLimit);
  }

  open(): void {
    this.#events.push({ type: 'open' });
  }

  message(text: string): void {
    this.#hasTraffic = true;
    if (this.#hasFailed || this.#events.push({ type: 'message', message: text }, text)) return;
    this.#terms.counters.ignore('service', 'queue-full');
    this.connection.close(CloseCode.tryAgainLater, 'too many messages wait');
  }

  binary(): void {
    this.#terms.counters.ignore('service', 'binary');
    this.connection.close(CloseCode.unsupportedData, 'text messages only');
  }

  closed(code: number): void {
    this.#events.push({ type: 'close', closeReason: code });
  }

  send(text: string): void {
    this.#hasTraffic = true;
    this.connection.send(text);
  }

  sendPrepared(message: PreparedMessage): void {
    this.#hasTraffic = true;
    this.connection.sendPrepared(message);
  }

  takeTraffic(): boolean {
    const had = this.#hasTraffic;
    this.#hasTraffic = false;
    return had;
  }

  expire(): void {
    this.#terms.counters.ignore('service', 'idle');
    this.connection.close(CloseCode.goingAway, 'idle timeout');
  }

  #tell(content: EventContent): Promise<void> | undefined {
    // What came before the failure was told of; what follows it is not.
    if (this.#hasFailed && content.type === 'message') return undefined;
    const outcome = this.#call(content, (error) => this.#failed(error, content.type));
    if (content.type !== 'close') return outcome;
    const end = (): void => this.#terms.onEnd(this);
    if (outcome !== undefined) return outcome.then(end);
    end();
    return undefined;
  }

  /** Runs the handler; with a promise when it is not through yet. */
  #call(
    content: EventContent,
    onFault: (error: unknown) => Promise<void> | undefined,
  ): Promise<void> | undefined {
    const { type, ...rest } = content;
    // In the order in which events have always been written (S3 §3).
    const event = { type, session: this.#info, data: this.#data, ...rest } as SessionEvent;
    try {
      const result = this.#terms.handle(event);
      return isThenable(result) ? Promise.resolve(result).then(() => undefined, onFault) : undefined;
    } catch (error) {
      return onFault(error);
    }
  }

  #failed(error: unknown, type: SessionEvent['type']): Promise<void> | undefined {
    this.#terms.onFault(error, type);
    if (type === 'close') return undefined;
    this.#hasFailed = true;
    const text = faultMessage(error) ?? '';
    const told = this.#call({ type: 'error', ...(text !== '' && { error: text }) }, (another) => {
      this.#terms.onFault(another, 'error');
      return undefined;
    });
    const close = (): void => this.connection.close(CloseCode.internalError, 'internal error');
    if (told !== undefined) return told.then(close);
    close();
    return undefined;
  }
}

/** An event without what is the same for all events of a session. */
type EventContent =
  | { readonly type: 'open' }
  | { readonly type: 'message'; readonly message: string }
  | { readonly type: 'error'; readonly error?: string }
  | { readonly type: 'close'; readonly closeReason: number };

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
