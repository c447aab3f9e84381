import type { Member } from './member.ts';
import { encodePayload, PROBE } from './payload.ts';
import type { Traffic } from './traffic.ts';

/** Messages of one publisher that may be under way at once. */
const UNDERWAY = 256;

/** One room as the generator knows it: who is in it, what was published, and who still waits for what. */
export class Room {
  readonly name: string;
  readonly publishers: number;
  readonly members: Member[] = [];
  readonly #traffic: Traffic;
  readonly #published: Int32Array;
  /** By publisher and sequence number: members that still lack the message. */
  readonly #missing: Int32Array;
  readonly #sentAt: Float64Array;
  #confirmed = 0;
  #onConfirmed: (() => void) | undefined;

  constructor(name: string, publishers: number, traffic: Traffic) {
    this.name = name;
    this.publishers = publishers;
    this.#traffic = traffic;
    this.#published = new Int32Array(publishers);
    this.#missing = new Int32Array(publishers * UNDERWAY);
    this.#sentAt = new Float64Array(publishers * UNDERWAY);
  }

  /** Lets a publisher say its next message. The publishers are spread over the members. */
  publish(publisher: number): void {
    const sequence = this.#published[publisher] ?? 0;
    this.#published[publisher] = sequence + 1;
    const slot = publisher * UNDERWAY + (sequence % UNDERWAY);
    if (this.#missing[slot] !== 0) return this.#traffic.fail('the server has fallen too far behind');
    this.#missing[slot] = this.members.length;
    if (this.#traffic.latencies !== undefined) this.#sentAt[slot] = performance.now();
    this.#traffic.underway++;
    this.#speaker(publisher).publish(encodePayload(publisher, sequence));
  }

  /** Books a delivery to one of the members. */
  delivered(publisher: number, sequence: number): void {
    const slot = publisher * UNDERWAY + (sequence % UNDERWAY);
    const missing = (this.#missing[slot] ?? 0) - 1;
    this.#missing[slot] = missing;
    this.#traffic.delivered++;
    this.#traffic.latencies?.push(performance.now() - (this.#sentAt[slot] ?? 0));
    if (missing === 0) this.#traffic.completed(this, publisher);
  }

  /** Publishes a message that asks who is there, until every member has heard one. */
  async confirmMembers(): Promise<void> {
    for (let attempt = 0; attempt < PROBE_ATTEMPTS && this.#confirmed < this.members.length; attempt++) {
      this.#speaker(0).publish(encodePayload(PROBE, attempt));
      await this.#traffic.orFailure(this.#allConfirmed(PROBE_WAIT_MS));
    }
    const silent = this.members.length - this.#confirmed;
    if (silent > 0) this.#traffic.fail(`${silent} members of ${this.name} hear nothing`);
  }

  confirmed(): void {
    this.#confirmed++;
    if (this.#confirmed === this.members.length) this.#onConfirmed?.();
  }

  /** Every member has all that was published, and saw it in the same order. */
  check(): void {
    const order = this.members[0]?.receipts.order;
    for (const { receipts } of this.members) {
      if (receipts.order !== order) this.#traffic.fail(`members of ${this.name} saw different orders`);
      for (let publisher = 0; publisher < this.publishers; publisher++) {
        const lost = (this.#published[publisher] ?? 0) - receipts.count(publisher);
        if (lost !== 0)
          this.#traffic.fail(`lost: ${lost} messages of publisher ${publisher} in ${this.name}`);
      }
    }
  }

  #speaker(publisher: number): Member {
    const member = this.members[Math.floor((publisher * this.members.length) / this.publishers)];
    if (member === undefined) throw new Error(`no member for publisher ${publisher}`);
    return member;
  }

  #allConfirmed(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#onConfirmed = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#confirmed === this.members.length) this.#onConfirmed();
    });
  }
}

const PROBE_ATTEMPTS = 20;
const PROBE_WAIT_MS = 250;
