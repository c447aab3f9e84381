import { onTestFinished } from 'vitest';
import { systemClock, type Clock } from '../clock.ts';
import { openHttpLine } from '../transports/http-line.ts';
import type { HttpTransport } from '../transports/http-receiver.ts';
import type { Line, LineListener, PostLimit } from '../transports/line.ts';
import { UNSHARED, type Slots } from '../slots/slots.ts';
import { startHttp, type ScriptedHttp } from './scripted-http.ts';
import { Inbox } from './scripted-server.ts';

export interface HttpSession extends ScriptedHttp {
  readonly line: Line;
  /** What the line tells, but not what it only hears. */
  readonly told: Inbox<unknown>;
  readonly postLimit: PostLimit;
}

export interface SessionOptions {
  readonly clock?: Clock;
  readonly fetch?: typeof globalThis.fetch;
  readonly postBytes?: number;
  readonly heard?: () => void;
  readonly interrupted?: (quietMs: number) => void;
  /** Before each request that receives. */
  readonly heartbeatMs?: () => number;
  readonly slots?: Slots;
}

/** A line to a server that the test plays. */
export async function startSession(
  transport: HttpTransport,
  {
    clock = systemClock,
    fetch = globalThis.fetch,
    postBytes = 65_536,
    heard,
    interrupted,
    heartbeatMs = () => 5000,
    slots = UNSHARED,
  }: SessionOptions = {},
): Promise<HttpSession> {
  const http = await startHttp();
  const told = new Inbox<unknown>();
  const listener: LineListener = {
    opened: (name) => told.put(`opened ${name}`),
    heard: () => heard?.(),
    beatAnswered: (lagMs) => told.put(`beat ${lagMs}`),
    message: (text) => told.put(text),
    interrupted: (quietMs) => interrupted?.(quietMs),
    closed: (end) => told.put(end),
  };
  const postLimit = { bytes: postBytes };
  const request = {
    url: new URL(http.url),
    get heartbeatMs() {
      return heartbeatMs();
    },
    postLimit,
  };
  const line = openHttpLine(transport, request, fetch, clock, listener, slots);
  onTestFinished(() => void line.close());
  return { ...http, line, told, postLimit };
}

/** The same, greeted, with the poll or the stream that is open. */
export async function startOpenSession(
  transport: HttpTransport,
  options?: SessionOptions,
): Promise<HttpSession & { readonly say: (frame: string) => Promise<void> }> {
  const session = await startSession(transport, options);
  let receiving = await session.receives.next();
  const say = async (frame: string): Promise<void> => {
    const text = transport === 'eventsource' ? `data: ${frame}\r\n\r\n` : `${frame}\n`;
    if (transport !== 'xhr-polling') {
      receiving.response.write(text);
      return;
    }
    receiving.answer(200, text);
    receiving = await session.receives.next();
  };
  await say('o');
  await session.told.next();
  return { ...session, say };
}
