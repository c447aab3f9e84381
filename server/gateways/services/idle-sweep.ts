/** Something that can be quiet. */
export interface Quiet {
  /** True when something passed since it was last asked. */
  takeTraffic(): boolean;
  /** It was quiet for too long. */
  expire(): void;
}

/**
 * One timer that ends what was quiet for too long: it looks at everybody several times in that span, so nobody
 * is told more than a fifth late.
 */
export class IdleSweep {
  readonly #periodMs: number;
  /** Who is watched, and for how many looks it was quiet. */
  readonly #quiet = new Map<Quiet, number>();
  #timer: NodeJS.Timeout | undefined;

  /** `idleMs`: how long something may be quiet; 0 = for ever. */
  constructor(idleMs: number) {
    this.#periodMs = idleMs / LOOKS;
  }

  add(member: Quiet): void {
    if (this.#periodMs === 0) return;
    this.#quiet.set(member, 0);
    this.#timer ??= setInterval(this.#look, Math.min(this.#periodMs, LONGEST_TIMER_MS)).unref();
  }

  remove(member: Quiet): void {
    if (!this.#quiet.delete(member) || this.#quiet.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  readonly #look = (): void => {
    for (const [member, looks] of this.#quiet) {
      if (member.takeTraffic()) {
        this.#quiet.set(member, 0);
      } else if (looks < LOOKS) {
        this.#quiet.set(member, looks + 1);
      } else {
        this.#quiet.delete(member);
        member.expire();
      }
    }
  };
}

const LOOKS = 5;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
