import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange, get, openStream, post, request, type Answer } from './support/http-exchange.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openSocket, refusedUpgrade } from './support/websocket-line.ts';

const start = serverPool();
const root = await mkdtemp(join(tmpdir(), 'roomplex-doctor-'));
afterAll(() => rm(root, { recursive: true }));
let server: TestServer;
beforeAll(async () => {
  await writeFile(join(root, 'doctor.html'), '<title>doctor</title>');
  await writeFile(join(root, 'index.html'), '<title>app</title>');
  server = await start({ web: { root }, limits: { body: 1000 }, origins: ['https://friend.example'] });
});

const EVIL = { origin: 'http://evil.example' };
const json = ({ body }: Answer): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;

function expectPlain(answer: Answer): void {
  expect(answer.headers['cache-control']).toContain('no-store');
  expect(answer.headers['cache-control']).toContain('no-transform');
  expect(answer.headers['content-type']).toContain('application/json');
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
}

describe('/doctor/mirror', () => {
  it('shows what a request looked like', async () => {
    const answer = await get(server.http('/doctor/mirror?x=1'), {
      via: '1.1 proxy',
      'x-forwarded-for': '192.0.2.7',
      'x-real-ip': '192.0.2.7',
      forwarded: 'for=192.0.2.7',
      cookie: 'secret=1',
      authorization: 'Bearer secret',
    });
    expectPlain(answer);
    expect(json(answer)).toEqual({
      at: expect.any(Number),
      network: expect.stringMatching(/^[\w-]{16}$/),
      server: expect.stringMatching(/^[\w-]{16}$/),
      http: '1.1',
      secure: false,
      bytes: 0,
      sha256: createHash('sha256').digest('hex'),
      headers: {
        host: `127.0.0.1:${server.port}`,
        via: '1.1 proxy',
        connection: 'close',
        'x-forwarded-for': true,
        'x-real-ip': true,
        forwarded: true,
        origin: 'none',
      },
    });
    expect(answer.body).not.toMatch(/192\.0\.2|secret/);
  });

  it.each([{}, { chunked: true }])('tells what a body came to', async (how) => {
    const body = 'grüße'.repeat(100);
    const answer = await request(server.http('/doctor/mirror'), { method: 'POST', body, ...how });
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect(json(answer)).toMatchObject({ bytes: Buffer.byteLength(body), sha256 });
  });

  it.each([{}, { chunked: true }])('takes bodies as large as SockJS does', async (how) => {
    const ask = { method: 'POST', body: 'x'.repeat(1001), ...how };
    expect((await request(server.http('/doctor/mirror'), ask)).status).toBe(413);
  });

  it('names one network as the same, and another as another', async () => {
    const from = async (localAddress: string) =>
      json(await request(server.http('/doctor/mirror'), { localAddress }))['network'];
    expect(await from('127.0.0.1')).toBe(await from('127.0.0.1'));
    expect(await from('127.0.0.2')).not.toBe(await from('127.0.0.1'));
  });

  it('names its process as the same each time', async () => {
    const ask = async () => json(await get(server.http('/doctor/mirror')))['server'];
    expect(await ask()).toBe(await ask());
  });

  it('says what is thought of an origin, and lets pages read that are allowed to', async () => {
    const url = server.http('/doctor/mirror');
    const friend = await get(url, { origin: 'https://friend.example' });
    expect(json(friend)).toMatchObject({ headers: { origin: 'trusted' } });
    expect(friend.headers['access-control-allow-origin']).toBe('https://friend.example');
    const evil = await get(url, EVIL);
    expectPlain(evil);
    expect(json(evil)).toMatchObject({ headers: { origin: 'refused' } });
    expect(evil.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('/doctor/stream', () => {
  it('sends numbered chunks of the length asked for', async () => {
    const stream = await openStream(server.http('/doctor/stream?chunks=3&every=1&bytes=100&padding=500'));
    expect(stream.headers['x-accel-buffering']).toBe('no');
    expect(stream.headers['cache-control']).toContain('no-transform');
    expect(await stream.readThrough('\n')).toBe(`${' '.repeat(499)}\n`);
    for (let n = 1; n <= 3; n++) {
      const line = await stream.readThrough('\n');
      expect(line).toHaveLength(100);
      expect(JSON.parse(line)).toEqual({ n, at: expect.any(Number) });
    }
    expect(await stream.rest()).toBe('');
  });

  it('sends each chunk before the next is due', async () => {
    const stream = await openStream(server.http('/doctor/stream?chunks=2&every=10000'), { method: 'POST' });
    expect(JSON.parse(await stream.readThrough('\n'))).toMatchObject({ n: 1 });
    await stream.abort();
  });

  it('sends events', async () => {
    const stream = await openStream(server.http('/doctor/stream?chunks=2&every=1&as=events&padding=10'));
    expect(stream.headers['content-type']).toBe('text/event-stream');
    expect(await stream.readThrough('\n')).toBe(`:${' '.repeat(8)}\n`);
    for (let n = 1; n <= 2; n++)
      expect(await stream.readThrough('\r\n\r\n')).toMatch(`data: {"n":${n},"at":`);
    expect(await stream.rest()).toBe('');
  });

  it('sends no more than there may be', async () => {
    const { body } = await get(server.http('/doctor/stream?chunks=1000000&every=0&bytes=99999999'));
    const lines = body.split('\n').slice(0, -1);
    expect(lines).toHaveLength(200);
    expect(lines[0]).toHaveLength(65_535);
  });

  it('is for no page of another site', async () => {
    expectPlain(await get(server.http('/doctor/stream'), EVIL));
    expect((await get(server.http('/doctor/stream'), EVIL)).status).toBe(403);
    expect((await get(server.http('/doctor/stream'), { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });

  it('is for so many at a time', async () => {
    const url = server.http('/doctor/stream?chunks=2&every=10000');
    const open = await Promise.all(Array.from({ length: 100 }, () => openStream(url)));
    expect((await get(url)).status).toBe(503);
    await Promise.all(open.map((stream) => stream.abort()));
    await expect.poll(async () => (await get(server.http('/doctor/stream?chunks=1'))).status).toBe(200);
  });
});

describe('/doctor/sighting', () => {
  const seen = async (id: string) => json(await get(server.http(`/doctor/sighting?id=${id}`)))['seen'];

  it('tells of handshakes and how they were answered', async () => {
    const id = 'handshake-ok';
    const path = `/echo${sessionPath()}/websocket`;
    const socket = await openSocket(server.ws(`${path}?heartbeat=5000&sighting=${id}`));
    await refusedUpgrade(server.ws(`/nothing?sighting=${id}`));
    await refusedUpgrade(server.ws(`/echo/websocket?sighting=${id}`), { headers: EVIL });
    const common = {
      method: 'GET',
      kind: 'upgrade',
      upgrade: 'websocket',
      connection: 'Upgrade',
      hasKey: true,
    };
    const at = expect.any(Number) as number;
    expect(await seen(id)).toEqual([
      { at, path, answer: 101, ...common },
      { at, path: '/nothing', answer: 404, ...common },
      { at, path: '/echo/websocket', answer: 403, ...common },
    ]);
    socket.send('["still works"]');
    expect([await socket.next(), await socket.next()]).toEqual(['o', 'a["still works"]']);
  });

  it('tells of a handshake that something took the Upgrade header out of', async () => {
    const raw = connect(server.port, '127.0.0.1');
    const head = 'Host: x\r\nSec-WebSocket-Key: x\r\nConnection: close\r\n';
    await exchange(raw, `GET /echo/000/abc/websocket?sighting=stripped-1 HTTP/1.1\r\n${head}\r\n`);
    expect(await seen('stripped-1')).toMatchObject([
      { kind: 'plain', upgrade: null, connection: 'close', hasKey: true, answer: 400 },
    ]);
  });

  it('tells of requests that have no answer yet', async () => {
    const stream = await openStream(server.http('/doctor/stream?sighting=no-answer&every=10000'));
    expect(await seen('no-answer')).toMatchObject([{ kind: 'plain', path: '/doctor/stream', answer: null }]);
    await stream.abort();
  });

  it('knows of nothing that did not come', async () => {
    expect(await seen('never-seen')).toEqual([]);
  });

  it.each(['', '?id=', '?id=short', `?id=${'x'.repeat(65)}`, '?id=__proto__&id=x', '?id=12345678%0a'])(
    'refuses %j',
    async (query) => {
      const answer = await get(server.http(`/doctor/sighting${query}`));
      expectPlain(answer);
      expect(answer.status).toBe(400);
    },
  );
});

describe('/doctor', () => {
  it('is a page of its own without inline script', async () => {
    const answer = await get(server.http('/doctor?x=1'), { accept: 'text/html' });
    expect(answer).toMatchObject({ status: 200, body: '<title>doctor</title>' });
    expect(answer.headers['content-security-policy']).toContain("script-src 'self';");
    expect(answer.headers['content-security-policy']).toContain("connect-src 'self' http: https: ws: wss:;");
    expect(answer.headers['cache-control']).toBe('no-cache');
  });

  it('makes the browser the owner of the sessions it will open', async () => {
    const answer = await get(server.http('/doctor'), { 'sec-fetch-dest': 'document' });
    expect(String(answer.headers['set-cookie'])).toMatch(/^roomplex_owner=/);
  });

  it('is found with a slash behind it too, below whatever path', async () => {
    const answer = await get(server.http('/doctor/?x=1'));
    expect(answer).toMatchObject({ status: 302, headers: { location: '../doctor?x=1' } });
  });

  it('answers nothing else below it', async () => {
    expect((await get(server.http('/doctor/nothing.js'))).status).toBe(404);
    expect((await post(server.http('/doctor/sighting?id=12345678'))).status).toBe(404);
  });
});
