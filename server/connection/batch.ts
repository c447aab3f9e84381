import type { PreparedMessage } from './prepared-message.ts';
import type { Wire } from './wire.ts';

/**
 * What a connection is owed: an immutable list of messages that grows at its end.
 *
 * Connections that are owed the same messages hold the same batch. A room hands one message to all its
 * members in a row, and members at the same batch step on to the same next one, found by a pointer compare;
 * so a thousand members cost one batch, and its bytes are packed once and shared by all of them.
 */
export class Batch<Packed> {
  /** Sum over the messages, UTF-8, without framing. */
  readonly bytes: number;
  readonly isEmpty: boolean;
  readonly #wire: Wire<Packed>;
  readonly #parent: Batch<Packed> | undefined;
  readonly #message: PreparedMessage | undefined;
  #lastMessage: PreparedMessage | undefined;
  #lastNext: Batch<Packed> | undefined;
  #packed: Packed | undefined;

  constructor(wire: Wire<Packed>, parent?: Batch<Packed>, message?: PreparedMessage) {
    this.#wire = wire;
    this.#parent = parent;
    this.#message = message;
    this.isEmpty = message === undefined;
    this.bytes = (parent?.bytes ?? 0) + (message?.bytes ?? 0);
  }

  /** This batch and one message more. */
  with(message: PreparedMessage): Batch<Packed> {
    if (this.#lastMessage === message && this.#lastNext !== undefined) return this.#lastNext;
    this.#lastMessage = message;
    return (this.#lastNext = new Batch(this.#wire, this, message));
  }

  /** The bytes of the whole list in its wire's form, made at most once. */
  packed(): Packed {
    return (this.#packed ??= this.#wire.pack(this.messages()));
  }

  /** Oldest first. */
  messages(): PreparedMessage[] {
    const messages: PreparedMessage[] = [];
    for (let batch: Batch<Packed> | undefined = this; batch !== undefined; batch = batch.#parent) {
      if (batch.#message !== undefined) messages.push(batch.#message);
    }
    return messages.reverse();
  }

  /** Lets go of the batch that followed last. */
  forget(): void {
    this.#lastMessage = undefined;
    this.#lastNext = undefined;
  }
}
