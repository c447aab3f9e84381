import { Leases, type SharedStore } from '../slots/leases.ts';
import { SharedSlots } from '../slots/shared-slots.ts';
import type { ManualClock } from './manual-clock.ts';

/** How long what a tab stores is on its way to where its place in the order is decided, and on to the others. */
const WAY_MS = 5;

interface Entry {
  readonly text: string | null;
  /** Its place in the order; `Infinity` while that is not decided. */
  order: number;
}

/** The tabs of one browser, each a process of its own, which sees late what the others store. */
export class Tabs {
  readonly all = new Set<Tab>();
  readonly clock: ManualClock;
  readonly random: () => number;
  #order = 0;

  constructor(clock: ManualClock, random: () => number) {
    this.clock = clock;
    this.random = random;
  }

  open(isAttended = true): Tab {
    const tab = new Tab(this, isAttended);
    this.all.add(tab);
    return tab;
  }

  stored(by: Tab, key: string, entry: Entry): void {
    this.clock.after(WAY_MS, () => {
      entry.order = ++this.#order;
      this.clock.after(WAY_MS, () => {
        for (const tab of this.all) if (tab !== by) tab.sees(key, { ...entry });
      });
    });
  }
}

/** One tab; what it keeps of the store is its own copy. */
export class Tab implements SharedStore {
  readonly slots: SharedSlots;
  readonly #tabs: Tabs;
  readonly #seen: Map<string, Entry>;
  #isAttended: boolean;
  #isDead = false;

  constructor(tabs: Tabs, isAttended: boolean) {
    this.#tabs = tabs;
    this.#isAttended = isAttended;
    const [other] = tabs.all;
    this.#seen = new Map(other === undefined ? [] : other.#seen);
    this.slots = new SharedSlots(new Leases(this, 'http://server'), {
      clock: {
        now: () => tabs.clock.now(),
        after: (ms, ring) => tabs.clock.after(ms, () => this.#isDead || ring()),
      },
      random: tabs.random,
      isAttended: () => this.#isAttended,
    });
  }

  getItem(key: string): string | null {
    return this.#seen.get(key)?.text ?? null;
  }

  setItem(key: string, text: string): void {
    this.#store(key, text);
  }

  removeItem(key: string): void {
    this.#store(key, null);
  }

  sees(key: string, entry: Entry): void {
    if (this.#isDead || entry.order < (this.#seen.get(key)?.order ?? 0)) return;
    this.#seen.set(key, entry);
    this.slots.look();
  }

  /** It is looked at, or not any more. */
  attend(isAttended: boolean): void {
    this.#isAttended = isAttended;
    this.slots.look();
  }

  /** Its process ends, and says nothing. */
  crash(): void {
    this.#isDead = true;
    this.#tabs.all.delete(this);
  }

  #store(key: string, text: string | null): void {
    const entry = { text, order: Infinity };
    this.#seen.set(key, entry);
    this.#tabs.stored(this, key, entry);
  }
}
