import { beforeAll, describe, expect, it } from 'vitest';
import { get, openStream, post, request } from './support/http-exchange.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openSocket } from './support/websocket-line.ts';

const start = serverPool();
let quiet: TestServer;
let busy: TestServer;
beforeAll(async () => {
  quiet = await start();
  busy = await start({ heartbeatMs: 40 });
});

const STREAMS = [
  ['xhr_streaming', 'POST', '', '\n'],
  ['eventsource', 'GET', 'data: ', '\r\n\r\n'],
] as const;

describe('a heartbeat that a session asks for', () => {
  it('comes through a WebSocket', async () => {
    const socket = await openSocket(quiet.ws(`/echo${sessionPath()}/websocket?heartbeat=100`));
    expect([await socket.next(), await socket.next(), await socket.next()]).toEqual(['o', 'h', 'h']);
  });

  it.each(STREAMS)('comes through %s', async (transport, method, before, after) => {
    const url = quiet.http(`/echo${sessionPath()}/${transport}?heartbeat=100`);
    const stream = await openStream(url, { method });
    await stream.readThrough(`${before}o${after}`);
    for (let beats = 0; beats < 2; beats++)
      expect(await stream.readThrough(after)).toBe(`${before}h${after}`);
    await stream.abort();
  });

  it('ends polls', async () => {
    const session = quiet.http(`/echo${sessionPath()}`);
    expect((await post(`${session}/xhr?heartbeat=100`)).body).toBe('o\n');
    expect((await post(`${session}/xhr?heartbeat=100`)).body).toBe('h\n');
    expect((await get(`${session}/jsonp?c=x&heartbeat=100`)).body).toBe('/**/x("h");\r\n');
  });

  it('may be another one from a later poll on', async () => {
    const session = quiet.http(`/echo${sessionPath()}`);
    expect((await post(`${session}/xhr?heartbeat=120000`)).body).toBe('o\n');
    expect((await post(`${session}/xhr?heartbeat=100`)).body).toBe('h\n');
    expect((await post(`${session}/xhr`)).body).toBe('h\n');
  });

  it('lets a WebSocket rest that asks for a rare one', async () => {
    const [resting, beating] = await Promise.all([
      openSocket(busy.ws(`/echo${sessionPath()}/websocket?heartbeat=120000`)),
      openSocket(busy.ws(`/echo${sessionPath()}/websocket`)),
    ]);
    let pings = 0;
    resting.socket.on('ping', () => pings++);
    for (let beats = 0; beats < 5; beats++) await beating.next();
    resting.send('["x"]');
    expect([await resting.next(), await resting.next()]).toEqual(['o', 'a["x"]']);
    expect(pings).toBe(0);
  });

  it.each(STREAMS)('lets %s rest that asks for a rare one', async (transport, method, before, after) => {
    const beating = await openSocket(busy.ws(`/echo${sessionPath()}/websocket`));
    const session = busy.http(`/echo${sessionPath()}`);
    const stream = await openStream(`${session}/${transport}?heartbeat=120000`, { method });
    await stream.readThrough(`${before}o${after}`);
    for (let beats = 0; beats < 5; beats++) await beating.next();
    await post(`${session}/xhr_send`, '["x"]');
    expect(await stream.readThrough(after)).toBe(`${before}a["x"]${after}`);
    await stream.abort();
  });

  it('costs nobody the connection who is slow to answer a frequent one', async () => {
    const url = quiet.ws(`/echo${sessionPath()}/websocket?heartbeat=100`);
    const mute = await openSocket(url, { autoPong: false });
    for (let frames = 0; frames < 6; frames++) await mute.next();
    expect(mute.socket.readyState).toBe(mute.socket.OPEN);
  });
});

