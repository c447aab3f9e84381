import type { IncomingMessage, ServerResponse } from 'node:http';
import { contentLength, endToEnd } from './headers.ts';

/** How the server's response reaches the client. */
export type HandOn = (theirs: IncomingMessage, ours: ServerResponse, request: IncomingMessage) => void;

/** Every chunk when it is there. */
export const asItComes: HandOn = (theirs, ours) => {
  writeHead(theirs, ours);
  ours.flushHeaders();
  theirs.pipe(ours);
};

/** Nothing before the response is complete. */
export const whole: HandOn = (theirs, ours) => {
  const parts: Buffer[] = [];
  theirs.on('data', (part: Buffer) => parts.push(part));
  theirs.on('end', () => {
    const body = Buffer.concat(parts);
    const hasBody = theirs.statusCode !== 204 && theirs.statusCode !== 304;
    ours.writeHead(theirs.statusCode ?? 502, {
      ...endToEnd(theirs.headers),
      ...(hasBody && contentLength(body)),
    });
    ours.end(body);
  });
};

/** Nothing, not even the head, before there are so many bytes; then as it comes. A content scanner does that. */
export function onceThereAre(bytes: number): HandOn {
  return (theirs, ours) => {
    let held: Buffer[] = [];
    let length = 0;
    const release = (): void => {
      writeHead(theirs, ours);
      for (const part of held) ours.write(part);
      held = [];
    };
    theirs.on('data', (part: Buffer) => {
      if (ours.headersSent) {
        ours.write(part);
        return;
      }
      held.push(part);
      length += part.length;
      if (length >= bytes) release();
    });
    theirs.on('end', () => {
      if (!ours.headersSent) release();
      ours.end();
    });
  };
}

/** What has come in is handed over once in so many ms. */
export function inLumps(everyMs: number): HandOn {
  return (theirs, ours) => {
    let held: Buffer[] = [];
    const release = (): void => {
      const lump = Buffer.concat(held);
      held = [];
      if (lump.length === 0) return;
      if (!ours.headersSent) writeHead(theirs, ours);
      ours.write(lump);
    };
    const timer = setInterval(release, everyMs);
    theirs.on('data', (part: Buffer) => held.push(part));
    theirs.on('end', () => {
      release();
      if (!ours.headersSent) writeHead(theirs, ours);
      ours.end();
    });
    ours.on('close', () => clearInterval(timer));
  };
}

/** As it comes, but cut when it takes longer. */
export function cutAfter(ms: number): HandOn {
  return (theirs, ours, request) => {
    asItComes(theirs, ours, request);
    const timer = setTimeout(() => ours.destroy(), ms);
    ours.on('close', () => clearTimeout(timer));
  };
}

/** 403 in place of what has this content type. */
export function without(type: string): HandOn {
  return (theirs, ours, request) => {
    if (!theirs.headers['content-type']?.startsWith(type)) {
      asItComes(theirs, ours, request);
      return;
    }
    theirs.destroy();
    ours.writeHead(403, { 'content-type': 'text/html' }).end('<h1>Blocked</h1>');
  };
}

/** As it comes, and the connection ends with it. */
export const lastOfItsConnection: HandOn = (theirs, ours) => {
  ours.writeHead(theirs.statusCode ?? 502, { ...endToEnd(theirs.headers), connection: 'close' });
  ours.flushHeaders();
  theirs.pipe(ours);
};

/** Complete responses, but every nth of those that `counts` picks is lost on the way, and its connection reset. */
export function losingEvery(nth: number, counts: (request: IncomingMessage) => boolean): HandOn {
  let count = 0;
  return (theirs, ours, request) => {
    if (!counts(request) || ++count % nth !== 0) {
      whole(theirs, ours, request);
      return;
    }
    theirs.resume();
    theirs.on('end', () => ours.socket?.resetAndDestroy());
  };
}

/** Up to `limit` answers to a GET are kept and handed out again, whatever they say of that. */
export function kept(limit: number): {
  readonly handOn: HandOn;
  /** What is kept for this request. */
  readonly find: (request: IncomingMessage) => Kept | undefined;
} {
  const answers = new Map<string, Kept>();
  return {
    find: (request) => (request.method === 'GET' ? answers.get(request.url ?? '/') : undefined),
    handOn(theirs, ours, request) {
      whole(theirs, ours, request);
      if (request.method !== 'GET' || theirs.statusCode !== 200 || answers.size >= limit) return;
      const parts: Buffer[] = [];
      theirs.on('data', (part: Buffer) => parts.push(part));
      theirs.on('end', () =>
        answers.set(request.url ?? '/', {
          status: 200,
          type: theirs.headers['content-type'] ?? 'text/plain',
          text: Buffer.concat(parts).toString(),
        }),
      );
    },
  };
}

interface Kept {
  readonly status: 200;
  readonly type: string;
  readonly text: string;
}

function writeHead(theirs: IncomingMessage, ours: ServerResponse): void {
  ours.writeHead(theirs.statusCode ?? 502, endToEnd(theirs.headers));
}
