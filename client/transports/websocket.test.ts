import { describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { nodeEnvironment } from '../node/environment.ts';
import { Inbox } from '../test/scripted-server.ts';
import { startServer } from '../test/setup.ts';
import type { Line, LineListener, LineRequest } from './line.ts';
import { openWebSocketLine } from './websocket.ts';

function requestTo(url: string): LineRequest {
  return { url: new URL(url), heartbeatMs: 5000, postLimit: { bytes: 65_536 } };
}

function open(url: string): { line: Line; told: Inbox<unknown> } {
  const told = new Inbox<unknown>();
  const listener: LineListener = {
    opened: (transport) => told.put(`opened ${transport}`),
    heard: () => told.put('heard'),
    beatAnswered: (lagMs) => told.put(`beat ${String(lagMs)}`),
    message: (text) => told.put(text),
    interrupted: () => undefined,
    closed: (end) => told.put(end),
  };
  const load = (): ReturnType<typeof nodeEnvironment.loadWebSocket> => nodeEnvironment.loadWebSocket();
  return { line: openWebSocketLine(requestTo(url), load, systemClock, listener), told };
}

describe('a WebSocket line', () => {
  it('opens with the greeting, hears heartbeats, and hands over messages one by one', async () => {
    const server = await startServer();
    const { line, told } = open(server.url);
    const peer = await server.greeted();
    peer.heartbeat();
    peer.say('a', 'b');
    peer.raw('m"c"');
    expect(await told.take(5)).toEqual(['opened websocket', 'heard', 'a', 'b', 'c']);
    line.send('\u0000"\\\ud800 日本');
    expect(await peer.messages.next()).toBe('\u0000"\\\ud800 日本');
    await line.close();
  });

  it('ends with what the server says in a frame', async () => {
    const server = await startServer();
    const { told } = open(server.url);
    const peer = await server.greeted();
    peer.say('last words');
    peer.goodbye(4003, 'draining');
    expect(await told.take(3)).toEqual([
      'opened websocket',
      'last words',
      { code: 4003, reason: 'draining', isClean: true },
    ]);
  });

  it('ends uncleanly when it is cut', async () => {
    const server = await startServer();
    const { told } = open(server.url);
    (await server.greeted()).cut();
    expect(await told.take(2)).toEqual(['opened websocket', { code: 1006, reason: '', isClean: false }]);
  });

  it('ends when nobody listens at the address', async () => {
    const server = await startServer();
    const { url } = server;
    await server.close();
    const { told } = open(url);
    expect(await told.next()).toMatchObject({ code: 1006, isClean: false });
  });

  it('ends when the platform forbids it', async () => {
    const { told } = open('mailto:nobody');
    expect(await told.next()).toMatchObject({
      code: 1006,
      isClean: false,
      reason: expect.stringMatching(/URL/),
    });
  });

  it('says nothing more once it is closed, even halfway through a frame', async () => {
    const server = await startServer();
    const told: string[] = [];
    const line = openWebSocketLine(
      requestTo(server.url),
      () => nodeEnvironment.loadWebSocket(),
      systemClock,
      {
        opened: () => undefined,
        heard: () => undefined,
        beatAnswered: () => undefined,
        message: (text) => {
          told.push(text);
          void line.close();
        },
        interrupted: () => undefined,
        closed: () => told.push('closed'),
      },
    );
    const peer = await server.greeted();
    const gone = peer.gone();
    peer.say('one', 'two');
    expect(await gone).toBe(1000);
    await line.close();
    expect(told).toEqual(['one']);
  });

  it('never dials when it is closed at once', async () => {
    const server = await startServer();
    const { line } = open(server.url);
    await line.close();
    const { line: second } = open(`${server.url}?second`);
    expect((await server.peers.next()).path).toMatch(/\?second&heartbeat=5000$/);
    await second.close();
  });
});
