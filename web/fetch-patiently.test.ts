import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchPatiently } from './fetch-patiently.ts';

const SILENCE_MS = 100;
const quick = { pausesMs: [0, 1, 2, 4], silenceMs: SILENCE_MS };

type Answer = (signal: AbortSignal) => Promise<Response>;

/** A response with these pieces, and so many ms before each; `ending` is what follows them. */
function pieces(count: number, everyMs: number, ending: 'end' | 'cut' | 'silence'): Answer {
  return async (signal) => {
    let left = count;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => signal.addEventListener('abort', () => controller.error(signal.reason)),
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, everyMs));
        if (left-- > 0) controller.enqueue(new Uint8Array(10));
        else if (ending === 'end') controller.close();
        else if (ending === 'cut') controller.error(new TypeError('network error'));
        else await new Promise(() => undefined);
      },
    });
    return new Response(body);
  };
}

const whole = pieces(1, 0, 'end');
const reset: Answer = () => Promise.reject(new TypeError('Failed to fetch'));
const nothing: Answer = (signal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
const status = (code: number): Answer => {
  return async () => new Response('', { status: code });
};

describe('fetchPatiently', () => {
  let answers: Answer[] = [];
  let asked = 0;
  const fetchFile = (): Promise<void> => fetchPatiently('http://rooms.example/file.js', quick);

  beforeEach(() => {
    asked = 0;
    vi.stubGlobal('fetch', (_url: string, { signal }: { signal: AbortSignal }) => {
      asked++;
      return (answers.shift() ?? whole)(signal);
    });
    vi.stubGlobal('addEventListener', () => undefined);
    vi.stubGlobal('removeEventListener', () => undefined);
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('asks once for what comes, though it takes longer in all than it may be silent', async () => {
    answers = [pieces(6, SILENCE_MS / 4, 'end')];
    await fetchFile();
    expect(asked).toBe(1);
  });

  it.each([
    ['whose connection is reset', reset],
    ['that breaks off', pieces(1, 0, 'cut')],
    ['of which nothing comes', nothing],
    ['that goes quiet half way', pieces(1, 0, 'silence')],
    ['that a proxy cannot get for the moment', status(502)],
  ])('asks again for a file %s', async (_what, answer) => {
    answers = [answer, answer];
    await fetchFile();
    expect(asked).toBe(3);
  });

  it('gives up when patience is at an end', async () => {
    answers = [reset, reset, reset, reset, reset];
    await expect(fetchFile()).rejects.toThrow('does not arrive');
    expect(asked).toBe(4);
  });

  it.each([404, 410])('gives up at once for a file that is gone: %i', async (code) => {
    answers = [status(code)];
    await expect(fetchFile()).rejects.toThrow('is not on the server');
    expect(asked).toBe(1);
  });
});
