import type { Clock } from './clock.ts';
import type { MemberKey } from './environment.ts';
import { randomId } from './random-id.ts';

/** As much of the standard `Storage` as is used. */
export interface KeyStorage {
  getItem(name: string): string | null;
  setItem(name: string, text: string): void;
  removeItem(name: string): void;
}

/** One key whose page went away. */
interface KeptKey {
  readonly address: string;
  readonly value: string;
  /** ms since 1970. */
  readonly at: number;
}

interface HeldKey extends MemberKey {
  readonly address: string;
}

const ITEM = 'roomplex member keys';

/** The server waits ten seconds for a member to come back; a page that takes much longer is a new member. */
const KEPT_MS = 30_000;

/**
 * Member keys that outlive a reload. A key is in the tab's storage only while no page has it: from the moment its
 * page goes away until the next page takes it out. So a duplicated tab, which begins with a copy of the storage,
 * finds none, and neither does a second client of the same page.
 */
export class MemberKeys {
  readonly #openStorage: () => KeyStorage;
  readonly #page: EventTarget;
  readonly #clock: Clock;
  /** In the order in which clients were made: the next page takes them in that order. */
  readonly #held = new Set<HeldKey>();
  #isListening = false;

  /** `openStorage` may throw, as in a page that may not keep anything; then every key is a new one. */
  constructor(openStorage: () => KeyStorage, page: EventTarget, clock: Clock) {
    this.#openStorage = openStorage;
    this.#page = page;
    this.#clock = clock;
  }

  /** The key that a client at this address had on the page before, or a new one. */
  hold(url: URL): MemberKey {
    this.#listen();
    const address = url.origin + url.pathname;
    const held: HeldKey = {
      address,
      value: this.#takeOut(address) ?? randomId(),
      release: () => {
        this.#held.delete(held);
      },
    };
    this.#held.add(held);
    return held;
  }

  #takeOut(address: string): string | undefined {
    let taken: KeptKey | undefined;
    this.#revise((keys) => {
      taken = keys.find((key) => key.address === address);
      return keys.filter((key) => key !== taken);
    });
    return taken?.value;
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#page.addEventListener('pagehide', () => {
      const at = this.#clock.now();
      this.#revise((keys) => [
        ...keys,
        ...Array.from(this.#held, ({ address, value }) => ({ address, value, at })),
      ]);
    });
    // A page that the browser had only put aside is back, with its clients.
    this.#page.addEventListener('pageshow', () => {
      const own = new Set(Array.from(this.#held, ({ value }) => value));
      this.#revise((keys) => keys.filter(({ value }) => !own.has(value)));
    });
  }

  #revise(change: (keys: readonly KeptKey[]) => readonly KeptKey[]): void {
    try {
      const storage = this.#openStorage();
      const kept = change(readKeys(storage.getItem(ITEM), this.#clock.now()));
      if (kept.length === 0) storage.removeItem(ITEM);
      else storage.setItem(ITEM, JSON.stringify(kept));
    } catch {
      // Without storage the next page is a new member, and that is all.
    }
  }
}

function readKeys(text: string | null, now: number): KeptKey[] {
  const keys = JSON.parse(text ?? '[]') as KeptKey[];
  return keys.filter(({ at }) => at <= now && now - at <= KEPT_MS);
}
