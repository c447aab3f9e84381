import { StoredText } from './stored-text.ts';

const IDS_KEPT = 100;

const kept = new StoredText('session', 'chat.own-members');

/**
 * The member ids this tab has had: one changes with a new client, and what was said under the old one is the user's
 * own all the same. Other tabs are other people, for whoever talks to themselves to see how it works.
 */
export class OwnMembers {
  readonly #ids = new Set(parseIds(kept.get()));

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    if (this.#ids.has(id)) return;
    this.#ids.add(id);
    for (const oldest of this.#ids) {
      if (this.#ids.size <= IDS_KEPT) break;
      this.#ids.delete(oldest);
    }
    kept.set([...this.#ids].join(' '));
  }
}

function parseIds(text: string | null): string[] {
  return text === null ? [] : text.split(' ');
}
