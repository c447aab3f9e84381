/** What a row of round trips amounts to. Times in milliseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly mean: number;
  /** Mean absolute difference between one round trip and the next. 0 while there are fewer than two. */
  readonly jitter: number;
}

/** Sums up round trips in the order they were made; `null` when there are none. */
export function summarize(roundTrips: Iterable<number>): LatencySummary | null {
  const inOrder = Float64Array.from(roundTrips);
  if (inOrder.length === 0) return null;
  let sum = 0;
  let steps = 0;
  let previous: number | null = null;
  for (const time of inOrder) {
    sum += time;
    if (previous !== null) steps += Math.abs(time - previous);
    previous = time;
  }
  const sorted = inOrder.slice().sort();
  return {
    count: sorted.length,
    min: sorted[0] ?? 0,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    max: sorted[sorted.length - 1] ?? 0,
    mean: sum / sorted.length,
    jitter: sorted.length > 1 ? steps / (sorted.length - 1) : 0,
  };
}

/** The smallest measured value that at least this share of all values does not exceed (nearest rank). */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.ceil(share * sorted.length);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? Number.NaN;
}
