import { connect } from 'node:net';
import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Overview } from '../../protocol/overview.ts';
import { get, openStream, post, startRequest } from './support/http-exchange.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';

const start = serverPool();
let server: TestServer;
let narrow: TestServer;
let terse: TestServer;
beforeAll(async () => {
  server = await start();
  narrow = await start({ limits: { outbox: 2000 } });
  terse = await start({ limits: { message: 100 } });
});

/** A polling session that counts. */
async function open(at: TestServer = server, path = '/echo'): Promise<string> {
  const session = at.http(`${path}${sessionPath()}`);
  expect((await post(`${session}/xhr?seen=0`)).body).toBe('o\n');
  return session;
}

async function poll(session: string, seen: number): Promise<string> {
  return (await post(`${session}/xhr?seen=${seen}`)).body;
}

async function say(session: string, query: string, ...texts: readonly string[]): Promise<number> {
  return (await post(`${session}/xhr_send?${query}`, JSON.stringify(texts))).status;
}

describe('a session that counts what it reads', () => {
  it('is sent again what it has not read, in order and before what is new', async () => {
    const session = await open();
    await say(session, 'n=1', 'one');
    expect(await poll(session, 0)).toBe('a["one"]\n');
    await say(session, 'n=2', 'two');
    expect(await poll(session, 0)).toBe('a["one"]\n');
    expect(await poll(session, 0)).toBe('a["one"]\n');
    expect(await poll(session, 1)).toBe('a["two"]\n');
    await say(session, 'n=3', 'three');
    expect(await poll(session, 2)).toBe('a["three"]\n');
  });

  it('is sent the answer to a beat again', async () => {
    const session = await open();
    await say(session, 'n=1&beat', 'one');
    expect(await poll(session, 0)).toBe('a["one"]\n');
    expect(await poll(session, 1)).toBe('a[]\n');
    expect(await poll(session, 1)).toBe('a[]\n');
  });

  it.each([
    ['xhr_streaming', 'POST', (frame: string) => `${frame}\n`],
    ['eventsource', 'GET', (frame: string) => `data: ${frame}\r\n\r\n`],
  ] as const)('goes on after %s was cut', async (transport, method, dress) => {
    const session = server.http(`/echo${sessionPath()}`);
    const first = await openStream(`${session}/${transport}?seen=0`, { method });
    await first.readThrough(dress('o'));
    for (const [n, text] of ['one', 'two'].entries()) {
      await say(session, `n=${n + 1}`, text);
      await first.readThrough(dress(`a["${text}"]`));
    }
    await first.abort();
    await say(session, 'n=3', 'three');
    const second = await openStream(`${session}/${transport}?seen=1`, { method });
    expect(await second.readThrough(dress('a["three"]'))).toContain(dress('a["two"]') + dress('a["three"]'));
    await second.abort();
    expect(await poll(session, 3 - 1)).toBe('a["three"]\n');
  });

  it('may come for the next response while the server holds on to the last', async () => {
    const session = await open();
    const first = startRequest(`${session}/xhr?seen=0`, { method: 'POST' });
    // What is sent on another connection may overtake it.
    await say(session, 'n=1');
    const second = startRequest(`${session}/xhr?seen=0`, { method: 'POST' });
    expect(await Promise.race([first.answered, second.answered]).then((answer) => answer.rest())).toBe('');
    await say(session, 'n=2', 'one');
    const answers = await Promise.all([first.answered, second.answered]);
    expect((await Promise.all(answers.map((answer) => answer.rest()))).toSorted()).toEqual([
      '',
      'a["one"]\n',
    ]);
  });

  it('hears the goodbye after what it had not read, and hears it again', async () => {
    const session = await open(terse);
    await say(session, 'n=1', 'one');
    await poll(session, 0);
    await say(session, 'n=2', 'two');
    await say(session, 'n=3', 'x'.repeat(200));
    expect(await poll(session, 0)).toBe('a["one"]\n');
    expect(await poll(session, 1)).toBe('a["two"]\n');
    for (let times = 0; times < 2; times++) {
      expect(await poll(session, 2)).toBe('c[1009,"message too big"]\n');
    }
  });

  it('is over when it has read more than there was', async () => {
    const session = await open();
    await say(session, 'n=1', 'one');
    await poll(session, 0);
    expect((await post(`${session}/xhr?seen=2`)).status).toBe(404);
    expect(await say(session, 'n=2', 'two')).toBe(404);
    const { ignoredBy } = JSON.parse((await get(server.http('/api/overview'))).body) as Overview;
    expect(ignoredBy).toContainEqual({ place: 'sockjs', reason: 'wrong-count', count: 1 });
  });

  it('goes on when a request comes that is late', async () => {
    const session = await open();
    for (const n of [1, 2]) {
      await say(session, `n=${n}`, String(n));
      await poll(session, n - 1);
    }
    expect((await post(`${session}/xhr?seen=0`)).status).toBe(404);
    expect(await poll(session, 1)).toBe('a["2"]\n');
  });

  it('is owed what it does not confirm, and is cut off at the limit', async () => {
    const session = await open(narrow);
    const text = 'x'.repeat(700);
    for (const n of [1, 2]) {
      await say(session, `n=${n}`, text);
      await poll(session, 0);
    }
    for (const n of [3, 4]) await say(session, `n=${n}`, text);
    expect(await poll(session, 0)).toBe('c[4008,"slow consumer"]\n');
  });

  it('may read any amount while it confirms', async () => {
    const session = narrow.http(`/echo${sessionPath()}`);
    const text = 'x'.repeat(700);
    let stream = await openStream(`${session}/xhr_streaming?seen=0`, { method: 'POST' });
    await stream.readThrough('o\n');
    for (let n = 1; n <= 20; n++) {
      await say(session, `n=${n}`, text);
      await stream.readThrough(`a["${text}"]\n`);
      if (n % 2 === 1) continue;
      // It ends, so that the client comes back and says what it has.
      expect(await stream.rest()).toBe('');
      stream = await openStream(`${session}/xhr_streaming?seen=${n}`, { method: 'POST' });
      await stream.readThrough('h\n');
    }
    await stream.abort();
  });
});

