import { describe, expect, it } from 'vitest';
import { MemberKeys, type KeyStorage } from './member-keys.ts';
import { ManualClock } from './test/manual-clock.ts';

const URL_A = new URL('http://host/a/multiplex?token=secret');
const URL_B = new URL('http://host/b/multiplex');

/** The storage of one tab, which a duplicated tab begins with a copy of. */
class TabStorage implements KeyStorage {
  readonly items: Map<string, string>;

  constructor(items: Iterable<[string, string]> = []) {
    this.items = new Map(items);
  }

  getItem(name: string): string | null {
    return this.items.get(name) ?? null;
  }

  setItem(name: string, text: string): void {
    this.items.set(name, text);
  }

  removeItem(name: string): void {
    this.items.delete(name);
  }
}

const clock = new ManualClock();

interface Page {
  readonly keys: MemberKeys;
  hide(): void;
  show(): void;
}

function open(storage: KeyStorage): Page {
  const page = new EventTarget();
  return {
    keys: new MemberKeys(() => storage, page, clock),
    hide: () => page.dispatchEvent(new Event('pagehide')),
    show: () => page.dispatchEvent(new Event('pageshow')),
  };
}

describe('MemberKeys', () => {
  it('gives every client of a page a key of its own that nobody can guess', () => {
    const { keys } = open(new TabStorage());
    const values = Array.from({ length: 100 }, () => keys.hold(URL_A).value);
    expect(new Set(values).size).toBe(100);
    for (const value of values) expect(value).toMatch(/^[\w-]{24}$/);
  });

  it('gives the same keys in the same order after a reload, to each address its own', () => {
    const storage = new TabStorage();
    const before = open(storage);
    const values = [URL_A, URL_B, URL_A].map((url) => before.keys.hold(url).value);
    before.hide();
    const { keys } = open(storage);
    const after = [URL_B, URL_A, URL_A, URL_A].map((url) => keys.hold(url).value);
    expect(after.slice(0, 3)).toEqual([values[1], values[0], values[2]]);
    expect(values).not.toContain(after[3]);
  });

  it('keeps nothing in the storage while a page lives, so a duplicated tab is somebody else', () => {
    const storage = new TabStorage();
    const first = open(storage);
    const { value } = first.keys.hold(URL_A);
    first.hide();
    const second = open(storage);
    expect(second.keys.hold(URL_A).value).toBe(value);
    expect(storage.items.size).toBe(0);
    const duplicate = open(new TabStorage(storage.items));
    expect(duplicate.keys.hold(URL_A).value).not.toBe(value);
  });

  it('takes its keys back when the browser had only put the page aside', () => {
    const storage = new TabStorage();
    const page = open(storage);
    const { value } = page.keys.hold(URL_A);
    page.hide();
    page.show();
    expect(storage.items.size).toBe(0);
    expect(open(storage).keys.hold(URL_A).value).not.toBe(value);
    page.hide();
    expect(open(storage).keys.hold(URL_A).value).toBe(value);
  });

  it('leaves alone what other pages of the tab have put there, as frames do', () => {
    const storage = new TabStorage();
    const [one, other] = [open(storage), open(storage)];
    const values = [one.keys.hold(URL_A).value, other.keys.hold(URL_A).value];
    one.hide();
    other.hide();
    const reloaded = [open(storage).keys.hold(URL_A).value, open(storage).keys.hold(URL_A).value];
    expect(reloaded).toEqual(values);
  });

  it('forgets the key of a client that is closed', () => {
    const storage = new TabStorage();
    const page = open(storage);
    page.keys.hold(URL_A).release();
    page.hide();
    expect(storage.items.size).toBe(0);
  });

  it('forgets a page that does not come back in half a minute', () => {
    const storage = new TabStorage();
    const page = open(storage);
    const { value } = page.keys.hold(URL_A);
    page.hide();
    clock.advance(30_001);
    expect(open(storage).keys.hold(URL_A).value).not.toBe(value);
    expect(storage.items.size).toBe(0);
  });

  it('writes no token down', () => {
    const storage = new TabStorage();
    const page = open(storage);
    page.keys.hold(URL_A);
    page.hide();
    expect([...storage.items.values()].join()).not.toContain('secret');
  });

  it('does without a storage, and with one that holds nonsense', () => {
    const page = new EventTarget();
    const forbidden = new MemberKeys(
      () => {
        throw new Error('SecurityError');
      },
      page,
      clock,
    );
    expect(forbidden.hold(URL_A).value).toHaveLength(24);
    page.dispatchEvent(new Event('pagehide'));
    for (const nonsense of ['{', '5', '[5, null, {}]', '[{"address":"http://host/b/multiplex","at":1}]']) {
      const storage = new TabStorage([['roomplex member keys', nonsense]]);
      expect(open(storage).keys.hold(URL_B).value).toHaveLength(24);
    }
  });
});
