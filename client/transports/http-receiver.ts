import { decodeServerFrame, type SockJSFrame } from '../../protocol/sockjs.ts';
import type { Clock } from '../clock.ts';
import { readLines } from './read-lines.ts';
import type { Receiving, SessionRequests } from './session-requests.ts';

/** The ways to receive that take nothing but `fetch`. */
export type HttpTransport = 'xhr-streaming' | 'eventsource' | 'xhr-polling';

interface Receiver extends Receiving {
  /** What a line of a response says; empty when it is there for other reasons. */
  read(line: string): string;
}

const RECEIVERS: Readonly<Record<HttpTransport, Receiver>> = {
  'xhr-streaming': { method: 'POST', path: 'xhr_streaming', accept: '*/*', read: (line) => line },
  eventsource: { method: 'GET', path: 'eventsource', accept: 'text/event-stream', read: readEvent },
  'xhr-polling': { method: 'POST', path: 'xhr', accept: '*/*', read: (line) => line },
};

/** What is told of a session. */
export interface FramesReader {
  heard(): void;
  frame(frame: SockJSFrame): void;
}

/** A response that brought nothing is followed by the next no sooner than so long after it was asked for. */
const EMPTY_MS = 20;

/** A server answers a poll with one frame. */
const POLL_FRAMES = 1000;

/** Receives until something goes wrong, and rejects with it; also when the session is over. */
export async function receive(
  transport: HttpTransport,
  requests: SessionRequests,
  clock: Clock,
  reader: FramesReader,
): Promise<never> {
  const receiver = RECEIVERS[transport];
  const ask = (take: (frame: SockJSFrame) => void): Promise<void> =>
    requests.receive(receiver, async (response) => {
      if (response.status !== 200) throw new Error(`HTTP status ${response.status}`);
      await readLines(response, {
        heard: () => reader.heard(),
        take: (lines) => {
          for (const line of lines) {
            const text = receiver.read(line).trim();
            if (text !== '') take(decode(text));
          }
        },
      });
    });
  return transport === 'xhr-polling' ? await poll(ask, clock, reader) : await stream(ask, clock, reader);
}

/** Asks for a response, and hands over its frames as they come. */
type Ask = (take: (frame: SockJSFrame) => void) => Promise<void>;

async function stream(ask: Ask, clock: Clock, reader: FramesReader): Promise<never> {
  let hasGreeted = false;
  for (;;) {
    const askedAt = clock.now();
    let isEmpty = true;
    await ask((frame) => {
      if (frame.type !== 'heartbeat') isEmpty = false;
      reader.frame(frame);
    });
    hasGreeted ||= !isEmpty;
    if (!hasGreeted) throw new Error(NO_GREETING);
    // The server has said as much as it wants to say in one response: it goes on in the next.
    if (isEmpty) await pause(clock, askedAt);
  }
}

async function poll(ask: Ask, clock: Clock, reader: FramesReader): Promise<never> {
  let askedAt = 0;
  const once = async (): Promise<readonly SockJSFrame[]> => {
    askedAt = clock.now();
    const frames: SockJSFrame[] = [];
    await ask((frame) => {
      if (frames.push(frame) > POLL_FRAMES) throw new Error('a poll is answered without end');
    });
    return frames;
  };
  const onceMore = async (hadNothing: boolean): Promise<readonly SockJSFrame[]> => {
    if (hadNothing) await pause(clock, askedAt);
    return await once();
  };
  let frames = await once();
  if (isEmpty(frames)) throw new Error(NO_GREETING);
  for (;;) {
    if (frames.some(({ type }) => type === 'close')) {
      for (const frame of frames) reader.frame(frame);
      throw new Error('the server said goodbye');
    }
    // The server is not to wait while what it said is read.
    const next = onceMore(isEmpty(frames));
    next.catch(() => undefined);
    for (const frame of frames) reader.frame(frame);
    frames = await next;
  }
}

const NO_GREETING = 'the response ended before the server had greeted';

function isEmpty(frames: readonly SockJSFrame[]): boolean {
  return frames.every(({ type }) => type === 'heartbeat');
}

async function pause(clock: Clock, askedAt: number): Promise<void> {
  const ms = askedAt + EMPTY_MS - clock.now();
  if (ms <= 0) return;
  await new Promise<void>((resolve) => {
    clock.after(Math.min(ms, EMPTY_MS), resolve);
  });
}

/** A field of an event; SockJS escapes in it what would end the line. */
function readEvent(line: string): string {
  return line.startsWith('data:') ? decodeURI(line.slice('data:'.length)) : '';
}

function decode(text: string): SockJSFrame {
  const frame = decodeServerFrame(text);
  if (frame === undefined) throw new Error(`something else answered: ${text.slice(0, 60)}`);
  return frame;
}
