/** Something that has to be looked at once in a heartbeat. */
export interface Beating {
  beat(): void;
}

/**
 * One timer for all heartbeats: members are spread over as many slots as the heartbeat has ticks, and each
 * tick visits one slot, so ten thousand connections never beat at once.
 */
export class HeartbeatWheel {
  /** How many beats in a row a member may leave unanswered; then it counts as gone. */
  readonly patience: number;
  readonly #slots: Set<Beating>[];
  readonly #tickMs: number;
  #timer: NodeJS.Timeout | undefined;
  #members = 0;
  #now = 0;

  /** `heartbeatMs`: time between two beats of one member; 0 = never. */
  constructor(heartbeatMs: number, patience = 1) {
    this.patience = patience;
    const ticks = Math.max(1, Math.min(SLOTS, Math.floor(heartbeatMs / MIN_TICK_MS)));
    this.#slots = Array.from({ length: ticks }, () => new Set());
    this.#tickMs = heartbeatMs === 0 ? 2 ** 31 - 1 : heartbeatMs / ticks;
  }

  /** The first beat comes a whole heartbeat from now. Returns the slot, which {@link remove} wants back. */
  add(member: Beating): number {
    this.#slots[this.#now]?.add(member);
    this.#members++;
    this.#timer ??= setInterval(this.#tick, this.#tickMs).unref();
    return this.#now;
  }

  remove(member: Beating, slot: number): void {
    if (this.#slots[slot]?.delete(member) !== true) return;
    if (--this.#members === 0) this.stop();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  readonly #tick = (): void => {
    this.#now = (this.#now + 1) % this.#slots.length;
    for (const member of this.#slots[this.#now] ?? []) member.beat();
  };
}

const SLOTS = 32;
const MIN_TICK_MS = 50;
