import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JoinAnswer, PresenceDiff, RoomEvent } from '../../protocol/rooms.ts';
import { openStream, post, startRequest } from './support/http-exchange.ts';
import { openHttpLine } from './support/http-line.ts';
import { poll, pollingSession } from './support/polling-session.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openRawLine } from './support/websocket-line.ts';

const start = serverPool();
let server: TestServer;
beforeAll(async () => {
  server = await start();
});

/** Sends the head of a POST and a part of its body, and hangs up when the server has read it. */
async function breakOff(url: string, head: string, part: string): Promise<void> {
  const socket = connect(server.port, '127.0.0.1');
  const path = new URL(url).pathname;
  // The server reads what comes in one turn of its loop before it answers what comes in the next.
  socket.end(`POST ${path} HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n${part}`);
  socket.resume();
  await once(socket, 'close');
}

describe('a POST that never comes to its end', () => {
  it.each([
    ['Content-Length: 100', '["half","a'],
    ['Content-Length: 100', '["whole"]'],
    ['Transfer-Encoding: chunked', '9\r\n["whole"]\r\n'],
    ['Transfer-Encoding: chunked', '9\r\n["who'],
    ['Transfer-Encoding: chunked', 'no chunk'],
  ])('with %s and %j says nothing, and its session goes on', async (head, part) => {
    const bystander = await openHttpLine(server.http('/echo'), 'xhr-streaming');
    const session = await pollingSession(server);
    await breakOff(`${session}/xhr_send`, head, part);
    expect((await post(`${session}/xhr_send`, '["next"]')).status).toBe(204);
    expect(await poll(session)).toEqual(['next']);
    await bystander.send('still here');
    expect(await bystander.next()).toBe('still here');
    await bystander.close();
  });

  it('asks for no beat either', async () => {
    const session = await pollingSession(server);
    await breakOff(`${session}/xhr_send?beat`, 'Content-Length: 100', '[');
    expect((await post(`${session}/xhr?heartbeat=100`)).body).toBe('h\n');
  });
});

it('a POST whose answer nobody reads is handled once', async () => {
  const session = await pollingSession(server);
  const lost = startRequest(`${session}/xhr_send`, { method: 'POST', body: '["said"]' });
  await lost.abort();
  await post(`${session}/xhr_send`, '["next"]');
  const messages = await poll(session);
  // Whether the first one arrived before its line was cut is nobody's to say.
  expect([['said', 'next'], ['next']]).toContainEqual(messages);
});

describe('a poll whose answer is lost on the way', () => {
  it('costs a member of a room nothing: it comes back with its position, and nobody sees it leave', async () => {
    const bob = new RoomsClient(await openRawLine(server.ws('/layout')));
    const { body } = await bob.call('JOIN', { room: 'r1', name: 'bob', positions: true, presence: true });
    const { epoch = '' } = body as JoinAnswer;
    const ann = { room: 'r1', name: 'ann', memberKey: 'a-key-of-ann-that-is-secret', presence: true };
    const join = async (more: object): Promise<string> => {
      const session = await pollingSession(server, '/layout');
      await post(`${session}/xhr_send`, JSON.stringify([JSON.stringify(['JOIN', { ...ann, ...more }, 1])]));
      return session;
    };
    const first = await join({ positions: true });
    expect((await poll(first))[0]).toContain('["ACK",1,');
    expect(await bob.next()).toMatchObject(['PRESENCE', { joins: [{ name: 'ann' }] }]);
    for (const message of [1, 2, 3]) await bob.call('NOTIFY', { room: 'r1', message });
    // These were on their way in an answer that nobody got.
    expect(await poll(first)).toHaveLength(3);
    const second = await join({ recover: { epoch, offset: 0 } });
    const frames: unknown[][] = [];
    while (frames.length < 4) {
      const news = (await poll(second)).map((text) => JSON.parse(text) as unknown[]);
      frames.push(...news.filter(([event]) => event !== 'PRESENCE'));
    }
    expect(frames[0]).toMatchObject(['ACK', 1, { recovered: true, offset: 3 }]);
    expect(frames.slice(1).map(([, event]) => (event as RoomEvent).message)).toEqual([1, 2, 3]);
    expect(await bob.fence()).toEqual([]);
  });

  it('harms no other session', async () => {
    const [lost, other] = [await pollingSession(server), await pollingSession(server)];
    await Promise.all([post(`${lost}/xhr_send`, '["x"]'), post(`${other}/xhr_send`, '["y"]')]);
    await startRequest(`${lost}/xhr`, { method: 'POST' }).abort();
    expect(await poll(other)).toEqual(['y']);
  });
});

describe('a stream of a session that asked for a heartbeat', () => {
  const ask = { method: 'POST' };
  let busy: TestServer;
  beforeAll(async () => {
    busy = await start({ heartbeatMs: 100 });
  });

  it('ends when its client has been silent for some, and goes on in the next without loss', async () => {
    const session = busy.http(`/echo${sessionPath()}`);
    const silent = await openStream(`${session}/xhr_streaming?heartbeat=100`, ask);
    expect(await silent.rest()).toMatch(/^h+\no\n(?:h\n)+$/);
    await post(`${session}/xhr_send`, '["meanwhile"]');
    const next = await openStream(`${session}/xhr_streaming?heartbeat=120000`, ask);
    await next.readThrough('\n');
    expect(await next.readThrough('\n')).toBe('a["meanwhile"]\n');
    await next.abort();
  });

  it('does not end while its client asks for beats', async () => {
    const session = busy.http(`/echo${sessionPath()}`);
    const stream = await openStream(`${session}/xhr_streaming?heartbeat=200`, ask);
    await stream.readThrough('o\n');
    for (let beats = 0; beats < 5; beats++) {
      await post(`${session}/xhr_send?beat`, '[]');
      while ((await stream.readThrough('\n')) !== 'h\n');
    }
    await stream.abort();
  });

  it('does not end where no heartbeat was asked for', async () => {
    const stream = await openStream(busy.http(`/echo${sessionPath()}/xhr_streaming`), ask);
    for (let frames = 0; frames < 12; frames++) await stream.readThrough('\n');
    await stream.abort();
  });

  it('takes the session with it when nobody comes again', async () => {
    const watcher = new RoomsClient(await openRawLine(busy.ws('/layout')));
    await watcher.call('JOIN', { room: 'r2', name: 'watcher', presence: true });
    const session = busy.http(`/layout${sessionPath()}`);
    const stream = await openStream(`${session}/xhr_streaming?heartbeat=100`, ask);
    await stream.readThrough('o\n');
    // From here on nothing is read, and nothing is said either.
    stream.response.pause();
    await post(
      `${session}/xhr_send`,
      JSON.stringify([JSON.stringify(['JOIN', { room: 'r2', name: 'gone' }])]),
    );
    const presence = async (): Promise<PresenceDiff> => (await watcher.next())[1] as PresenceDiff;
    expect(await presence()).toMatchObject({ joins: [{ name: 'gone' }] });
    expect(await presence()).toMatchObject({ leaves: [{ name: 'gone' }] });
    stream.response.destroy();
  });
});
