import { HEALTHY_MS } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import type { TransportName } from '../types.ts';
import type { LineEnd } from './line.ts';

/** So many cut connections in a row, and the transport is passed over. */
const CHANCES = 2;

/** Networks change; after this long every transport gets another chance. */
const MEMORY_MS = 600_000;

interface Record {
  count: number;
  at: number;
}

/**
 * Remembers which transports open and then do not last, as behind a proxy that lets a handshake through
 * but not the frames. Without it every new try would make the same choice, for ever.
 */
export class Grudges {
  readonly #clock: Clock;
  readonly #records = new Map<TransportName, Record>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Tells how a line ended that had opened. */
  ended(transport: TransportName, livedMs: number, end: LineEnd): void {
    if (livedMs >= HEALTHY_MS) this.#records.delete(transport);
    else if (!end.isClean) {
      const count = (this.#records.get(transport)?.count ?? 0) + 1;
      this.#records.set(transport, { count, at: this.#clock.now() });
    }
  }

  /** Those worth a try: all of them when none is left. */
  worthTrying(transports: readonly TransportName[]): readonly TransportName[] {
    const now = this.#clock.now();
    const left = transports.filter((transport) => {
      const record = this.#records.get(transport);
      return record === undefined || record.count < CHANCES || now - record.at > MEMORY_MS;
    });
    if (left.length > 0) return left;
    this.forgive();
    return transports;
  }

  /** Forgets everything: the network may be another one. */
  forgive(): void {
    this.#records.clear();
  }
}
