import { kibibytes, seconds } from '../amounts.ts';
import { type CheckSpec, defineCheck, type Outcome, skipped } from '../check-spec.ts';
import { median } from '../median.ts';
import type { Path } from '../path.ts';
import { readStampedStream, type StampedStream, type StreamWish } from '../stamped-stream.ts';

const CHUNKS = 11;
const EVERY_MS = 250;
const BYTES = 128;

/** A lag below it is nobody's doing, ms. */
const LAG_MS = 90;

/** Beginnings that proxies are known to hold back are as large as one of these, at most. */
const PADDINGS = [4096, 16_384, 32_768, 65_536, 131_072];
const PADDED_CHUNKS = 5;

export type StreamFacts = {
  readonly status: number | null;
  readonly isCompressed: boolean;
  readonly chunks: number;
  readonly expected: number;
  /**
   * `passes`: each chunk comes when it was sent; `lags`: each comes late, by about the same; `collected`: they come
   * together, late; `lumps`: some together, now and then; `cut`: the stream ended too early; `silent`: nothing came in time; `refused`.
   */
  readonly course: 'passes' | 'lags' | 'collected' | 'lumps' | 'cut' | 'silent' | 'refused';
  /** How much later than ordinary answers chunks come: the median. */
  readonly lagMs: number | null;
  /** How long it lasted. */
  readonly ms: number;
  /** Of what is `collected`: after so many bytes the rest passes; `null`: nothing helps, or not tried. */
  readonly heldBytes: number | null;
};

type StreamCheckId = 'stream-text' | 'stream-events';

function streamCheck<Id extends StreamCheckId>(id: Id, title: string, as: StreamWish['as']): CheckSpec<Id> {
  const run: CheckSpec<StreamCheckId>['run'] = async (path): Promise<Outcome<StreamFacts>> => {
    if (path.known.mirror?.isQueryKept === false)
      return skipped('Queries do not arrive: none can be asked for.');
    if (path.known.mirror === undefined && path.known.post === undefined)
      return skipped('The server has no stream to look at.');
    const wish: StreamWish = { as, chunks: CHUNKS, every: EVERY_MS, bytes: BYTES };
    const stream = await readStampedStream(path, wish, path.pace.patience(CHUNKS * EVERY_MS + 1500, 4));
    if (stream.status === 404) return skipped('The server has no stream to look at.');
    const judged = judge(path, stream);
    // More streams of the kind are looked at then, so that it needs no second try.
    const isCertain = judged.course === 'collected';
    const heldBytes = isCertain ? await findHeld(path, as) : null;
    const facts: StreamFacts = { ...judged, heldBytes };
    return { status: facts.course === 'passes' ? 'pass' : 'fail', detail: describe(facts), facts, isCertain };
  };
  return defineCheck<Id>({ id, title, run });
}

export const streamText = streamCheck('stream-text', 'Streams arrive bit by bit', 'text');
export const streamEvents = streamCheck('stream-events', 'Event streams arrive bit by bit', 'events');

function judge(path: Path, stream: StampedStream): Omit<StreamFacts, 'heldBytes'> {
  const { chunks, ending, isCompressed, status } = stream;
  const ms = Math.round(stream.ms);
  const expected = CHUNKS;
  const base = { status, isCompressed, chunks: chunks.length, expected, ms };
  if (status !== null && status !== 200) return { ...base, course: 'refused', lagMs: null };
  if (chunks.length === 0) {
    const isRefused = ending === 'short' && ms < EVERY_MS + path.pace.patience(500, 2);
    return { ...base, course: ending === 'silent' ? 'silent' : isRefused ? 'refused' : 'cut', lagMs: null };
  }
  if (areCollected(stream)) return { ...base, course: 'collected', lagMs: lagOf(path, stream) };
  if (areLumped(path, stream)) return { ...base, course: 'lumps', lagMs: lagOf(path, stream) };
  if (ending !== 'complete') return { ...base, course: ending === 'silent' ? 'silent' : 'cut', lagMs: null };
  const lagMs = lagOf(path, stream);
  // How the way there and the way back share the round trip nobody knows.
  const tolerable = LAG_MS + path.pace.plainMs / 2;
  return { ...base, course: lagMs !== null && lagMs > tolerable ? 'lags' : 'passes', lagMs };
}

/** They were let go of one by one, and came together. */
function areCollected({ chunks }: StampedStream): boolean {
  const [first] = chunks;
  const last = chunks.at(-1);
  if (first === undefined || last === undefined || chunks.length < 3) return false;
  const sentMs = last.at - first.at;
  if (sentMs < EVERY_MS) return false;
  // A stall holds back what is sent while it lasts; a collector nearly everything.
  return last.arrivedAt - first.arrivedAt < sentMs * 0.35;
}

/** Nearly all came in company of others, several times. */
function areLumped(path: Path, { chunks }: StampedStream): boolean {
  // Where answers stall now and then, what comes behind them stalls as well.
  if (path.pace.jitterMs > EVERY_MS) return false;
  const lumps: number[] = [];
  let before = -Infinity;
  for (const { arrivedAt } of chunks) {
    if (arrivedAt - before < EVERY_MS / 5) lumps.push((lumps.pop() ?? 0) + 1);
    else lumps.push(1);
    before = arrivedAt;
  }
  const alone = lumps.filter((count) => count === 1).length;
  return lumps.length > 1 && alone <= 2 && chunks.length / lumps.length >= 2;
}

/** Against ordinary answers, whose stamps tell how the clocks stand to each other. */
function lagOf(path: Path, { chunks }: StampedStream): number | null {
  const offset = path.known.clock?.serverOffsetMs;
  if (offset === undefined) return null;
  const oneWay = path.pace.shortestMs / 2;
  const lag = median(chunks.map(({ arrivedAt, at }) => arrivedAt + offset - at - oneWay));
  return lag === null ? null : Math.max(0, Math.round(lag));
}

/** The smallest padding behind which chunks pass; all are tried at once. */
async function findHeld(path: Path, as: StreamWish['as']): Promise<number | null> {
  const wish = { as, chunks: PADDED_CHUNKS, every: EVERY_MS, bytes: BYTES };
  const patienceMs = path.pace.patience(PADDED_CHUNKS * EVERY_MS + 3000, 4);
  const passes = await Promise.all(
    PADDINGS.map(async (padding) => {
      const stream = await readStampedStream(path, { ...wish, padding }, patienceMs);
      return stream.ending === 'complete' && stream.status === 200 && !areCollected(stream);
    }),
  );
  return PADDINGS.find((_, i) => passes.slice(i).every(Boolean)) ?? null;
}

function describe({ chunks, course, expected, heldBytes, lagMs, ms, status }: StreamFacts): string {
  switch (course) {
    case 'passes':
      return 'What is sent bit by bit arrives bit by bit.';
    case 'lags':
      return `Each bit arrives about ${seconds(lagMs ?? 0)} late.`;
    case 'collected':
      return heldBytes === null
        ? 'What is sent bit by bit arrives all at once, late.'
        : `The first ${kibibytes(heldBytes)}, about, are held back; then it passes.`;
    case 'lumps':
      return 'What is sent bit by bit arrives in lumps.';
    case 'cut':
      return `It is cut after ${seconds(ms)}: ${chunks} of ${expected} bits came.`;
    case 'silent':
      return `Only ${chunks} of ${expected} bits came within ${seconds(ms)}.`;
    case 'refused':
      return status === null || status === 200 ? 'It is refused.' : `It is refused: the answer is ${status}.`;
  }
}