describe('a body with a number', () => {
  it('is taken once', async () => {
    const session = await open();
    expect(await say(session, 'n=1', 'one')).toBe(204);
    expect(await say(session, 'n=1', 'one')).toBe(204);
    expect(await say(session, 'n=2', 'two')).toBe(204);
    expect(await say(session, 'n=1', 'one')).toBe(204);
    expect(await poll(session, 0)).toBe('a["one","two"]\n');
  });

  it('is answered as a beat each time', async () => {
    const session = await open();
    await say(session, 'n=1&beat');
    expect(await poll(session, 0)).toBe('a[]\n');
    await say(session, 'n=1&beat');
    expect(await poll(session, 1)).toBe('a[]\n');
  });

  it('is taken once when two copies overlap', async () => {
    const session = await open();
    const { pathname } = new URL(session);
    const body = '["one"]';
    const head = `POST ${pathname}/xhr_send?n=1 HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`;
    const slow = connect(server.port, '127.0.0.1');
    slow.setEncoding('utf8');
    slow.write(`${head}["o`);
    await once(slow, 'connect');
    expect(await say(session, 'n=1', 'one')).toBe(204);
    slow.write('ne"]');
    expect(String(await once(slow, 'data'))).toMatch(/^HTTP\/1\.1 204 /);
    slow.destroy();
    await say(session, 'n=2', 'two');
    expect(await poll(session, 0)).toBe('a["one","two"]\n');
  });

  it('keeps its number when it was refused', async () => {
    const session = await open();
    expect((await post(`${session}/xhr_send?n=1`, '["one"')).status).toBe(500);
    expect(await say(session, 'n=1', 'one')).toBe(204);
    expect(await poll(session, 0)).toBe('a["one"]\n');
  });

  it.each(['n=2', 'n=0', 'n=', 'n=-1', 'n=one'])(
    'is refused with %s first, and the session goes on',
    async (query) => {
      const session = await open();
      expect(await say(session, query, 'one')).toBe(404);
      expect(await say(session, 'n=1', 'two')).toBe(204);
      expect(await poll(session, 0)).toBe('a["two"]\n');
    },
  );

  it('may be the last', async () => {
    const session = await open();
    const receiver = startRequest(`${session}/xhr?seen=0`, { method: 'POST' });
    expect(await say(session, 'n=1&bye')).toBe(204);
    expect(await say(session, 'n=2', 'one')).toBe(404);
    await receiver.abort();
  });
});

describe('a session that does not count', () => {
  it('takes each body, whatever its number', async () => {
    const session = server.http(`/echo${sessionPath()}`);
    await post(`${session}/xhr`);
    for (let times = 0; times < 2; times++) expect(await say(session, 'n=7&bye', 'one')).toBe(204);
    expect((await post(`${session}/xhr`)).body).toBe('a["one","one"]\n');
  });

  it('is over when its response breaks off', async () => {
    const session = server.http(`/echo${sessionPath()}`);
    const stream = await openStream(`${session}/xhr_streaming`, { method: 'POST' });
    await stream.readThrough('o\n');
    const beside = await openStream(`${session}/xhr_streaming?seen=0`, { method: 'POST' });
    expect(await beside.rest()).toContain('c[2010,');
    await stream.abort();
    await expect.poll(() => say(session, '', 'one')).toBe(404);
  });
});
