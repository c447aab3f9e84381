import { beforeAll, describe, expect, it } from 'vitest';
import { get, openStream, post, startRequest } from './support/http-exchange.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openRawLine } from './support/websocket-line.ts';

const start = serverPool();
let server: TestServer;
beforeAll(async () => {
  server = await start();
});

async function open(): Promise<string> {
  const session = server.http(`/echo${sessionPath()}`);
  expect((await post(`${session}/xhr?seen=0`)).body).toBe('o\n');
  return session;
}

describe('a short poll', () => {
  it.each([0, 50])('is answered within %i ms when there is nothing to say', async (waitMs) => {
    const session = await open();
    expect((await post(`${session}/xhr?seen=0&wait=${waitMs}`)).body).toBe('h\n');
    expect((await get(`${session}/jsonp?c=x&seen=0&wait=${waitMs}`)).body).toBe('/**/x("h");\r\n');
  });

  it('brings what was owed, the answer to a beat too', async () => {
    const session = await open();
    await post(`${session}/xhr_send?n=1&beat`, '["one"]');
    expect((await post(`${session}/xhr?seen=0&wait=0`)).body).toBe('a["one"]\n');
    expect((await post(`${session}/xhr?seen=1&wait=0`)).body).toBe('a[]\n');
    expect((await post(`${session}/xhr?seen=2&wait=0`)).body).toBe('h\n');
  });

  it('brings what is said while it waits', async () => {
    const session = await open();
    const poll = startRequest(`${session}/xhr?seen=0&wait=60000`, { method: 'POST' });
    await post(`${session}/xhr_send?n=1`, '["one"]');
    expect(await (await poll.answered).rest()).toBe('a["one"]\n');
  });

  it('does not end the poll that takes its place', async () => {
    const session = await open();
    const first = startRequest(`${session}/xhr?seen=0&wait=100`, { method: 'POST' });
    // What is sent on another connection may overtake it.
    await post(`${session}/xhr_send?n=1`, '[]');
    const second = startRequest(`${session}/xhr?seen=0`, { method: 'POST' });
    await (await first.answered).rest();
    await post(`${await open()}/xhr?seen=0&wait=150`);
    await post(`${session}/xhr_send?n=2`, '["one"]');
    expect(await (await second.answered).rest()).toBe('a["one"]\n');
  });

  it('may follow a stream in the same session, and a stream may follow it', async () => {
    const session = server.http(`/echo${sessionPath()}`);
    const first = await openStream(`${session}/xhr_streaming?seen=0`, { method: 'POST' });
    await first.readThrough('o\n');
    await post(`${session}/xhr_send?n=1`, '["one"]');
    await first.readThrough('a["one"]\n');
    await first.abort();
    await post(`${session}/xhr_send?n=2`, '["two"]');
    expect((await post(`${session}/xhr?seen=1&wait=0`)).body).toBe('a["two"]\n');
    await post(`${session}/xhr_send?n=3`, '["three"]');
    const second = await openStream(`${session}/xhr_streaming?seen=2`, { method: 'POST' });
    expect(await second.readThrough('a["three"]\n')).toContain('a["three"]\n');
    await second.abort();
  });
});

it('a session that wants to be waited for outlives one that does not', async () => {
  const bob = new RoomsClient(await openRawLine(server.ws('/layout')));
  await bob.call('JOIN', { room: 'r1', name: 'bob', presence: true });
  const sessions: string[] = [];
  for (const [name, away] of [
    ['patient', '&away=60000'],
    ['usual', ''],
  ] as const) {
    const session = server.http(`/layout${sessionPath()}`);
    await post(`${session}/xhr?seen=0`);
    await post(`${session}/xhr_send?n=1`, JSON.stringify([JSON.stringify(['JOIN', { room: 'r1', name }])]));
    await post(`${session}/xhr?seen=0&wait=0${away}`);
    expect(await bob.next()).toMatchObject(['PRESENCE', { joins: [{ name }] }]);
    sessions.push(session);
  }
  expect(await bob.next()).toMatchObject(['PRESENCE', { leaves: [{ name: 'usual' }] }]);
  const answers = await Promise.all(sessions.map((session) => post(`${session}/xhr_send?n=2`, '[]')));
  expect(answers.map(({ status }) => status)).toEqual([204, 404]);
}, 15_000);
