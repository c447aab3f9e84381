import type { Path } from './path.ts';

/** One chunk: when the server let go of it, and when it was here. */
export interface StampedChunk {
  /** ms since 1970, by the server's clock. */
  readonly at: number;
  /** By {@link DoctorEnvironment.ticks}. */
  readonly arrivedAt: number;
}

/** What to ask `/doctor/stream` for. */
export interface StreamWish {
  readonly as: 'text' | 'events';
  readonly chunks: number;
  readonly every: number;
  readonly bytes: number;
  readonly padding?: number;
}

/** What came of it. */
export interface StampedStream {
  readonly status: number | null;
  /** Something compressed it. */
  readonly isCompressed: boolean;
  readonly chunks: readonly StampedChunk[];
  /** From the request to the end, ms. */
  readonly ms: number;
  /** `complete`, `short`: it ended too early, or `silent`: patience was over. */
  readonly ending: 'complete' | 'short' | 'silent';
}

/** Reads a stream of stamped chunks; `patienceMs` is for all of it. */
export async function readStampedStream(
  path: Path,
  wish: StreamWish,
  patienceMs: number,
): Promise<StampedStream> {
  const { clock, fetch, ticks } = path.environment;
  const patience = new AbortController();
  const cancel = clock.after(patienceMs, () => {
    patience.abort();
  });
  const chunks: StampedChunk[] = [];
  const startedAt = ticks();
  let status: number | null = null;
  let isCompressed = false;
  try {
    const { as, ...sizes } = wish;
    const url = path.at('doctor/stream', { as, ...sizes });
    const accept = as === 'events' ? 'text/event-stream' : '*/*';
    const response = await fetch(url, {
      cache: 'no-store',
      headers: { accept },
      signal: AbortSignal.any([path.signal, patience.signal]),
    });
    ({ status } = response);
    isCompressed = (response.headers.get('content-encoding') ?? 'identity') !== 'identity';
    if (response.body !== null) await readStamps(response.body, () => ticks(), chunks);
    return { status, isCompressed, chunks, ms: ticks() - startedAt, ending: endingOf(chunks, wish) };
  } catch {
    path.signal.throwIfAborted();
    const isLate = patience.signal.aborted && chunks.length < wish.chunks;
    return {
      status,
      isCompressed,
      chunks,
      ms: ticks() - startedAt,
      ending: isLate ? 'silent' : endingOf(chunks, wish),
    };
  } finally {
    cancel();
    patience.abort();
  }
}

function endingOf(chunks: readonly StampedChunk[], wish: StreamWish): 'complete' | 'short' {
  return chunks.length >= wish.chunks ? 'complete' : 'short';
}

async function readStamps(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  ticks: () => number,
  chunks: StampedChunk[],
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const arrivedAt = ticks();
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, at] = /"at":(\d+)/.exec(line) ?? [];
      if (at !== undefined) chunks.push({ at: Number(at), arrivedAt });
    }
  }
}
