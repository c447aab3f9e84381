import type { Limits } from '../limits.ts';

/** How much history a room keeps; 0 lifts a limit. */
export type Retention = Pick<Limits, 'history' | 'historyBytes' | 'historySeconds'>;

/** What is known of one publication without reading it whole. Both grow from one to the next. */
export interface Mark {
  /** ms since 1970. */
  readonly at: number;
  /** Bytes of all publications of the stream up to and with this one. */
  readonly total: number;
}

/** A stretch of a stream: offsets `first` to `last`, none when `last` is less. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
  mark(offset: number): Mark;
}

/** Offset of the oldest publication that is within all limits now; one more than the newest when none is. */
export function firstKept(stretch: Stretch, retention: Retention, now: number): number {
  const { last } = stretch;
  const { history, historyBytes, historySeconds } = retention;
  let low = history === 0 ? stretch.first : Math.max(stretch.first, last - history + 1);
  if (low > last || (historyBytes === 0 && historySeconds === 0)) return low;
  const newest = stretch.mark(last).total;
  const isKept = (offset: number): boolean => {
    const { at, total } = stretch.mark(offset);
    if (historySeconds !== 0 && at < now - historySeconds * 1000) return false;
    // The newest is kept whatever its size: what comes in is limited elsewhere.
    return historyBytes === 0 || offset === last || newest - total < historyBytes;
  };
  if (isKept(low)) return low;
  // The first is not kept, and what is kept reaches to the end: search for where it begins.
  let high = last + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isKept(middle)) high = middle;
    else low = middle;
  }
  return high;
}
