import { Batch } from './batch.ts';
import type { QueuedConnection } from './queued-connection.ts';
import type { PreparedMessage } from './prepared-message.ts';

/** Told of the flushes of a wire, so that what connections write then can leave together. */
export interface FlushGroup {
  begin(): void;
  end(): void;
}

/**
 * One form in which messages leave this server (WebSocket frames, a SockJS array in a WebSocket frame, a
 * SockJS array as text), and the connections that have something to send in it at the end of this tick.
 */
export class Wire<Packed> {
  /** What a connection of this wire is owed when it is owed nothing. */
  readonly empty: Batch<Packed>;
  readonly pack: (messages: readonly PreparedMessage[]) => Packed;
  readonly #group: FlushGroup | undefined;
  #due: QueuedConnection<Packed>[] = [];

  constructor(pack: (messages: readonly PreparedMessage[]) => Packed, group?: FlushGroup) {
    this.pack = pack;
    this.#group = group;
    this.empty = new Batch(this);
  }

  /**
   * Flushes the connection once all sockets that are ready in this turn of the event loop have been read.
   * A microtask would miss what the other sockets of the turn bring, a timer would add delay for nothing.
   */
  schedule(connection: QueuedConnection<Packed>): void {
    if (this.#due.push(connection) === 1) setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    const due = this.#due;
    this.#due = [];
    this.#group?.begin();
    for (const connection of due) connection.flush();
    this.#group?.end();
    this.empty.forget();
  };
}
