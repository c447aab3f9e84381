import type { Slot, Slots } from '../slots/slots.ts';

/** Slots in the test's hands, for one line. */
export class HandSlots implements Slots {
  isHeld: boolean | undefined;
  isLookedAt = true;
  wasReleased = false;
  #changed: () => void = () => undefined;
  #gone: () => void = () => undefined;

  constructor(isHeld: boolean | undefined) {
    this.isHeld = isHeld;
  }

  isAttended(): boolean {
    return this.isLookedAt;
  }

  ask(_isForStream: boolean, changed: () => void, gone: () => void): Slot {
    this.#changed = changed;
    this.#gone = gone;
    const isHeld = (): boolean | undefined => this.isHeld;
    return {
      get isHeld() {
        return isHeld();
      },
      release: () => {
        this.wasReleased = true;
      },
    };
  }

  /** The page goes away. */
  go(): void {
    this.#gone();
  }

  turn(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.#changed();
  }
}
