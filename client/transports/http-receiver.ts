import { decodeServerFrame, HEARTBEAT_FRAME, type SockJSFrame } from '../../protocol/sockjs.ts';
import type { Clock } from '../clock.ts';
import { readLines } from './read-lines.ts';
import { LostAnswer, Retries } from './retries.ts';
import { isPassing, type Receiving, type SessionRequests } from './session-requests.ts';
import { NoSlot, type Turns } from './turns.ts';

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
  /** A response broke off after so much quiet, in ms, and is followed by the next. */
  interrupted(quietMs: number): void;
}

/** A response that brought nothing is followed by the next no sooner than so long after it was asked for. */
const EMPTY_MS = 20;

/** A server answers a poll with one frame. */
const POLL_FRAMES = 1000;

/**
 * Receives until something goes wrong, and rejects with it; also when the session is over. While no response may be
 * kept open, it polls; a stream must be allowed to begin as one.
 */
export async function receive(
  transport: HttpTransport,
  requests: SessionRequests,
  clock: Clock,
  reader: FramesReader,
  turns: Turns,
): Promise<never> {
  const responses = new Responses(requests, clock, reader, turns);
  if (transport === 'xhr-polling') await poll(responses, reader, turns, () => false);
  await turns.settled();
  if (!turns.isHeld) throw new NoSlot();
  for (;;) {
    await stream(transport, responses, reader, turns);
    await poll(responses, reader, turns, () => turns.isHeld);
  }
}

/** The responses of a session, one after another, without a frame lost or doubled where one breaks off. */
class Responses {
  readonly #requests: SessionRequests;
  readonly #clock: Clock;
  readonly #reader: FramesReader;
  readonly #retries: Retries;
  readonly #turns: Turns;
  #hasGreeted = false;
  /** Message frames that were read whole. */
  #seen = 0;
  /** When a response was last asked for. */
  #askedAt = 0;

  constructor(requests: SessionRequests, clock: Clock, reader: FramesReader, turns: Turns) {
    this.#requests = requests;
    this.#clock = clock;
    this.#reader = reader;
    this.#retries = new Retries(clock);
    this.#turns = turns;
  }

  /** Asks for the next one, and hands over its frames as they come. Resolves when another one may be asked for. */
  async next(transport: HttpTransport, take: (frame: SockJSFrame) => void): Promise<void> {
    this.#askedAt = this.#clock.now();
    let heardAt = this.#askedAt;
    let isWhole: boolean;
    const receiver = RECEIVERS[transport];
    const wishes = this.#turns.wishes();
    try {
      isWhole = await this.#requests.receive(receiver, this.#seen, wishes, async (response) => {
        if (isPassing(response.status)) throw new LostAnswer(`HTTP status ${response.status}`);
        if (response.status !== 200) throw new Error(`HTTP status ${response.status}`);
        await readLines(response, {
          heard: () => {
            heardAt = this.#clock.now();
            this.#reader.heard();
          },
          take: (lines) => this.#take(receiver, lines, take),
        });
      });
    } catch (error) {
      if (!this.#hasGreeted) throw error;
      const quietMs = this.#clock.now() - heardAt;
      await this.#retries.after(error);
      this.#reader.interrupted(quietMs);
      return;
    }
    if (!this.#hasGreeted) throw isWhole ? new Error(NO_GREETING) : new NoSlot();
    this.#retries.reset();
  }

  /** Resolves when the next may be asked for. */
  async pause(broughtNothing: boolean): Promise<void> {
    if (!this.#turns.isHeld) {
      await this.#turns.pause(broughtNothing, this.#clock.now() - this.#askedAt);
      return;
    }
    const ms = this.#askedAt + EMPTY_MS - this.#clock.now();
    if (ms <= 0) return;
    await new Promise<void>((resolve) => {
      this.#clock.after(Math.min(ms, EMPTY_MS), resolve);
    });
  }

  #take(receiver: Receiver, lines: readonly string[], take: (frame: SockJSFrame) => void): void {
    for (const line of lines) {
      const text = receiver.read(line).trim();
      if (text === '') continue;
      const frame = decode(text);
      if (frame.type === 'messages') this.#seen += 1;
      if (frame.type !== 'heartbeat') this.#hasGreeted = true;
      // With a longer one a stream begins, whatever becomes of it.
      if (text !== HEARTBEAT_FRAME && frame.type === 'heartbeat') continue;
      this.#retries.reset();
      take(frame);
    }
  }
}

/** Resolves when no response may be kept open any more. */
async function stream(
  transport: HttpTransport,
  responses: Responses,
  reader: FramesReader,
  turns: Turns,
): Promise<void> {
  while (turns.isHeld) {
    let isEmpty = true;
    // When the server has said as much as it wants to say in one response, it goes on in the next.
    await responses.next(transport, (frame) => {
      if (frame.type !== 'heartbeat') isEmpty = false;
      reader.frame(frame);
    });
    if (isEmpty && turns.isHeld) await responses.pause(true);
  }
}

/** Resolves when it is over. */
async function poll(
  responses: Responses,
  reader: FramesReader,
  turns: Turns,
  isOver: () => boolean,
): Promise<void> {
  const once = async (): Promise<readonly SockJSFrame[]> => {
    const frames: SockJSFrame[] = [];
    await responses.next('xhr-polling', (frame) => {
      if (frames.push(frame) > POLL_FRAMES) throw new Error('a poll is answered without end');
    });
    return frames;
  };
  const onceMore = async (hadNothing: boolean): Promise<readonly SockJSFrame[] | null> => {
    if (hadNothing || !turns.isHeld) await responses.pause(hadNothing);
    return isOver() ? null : await once();
  };
  let frames: readonly SockJSFrame[] | null = isOver() ? null : await once();
  while (frames !== null) {
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

/** A field of an event; SockJS escapes in it what would end the line. */
function readEvent(line: string): string {
  return line.startsWith('data:') ? decodeURI(line.slice('data:'.length)) : '';
}

function decode(text: string): SockJSFrame {
  const frame = decodeServerFrame(text);
  if (frame === undefined) throw new Error(`something else answered: ${text.slice(0, 60)}`);
  return frame;
}
