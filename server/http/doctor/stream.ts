import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import type { OriginPolicy } from '../../transports/origin-policy.ts';

/** What is asked of a stream. */
interface Wish {
  readonly chunks: number;
  readonly everyMs: number;
  readonly bytes: number;
  readonly isEvents: boolean;
  readonly padding: number;
}

/**
 * Chunks one by one, each with its number and the moment it left: a line of JSON, filled up with blanks. Who sees
 * when they arrive knows what the way between does to streams; so it looks like the streams of SockJS.
 */
export function stream(origins: OriginPolicy): RequestHandler {
  let open = 0;
  return (request, response) => {
    // Little is asked and much is answered: pages of other sites must not have their visitors ask for it.
    if (origins.isCrossSite(request)) {
      response.status(403).json({ error: 'This origin is not allowed.' });
      return;
    }
    if (open >= MAX_OPEN) {
      response.status(503).json({ error: 'Too many streams; try again later.' });
      return;
    }
    open++;
    response.once('close', () => open--);
    void send(response, readWish(request));
  };
}

async function send(response: Response, { chunks, everyMs, bytes, isEvents, padding }: Wish): Promise<void> {
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), MAX_MS);
  response.once('close', () => ended.abort());
  response.setHeader(
    'Content-Type',
    isEvents ? 'text/event-stream' : 'application/javascript; charset=UTF-8',
  );
  if (padding > 1)
    response.write(isEvents ? `:${' '.repeat(padding - 2)}\n` : `${' '.repeat(padding - 1)}\n`);
  else response.flushHeaders();
  const [before, after] = isEvents ? ['data: ', '\r\n\r\n'] : ['', '\n'];
  try {
    for (let n = 1; n <= chunks; n++) {
      if (n > 1) await sleep(everyMs, undefined, { signal: ended.signal });
      const chunk = before + JSON.stringify({ n, at: Date.now() });
      const isTaken = response.write(chunk.padEnd(bytes - after.length) + after);
      if (!isTaken) await once(response, 'drain', { signal: ended.signal });
    }
  } catch {
    // Nobody reads it any more, or it took too long.
  }
  clearTimeout(timer);
  response.end();
}

function readWish(request: Request): Wish {
  const { query } = request;
  return {
    chunks: within(query['chunks'], 5, 1, 200),
    everyMs: within(query['every'], 1000, 0, 10_000),
    bytes: within(query['bytes'], 0, 0, 65_536),
    isEvents: query['as'] === 'events',
    padding: within(query['padding'], 0, 0, 131_072),
  };
}

/** What is out of range counts as the nearest, what is no number as `usual`. */
function within(given: unknown, usual: number, min: number, max: number): number {
  return typeof given === 'string' && /^\d+$/.test(given)
    ? Math.min(Math.max(Number(given), min), max)
    : usual;
}

const MAX_MS = 120_000;
const MAX_OPEN = 100;
