/** Between tries, in ms; the last try is after the last pause. About a minute in all. */
const PAUSES_MS: readonly number[] = [0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

/** A response of which nothing arrives for so long is lost. */
const SILENCE_MS = 10_000;

export interface Patience {
  readonly pausesMs?: readonly number[];
  readonly silenceMs?: number;
}

/**
 * Fetches a file to its end, so that the browser has it in its cache. What breaks off, stays away or is refused for the
 * moment is asked for again, with growing pauses. Rejects when there is no such file, and when patience is at an end.
 */
export async function fetchPatiently(
  url: string,
  { pausesMs = PAUSES_MS, silenceMs = SILENCE_MS }: Patience = {},
): Promise<void> {
  for (const pauseMs of pausesMs) {
    await pause(pauseMs);
    const outcome = await fetchOnce(url, silenceMs);
    if (outcome === 'here') return;
    if (outcome === 'gone') throw new Error(`${url} is not on the server`);
  }
  throw new Error(`${url} does not arrive`);
}

async function fetchOnce(url: string, silenceMs: number): Promise<'here' | 'gone' | 'lost'> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    const response = await fetch(url, { signal: silence.signal });
    if (response.status === 404 || response.status === 410) return 'gone';
    if (!response.ok) return 'lost';
    const reader = response.body?.getReader();
    while ((await reader?.read())?.done === false) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMs);
    }
    return 'here';
  } catch {
    return 'lost';
  } finally {
    clearTimeout(timer);
  }
}

/** Over early when the device is back on a network. */
function pause(ms: number): Promise<void> {
  if (ms === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      removeEventListener('online', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener('online', end);
  });
}
