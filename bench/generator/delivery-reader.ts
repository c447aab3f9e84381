import type { Wire } from '../wires.ts';
import { encodePayload, hasMarks, PAYLOAD_BYTES, publisherOf, sequenceOf } from './payload.ts';

/** Who hears of each message in a frame, in order. */
export interface DeliverySink {
  delivered(publisher: number, sequence: number): void;
}

/**
 * Takes the deliveries to one room out of received frames, without making strings of them.
 */
export class DeliveryReader {
  readonly #wire: Wire;
  readonly #left: string;
  readonly #leftLength: number;
  readonly #openLength: number;
  readonly #rightLength: number;
  readonly #closeLength: number;
  readonly #firstByte: number;

  constructor(wire: Wire, room: string) {
    this.#wire = wire;
    this.#left = wire.left(room);
    this.#leftLength = this.#left.length;
    this.#openLength = wire.open.length;
    this.#rightLength = wire.right.length;
    this.#closeLength = wire.close.length;
    this.#firstByte = `${wire.open}${this.#left}`.charCodeAt(0);
  }

  isDelivery(bytes: Buffer, start: number): boolean {
    return bytes[start] === this.#firstByte;
  }

  /**
   * Hands every message of the frame to `sink`. Returns what is wrong with the frame, if anything: its length,
   * its separators, the marks and the number of messages must fit the wire to the byte.
   */
  read(bytes: Buffer, start: number, end: number, sink: DeliverySink): string | undefined {
    const last = end - this.#closeLength;
    let at = start + this.#openLength;
    for (;;) {
      at += this.#leftLength;
      const next = at + PAYLOAD_BYTES + this.#rightLength;
      if (next > last || !hasMarks(bytes, at)) return 'a frame is not what was published';
      sink.delivered(publisherOf(bytes, at), sequenceOf(bytes, at));
      if (next === last) return undefined;
      if (!this.#wire.many || bytes[next] !== COMMA) return 'a frame holds more than its messages';
      at = next + 1;
    }
  }

  /** The same, and compares every byte: for the warm-up, where the generator's speed does not matter. */
  readStrictly(bytes: Buffer, start: number, end: number, sink: DeliverySink): string | undefined {
    const elements: string[] = [];
    const problem = this.read(bytes, start, end, {
      delivered: (publisher, sequence) => {
        elements.push(`${this.#left}${encodePayload(publisher, sequence)}${this.#wire.right}`);
        sink.delivered(publisher, sequence);
      },
    });
    if (problem !== undefined) return problem;
    const expected = `${this.#wire.open}${elements.join(',')}${this.#wire.close}`;
    return bytes.toString('latin1', start, end) === expected
      ? undefined
      : 'a frame differs from what was published';
  }
}

const COMMA = 44;
