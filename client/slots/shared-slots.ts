import type { Clock } from '../clock.ts';
import { randomId } from '../random-id.ts';
import type { Leases } from './leases.ts';
import { SLOT_COUNT, type Slot, type Slots } from './slots.ts';

/** Until a claim counts, so that of several tabs which make one at once all have seen the last. */
const SETTLE_MS = 30;

/** Who has not answered a roll call after so long is dead, or frozen. */
const ANSWER_MS = 1000;

const CALL_EVERY_MS = 10_000;

/** Not all who wait come at once when a slot is free, and those who can be seen come first. */
const JITTER_MS = 100;
const HIDDEN_MS = 500;

/** What the slots of a page need of it. */
export interface SlotsPage {
  readonly clock: Clock;
  readonly random: () => number;
  isAttended(): boolean;
}

/** One line that wants to keep a response open. */
class Asker implements Slot {
  readonly id = randomId();
  readonly isForStream: boolean;
  readonly release: () => void;
  isHeld: boolean | undefined;
  /** The slot whose lease is in its name. */
  slot: number | null = null;
  changed: () => void = () => undefined;
  readonly gone: () => void;

  constructor(isForStream: boolean, gone: () => void, release: (asker: Asker) => void) {
    this.isForStream = isForStream;
    this.gone = gone;
    this.release = () => release(this);
  }

  turn(isHeld: boolean): void {
    if (this.isHeld === isHeld) return;
    this.isHeld = isHeld;
    this.changed();
  }
}

/**
 * The slots of one server, shared with all tabs of the browser by leases in a store that they share. Nobody keeps
 * time: a lease holds until it is given back, taken by somebody who is looked at from somebody who is not, or not
 * confirmed at a roll call, which whoever waits may make. Every holder hears of every change, so two that came
 * upon one slot at the same moment do not stay there. Without a store, whoever is looked at has one.
 */
export class SharedSlots implements Slots {
  readonly #leases: Leases | null;
  readonly #page: SlotsPage;
  readonly #askers = new Set<Asker>();
  #isAboutToClaim = false;
  #isRollCalled = false;

  constructor(leases: Leases | null, page: SlotsPage) {
    this.#leases = leases;
    this.#page = page;
  }

  isAttended(): boolean {
    return this.#page.isAttended();
  }

  ask(isForStream: boolean, changed: () => void, gone: () => void): Slot {
    const asker = new Asker(isForStream, gone, (released) => this.#release(released));
    this.#askers.add(asker);
    this.#claim(asker);
    asker.changed = changed;
    return asker;
  }

  /** Something is different: in the store, or who looks at the page. */
  look(): void {
    for (const asker of this.#askers) this.#confirm(asker);
    if (this.#isAboutToClaim) return;
    this.#isAboutToClaim = true;
    const { clock, random } = this.#page;
    clock.after(random() * JITTER_MS + (this.isAttended() ? 0 : HIDDEN_MS), () => {
      this.#isAboutToClaim = false;
      this.#claimAll();
    });
  }

  /** The page goes away, perhaps for ever: what it has is free. */
  leave(): void {
    for (const asker of this.#askers) {
      asker.gone();
      if (asker.slot !== null) this.#leases?.clear(asker.slot);
      asker.slot = null;
      asker.turn(false);
    }
  }

  #claimAll(): void {
    for (const asker of this.#askers) this.#claim(asker);
  }

  #claim(asker: Asker): void {
    if (asker.slot !== null || !this.#askers.has(asker)) return;
    const slot = this.#leases === null ? null : this.#vacancy(asker);
    if (slot === undefined) {
      asker.turn(false);
      this.#callRoll();
    } else if (slot === null || !this.#write(slot, asker)) {
      asker.turn(this.isAttended());
    } else {
      const before = this.#holderOf(slot);
      asker.slot = slot;
      if (before === undefined) this.#page.clock.after(SETTLE_MS, () => this.#settle(asker, slot));
      else this.#pass(before, asker);
    }
  }

  #settle(asker: Asker, slot: number): void {
    this.#confirm(asker);
    if (asker.slot === slot) asker.turn(true);
    else this.#claim(asker);
  }

  /** Within the page nobody comes between. */
  #pass(from: Asker, to: Asker): void {
    from.slot = null;
    from.turn(false);
    to.turn(true);
  }

  /** A slot that this one may have. */
  #vacancy(asker: Asker): number | undefined {
    const leases = this.#leases;
    if (leases === null) return undefined;
    const now = this.#page.clock.now();
    const { calledAt } = leases;
    const wasHeard = now - calledAt >= ANSWER_MS;
    const free: number[] = [];
    const own: number[] = [];
    const hidden: number[] = [];
    for (let slot = 1; slot <= SLOT_COUNT; slot++) {
      const lease = leases.read(slot);
      if (lease === null || (wasHeard && (lease.at < calledAt || lease.at > now))) free.push(slot);
      else if (asker.isForStream && this.#holderOf(slot)?.isForStream === false) own.push(slot);
      else if (lease.isHidden && this.isAttended()) hidden.push(slot);
    }
    const choice = [free, own, hidden].find(({ length }) => length > 0) ?? [];
    return choice[Math.floor(this.#page.random() * choice.length)];
  }

  #holderOf(slot: number): Asker | undefined {
    for (const asker of this.#askers) if (asker.slot === slot) return asker;
    return undefined;
  }

  /** It may have lost what it had; if not, others are to see that it is there. */
  #confirm(asker: Asker): void {
    const { slot } = asker;
    if (slot === null || this.#leases === null) return;
    const lease = this.#leases.read(slot);
    if (lease?.holder !== asker.id) {
      asker.slot = null;
      asker.turn(false);
    } else if (
      lease.at < this.#leases.calledAt ||
      lease.at > this.#page.clock.now() ||
      lease.isHidden === this.isAttended()
    ) {
      this.#write(slot, asker);
    }
  }

  #write(slot: number, { id }: Asker): boolean {
    const at = Math.max(this.#page.clock.now(), this.#leases?.calledAt ?? 0);
    return this.#leases?.write(slot, { holder: id, isHidden: !this.isAttended(), at }) === true;
  }

  /** Finds out in a while whether those who have slots still live. */
  #callRoll(): void {
    const leases = this.#leases;
    if (leases === null || this.#isRollCalled) return;
    this.#isRollCalled = true;
    const { clock } = this.#page;
    let age = clock.now() - leases.calledAt;
    if (age < 0 || age >= CALL_EVERY_MS) {
      leases.call(clock.now());
      for (const asker of this.#askers) this.#confirm(asker);
      age = 0;
    }
    clock.after((age < ANSWER_MS ? ANSWER_MS : CALL_EVERY_MS) - age, () => {
      this.#isRollCalled = false;
      this.#claimAll();
    });
  }

  #release(asker: Asker): void {
    if (!this.#askers.delete(asker) || asker.slot === null) return;
    const { slot } = asker;
    asker.slot = null;
    const heir = [...this.#askers].find((other) => other.slot === null);
    if (heir === undefined || !this.#write(slot, heir)) {
      this.#leases?.clear(slot);
    } else {
      heir.slot = slot;
      heir.turn(true);
    }
  }
}