describe('a beat over a WebSocket', () => {
  it('is answered after what was said before it', async () => {
    const socket = await openSocket(quiet.ws(`/echo${sessionPath()}/websocket?heartbeat=120000`));
    socket.send('["a","b"]');
    socket.send('[]');
    expect([await socket.next(), await socket.next(), await socket.next()]).toEqual([
      'o',
      'a["a","b"]',
      'a[]',
    ]);
    socket.send('[]');
    expect(await socket.next()).toBe('a[]');
  });

  it('is an array of no messages to a session that asked for no heartbeat', async () => {
    const socket = await openSocket(quiet.ws(`/echo${sessionPath()}/websocket`));
    socket.send('[]');
    socket.send('["x"]');
    expect([await socket.next(), await socket.next()]).toEqual(['o', 'a["x"]']);
  });
});

describe('a beat over HTTP', () => {
  it.each(STREAMS)('is answered through %s', async (transport, method, before, after) => {
    const session = quiet.http(`/echo${sessionPath()}`);
    const stream = await openStream(`${session}/${transport}?heartbeat=120000`, { method });
    await stream.readThrough(`${before}o${after}`);
    expect((await post(`${session}/xhr_send?beat`, '[]')).status).toBe(204);
    expect(await stream.readThrough(after)).toBe(`${before}a[]${after}`);
    expect((await post(`${session}/xhr_send?beat`, '["x"]')).status).toBe(204);
    expect(await stream.readThrough(after)).toBe(`${before}a["x"]${after}`);
    expect(await stream.readThrough(after)).toBe(`${before}a[]${after}`);
    await stream.abort();
  });

  it('ends a poll that waits', async () => {
    const session = quiet.http(`/echo${sessionPath()}`);
    await post(`${session}/xhr`);
    const poll = post(`${session}/xhr`);
    await post(`${session}/xhr_send?beat`, '[]');
    expect((await poll).body).toBe('a[]\n');
  });

  it('is answered in a poll of its own after the messages', async () => {
    const session = quiet.http(`/echo${sessionPath()}`);
    await post(`${session}/xhr`);
    await post(`${session}/xhr_send?beat`, '["x"]');
    expect((await post(`${session}/xhr`)).body).toBe('a["x"]\n');
    expect((await post(`${session}/xhr`)).body).toBe('a[]\n');
  });

  it('is answered once however often it was asked for', async () => {
    const session = quiet.http(`/echo${sessionPath()}`);
    await post(`${session}/xhr`);
    for (let times = 0; times < 3; times++) await post(`${session}/xhr_send?beat`, '[]');
    expect((await post(`${session}/xhr?heartbeat=100`)).body).toBe('a[]\n');
    expect((await post(`${session}/xhr`)).body).toBe('h\n');
  });

  it('is not answered when the body was refused', async () => {
    const session = quiet.http(`/echo${sessionPath()}`);
    await post(`${session}/xhr`);
    expect((await post(`${session}/xhr_send?beat`, '')).status).toBe(500);
    expect((await post(`${session}/xhr_send?beat`, '{')).status).toBe(500);
    expect((await post(`${session}/xhr?heartbeat=100`)).body).toBe('h\n');
  });
});

describe('padding', () => {
  it('comes before everything else on xhr_streaming', async () => {
    const url = quiet.http(`/echo${sessionPath()}/xhr_streaming?padding=5000`);
    const stream = await openStream(url, { method: 'POST' });
    const first = await stream.readThrough('\n');
    expect(first).toBe(`${'h'.repeat(4999)}\n`);
    expect(await stream.readThrough('\n')).toBe(`${'h'.repeat(2048)}\n`);
    expect(await stream.readThrough('\n')).toBe('o\n');
    await stream.abort();
  });

  it('is a comment on eventsource', async () => {
    const stream = await openStream(quiet.http(`/echo${sessionPath()}/eventsource?padding=5000`));
    expect(await stream.readThrough('\n')).toBe(`:${' '.repeat(4998)}\n`);
    expect(await stream.readThrough('o\r\n\r\n')).toBe('\r\ndata: o\r\n\r\n');
    await stream.abort();
  });

  it('is nothing to a poll', async () => {
    const url = quiet.http(`/echo${sessionPath()}/xhr?padding=5000`);
    expect((await request(url, { method: 'POST' })).body).toBe('o\n');
  });
});
