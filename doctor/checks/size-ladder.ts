const RUNGS = [1024, 4096, 16_384, 65_536, 122_880];

/** After that no larger one is tried, ms: on a narrow or long way it would take too long. */
const BUDGET_MS = 2500;

/** The limit is known well enough when it lies in so small a part of itself. */
const PRECISION = 16;

export type SizeFacts = {
  /** The largest that passes, of those that were tried. */
  readonly passedBytes: number;
  /** The smallest that does not; `null`: all pass. */
  readonly refusedBytes: number | null;
  /** What the answer to that was, where there was one. */
  readonly status: number | null;
  /** Larger ones were not tried: they would have taken long. */
  readonly isCutShort: boolean;
  /** What the way carries, as far as the largest shows; `null`: it passed too quickly to tell. */
  readonly bytesPerSecond: number | null;
};

/** What became of one size. */
export interface Attempt {
  readonly passes: boolean;
  readonly ms: number;
  readonly status: number | null;
}

/** What took less than that, less a round trip, says nothing about how much the way carries, ms. */
const TELLING_MS = 250;

/**
 * Tries larger and larger sizes, and where one does not pass, finds the limit between it and the last. An attempt
 * that takes `roundTripMs` cannot be quicker.
 */
export async function climb(
  roundTripMs: number,
  attempt: (bytes: number) => Promise<Attempt>,
): Promise<SizeFacts> {
  let passedBytes = 0;
  let bytesPerSecond: number | null = null;
  let spentMs = 0;
  for (const bytes of RUNGS) {
    if (spentMs > BUDGET_MS)
      return { passedBytes, refusedBytes: null, status: null, isCutShort: true, bytesPerSecond };
    const { ms, passes, status } = await attempt(bytes);
    if (!passes) {
      const limits = await bisect(attempt, passedBytes, { refusedBytes: bytes, status });
      return { ...limits, isCutShort: false, bytesPerSecond };
    }
    passedBytes = bytes;
    spentMs += ms;
    const carryingMs = ms - roundTripMs;
    const rate = Math.round((bytes * 1000) / Math.max(1, carryingMs));
    // What stalls makes one rate small; what is narrow makes all of them small.
    bytesPerSecond = carryingMs > TELLING_MS ? Math.max(rate, bytesPerSecond ?? 0) : null;
  }
  return { passedBytes, refusedBytes: null, status: null, isCutShort: false, bytesPerSecond };
}

type Refused = Pick<SizeFacts, 'passedBytes' | 'refusedBytes' | 'status'>;

async function bisect(
  attempt: (bytes: number) => Promise<Attempt>,
  passed: number,
  refused: { readonly refusedBytes: number; readonly status: number | null },
): Promise<Refused> {
  let passedBytes = passed;
  let { refusedBytes, status } = refused;
  while (refusedBytes - passedBytes > Math.max(64, passedBytes / PRECISION)) {
    const bytes = Math.floor((passedBytes + refusedBytes) / 2);
    const tried = await attempt(bytes);
    if (tried.passes) passedBytes = bytes;
    else {
      refusedBytes = bytes;
      ({ status } = tried);
    }
  }
  return { passedBytes, refusedBytes, status };
}
