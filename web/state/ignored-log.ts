import type { IgnoredCount } from '../../protocol/overview.ts';

/** Why a place turned input away, and how often. */
export interface IgnoredReason {
  /** In plain words: `bad request`. */
  readonly reason: string;
  readonly count: number;
  /** When the count was last seen to grow, ms since 1970; `null` when it has not since the page was opened. */
  readonly grewAt: number | null;
}

/** What one place turned away, the most frequent reason first. */
export interface IgnoredPlace {
  readonly place: string;
  readonly total: number;
  readonly reasons: readonly IgnoredReason[];
}

/** What the server dropped or refused, and which of it is still going on. */
export class IgnoredLog {
  #counts = new Map<string, IgnoredCount & { readonly grewAt: number | null }>();
  #hasRead = false;

  /** Takes in the counts of now. A count that shrinks means the server began anew, so its past is forgotten. */
  read(counts: readonly IgnoredCount[], at: number): void {
    const before = this.#counts;
    this.#counts = new Map();
    for (const entry of counts) {
      const key = `${entry.place} ${entry.reason}`;
      const known = before.get(key);
      const grew = this.#hasRead && entry.count > (known?.count ?? 0);
      const hasRestarted = known !== undefined && entry.count < known.count;
      const grewAt = grew ? at : hasRestarted ? null : (known?.grewAt ?? null);
      this.#counts.set(key, { ...entry, grewAt });
    }
    this.#hasRead = true;
  }

  /** The place with most of it first. */
  get places(): readonly IgnoredPlace[] {
    const places = new Map<string, IgnoredReason[]>();
    for (const { place, reason, count, grewAt } of this.#counts.values()) {
      if (count === 0) continue;
      const reasons = places.get(place) ?? [];
      places.set(place, reasons);
      reasons.push({ reason: reason.replaceAll('-', ' '), count, grewAt });
    }
    return [...places]
      .map(([place, reasons]) => ({
        place,
        total: reasons.reduce((sum, { count }) => sum + count, 0),
        reasons: reasons.sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason)),
      }))
      .sort((a, b) => b.total - a.total || a.place.localeCompare(b.place));
  }
}
