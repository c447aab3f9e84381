const RUNGS = [2048, 16_384, 122_880];

/** On a way so long the first tells too little for its time, ms. */
const LONG_MS = 500;

/** What would take longer is not tried, ms. */
const BUDGET_MS = 4000;

/** What is thought of a way of which nothing is known, bytes a millisecond. */
const LEAST_RATE = 4;

/** What is lost without a word costs patience each time: after that the limit is known well enough, ms. */
const SEARCH_MS = 5000;

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

/** Tries one size; `expectedMs`: what it may take, beside a round trip, by what the smaller ones took. */
export type TrySize = (bytes: number, expectedMs: number) => Promise<Attempt>;

/**
 * Tries larger and larger sizes, and where one does not pass twice, finds the limit between it and the last. An
 * attempt that takes `roundTripMs` cannot be quicker.
 */
export async function climb(roundTripMs: number, attempt: TrySize): Promise<SizeFacts> {
  let passedBytes = 0;
  let bytesPerSecond: number | null = null;
  let msPerByte = 1 / LEAST_RATE;
  const tryOne = (bytes: number): Promise<Attempt> => attempt(bytes, bytes * msPerByte);
  for (const bytes of roundTripMs > LONG_MS ? RUNGS.slice(1) : RUNGS) {
    if (passedBytes > 0 && bytes * msPerByte > BUDGET_MS)
      return { passedBytes, refusedBytes: null, status: null, isCutShort: true, bytesPerSecond };
    const first = await tryOne(bytes);
    const { ms, passes, status } = first.passes ? first : await tryOne(bytes);
    if (!passes) {
      const limits = await bisect(tryOne, passedBytes, { refusedBytes: bytes, status });
      return { ...limits, isCutShort: false, bytesPerSecond };
    }
    passedBytes = bytes;
    const carryingMs = Math.max(1, ms - roundTripMs);
    // What stalled says nothing of the way.
    msPerByte = Math.min(msPerByte, carryingMs / bytes);
    const rate = Math.round((bytes * 1000) / carryingMs);
    // What stalls makes one rate small; what is narrow makes all of them small.
    const isTelling = carryingMs > Math.max(TELLING_MS, roundTripMs);
    bytesPerSecond = isTelling ? Math.max(rate, bytesPerSecond ?? 0) : null;
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
  let spentMs = 0;
  while (refusedBytes - passedBytes > Math.max(64, passedBytes / PRECISION) && spentMs < SEARCH_MS) {
    const bytes = Math.floor((passedBytes + refusedBytes) / 2);
    const tried = await attempt(bytes);
    spentMs += tried.ms;
    if (tried.passes) passedBytes = bytes;
    else {
      refusedBytes = bytes;
      ({ status } = tried);
    }
  }
  return { passedBytes, refusedBytes, status };
}
