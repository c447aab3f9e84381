import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeServerFrame } from '../../protocol/sockjs.ts';
import {
  exchange,
  get,
  openStream,
  post,
  request,
  startRequest,
  type Answer,
  type HttpStream,
} from './support/http-exchange.ts';
import { within } from './support/inbox.ts';
import { startServer, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openSocket } from './support/websocket-line.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** A base URL behind which every message comes back. */
interface Base {
  readonly path: string;
  /** Sent once in each session, and not answered. */
  readonly opening?: string;
  /** What to send, and to get back, for a text. */
  readonly message: (text: string) => string;
}

const BASES: readonly Base[] = [
  { path: '/echo', message: (text) => text },
  { path: '/multiplex', opening: 'sub,latency', message: (text) => `msg,latency,${text}` },
];

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function contentType(answer: { headers: Answer['headers'] }): string | undefined {
  return answer.headers['content-type']?.replaceAll(' ', '').toLowerCase();
}

function expectUncached({ headers }: { headers: Answer['headers'] }): void {
  const directives = headers['cache-control']?.split(/, */) ?? [];
  expect(directives).toEqual(
    expect.arrayContaining(['no-store', 'no-cache', 'must-revalidate', 'max-age=0']),
  );
  expect(headers.expires).toBeUndefined();
  expect(headers['last-modified']).toBeUndefined();
}

function expectCachedForLong({ headers }: Answer): void {
  expect(headers['cache-control']).toMatch(/public/);
  expect(headers['cache-control']).toMatch(/max-age=[1-9][0-9]{6}/);
  expect(Date.parse(headers.expires ?? '')).toBeGreaterThan(Date.now());
  expect(headers['last-modified']).toBeUndefined();
}

/** A request without `Origin` may come from anywhere; one from our own page may bring its cookies. */
function expectCors({ headers }: { headers: Answer['headers'] }, origin?: string): void {
  expect(headers['access-control-allow-origin']).toBe(origin ?? '*');
  expect(headers['access-control-allow-credentials']).toBe(origin === undefined ? undefined : 'true');
}

describe.each(BASES)('SockJS at $path', ({ path, opening, message }) => {
  const at = (rest: string): string => server.http(path + rest);
  const socketAt = (rest: string): string => server.ws(path + rest);
  /** The `a` frame with which these texts come back. */
  const arrayFrame = (...texts: string[]): string => `a${JSON.stringify(texts.map(message))}`;
  const body = (...texts: string[]): string => JSON.stringify(texts.map(message));

  /** Sends these texts into a session. */
  async function send(session: string, ...texts: string[]): Promise<void> {
    expect(await post(`${session}/xhr_send`, body(...texts))).toMatchObject({ status: 204, body: '' });
  }

  /** Prepares a session that has just been opened. */
  async function prime(session: string): Promise<string> {
    if (opening === undefined) return session;
    const answer = await post(`${session}/xhr_send`, JSON.stringify([opening]));
    expect(answer.status).toBe(204);
    return session;
  }

  /** Opens a polling session. */
  async function pollingSession(): Promise<string> {
    const session = at(sessionPath());
    expect((await post(`${session}/xhr`)).body).toBe('o\n');
    return prime(session);
  }

  /** Messages of the next poll. */
  async function poll(session: string): Promise<readonly string[]> {
    const frame = decodeServerFrame((await post(`${session}/xhr`)).body.trimEnd());
    return frame?.type === 'messages' ? frame.messages : [`no messages: ${frame?.type}`];
  }

  /** Opens a streaming session and reads up to its open frame. */
  async function streamingSession(): Promise<{ session: string; stream: HttpStream }> {
    const session = at(sessionPath());
    const stream = await openStream(`${session}/xhr_streaming`, { method: 'POST' });
    await stream.readThrough('h\n');
    expect(await stream.readThrough('\n')).toBe('o\n');
    return { session: await prime(session), stream };
  }

  describe('greeting', () => {
    it.each(['', '/'])('answers %j', async (rest) => {
      const answer = await get(at(rest));
      expect(answer).toMatchObject({ status: 200, body: 'Welcome to SockJS!\n' });
      expect(contentType(answer)).toBe('text/plain;charset=utf-8');
      expect(answer.headers['set-cookie']).toBeUndefined();
    });

    it.each([
      '/a',
      '/a.html',
      '//',
      '///',
      '/a/a',
      '/a/a/',
      '/a/',
      '/0/0/xhr/more',
      '/0/0/nosuch',
      '/0/0/0/xhr',
    ])('answers 404 at %s', async (rest) => {
      expect((await get(at(rest))).status).toBe(404);
      expect((await post(at(rest))).status).toBe(404);
    });
  });

  describe('the iframe page', () => {
    it.each([
      '/iframe.html',
      '/iframe-a.html',
      '/iframe-.html',
      '/iframe-0.1.2.html',
      '/iframe-0.1.2abc-dirty.2144.html',
      '/iframe-a.html?t=1234',
    ])('is at %s', async (rest) => {
      const answer = await get(at(rest));
      expect(answer.status).toBe(200);
      expect(contentType(answer)).toBe('text/html;charset=utf-8');
      expectCachedForLong(answer);
      expect(answer.headers.etag).toMatch(/^(W\/)?"[^"]+"$/);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.body).toMatch(/^<!DOCTYPE html>\n/);
      expect(answer.body).toContain('SockJS.bootstrap_iframe();');
      expect(answer.body).toContain("<h2>Don't panic!</h2>");
    });

    it('names a client library that is there, and may be framed by our own pages', async () => {
      const answer = await get(at('/iframe.html'));
      const source = /<script src="([^"]+)"><\/script>/.exec(answer.body)?.[1] ?? '';
      expect(new URL(source, at('/iframe.html')).href).toBe(server.http('/client/sockjs.min.js'));
      expect(String(answer.headers['x-frame-options'] ?? 'SAMEORIGIN').toUpperCase()).toBe('SAMEORIGIN');
    });

    it.each([
      '/iframe.htm',
      '/iframe',
      '/IFRAME.HTML',
      '/IFRAME',
      '/iframe.HTML',
      '/iframe.xml',
      '/iframe-/.html',
    ])('is not at %s', async (rest) => {
      expect((await get(at(rest))).status).toBe(404);
    });

    it('is not sent again to those who have it', async () => {
      const first = await get(at('/iframe.html'));
      const second = await get(at('/iframe.html'));
      expect(second.headers.etag).toBe(first.headers.etag);
      const again = await get(at('/iframe.html'), { 'if-none-match': first.headers.etag });
      expect(again).toMatchObject({ status: 304, body: '' });
      expect(again.headers['content-type']).toBeUndefined();
      expect((await get(at('/iframe.html'), { 'if-none-match': '"another"' })).status).toBe(200);
    });
  });

  describe('info', () => {
    it('says what the server can', async () => {
      const answer = await get(at('/info'));
      expect(answer.status).toBe(200);
      expect(contentType(answer)).toBe('application/json;charset=utf-8');
      expect(answer.headers['set-cookie']).toBeUndefined();
      expectUncached(answer);
      expectCors(answer);
      const info = JSON.parse(answer.body) as { entropy: number };
      expect(info).toMatchObject({
        websocket: true,
        cookie_needed: expect.any(Boolean),
        origins: ['*:*'],
        entropy: expect.any(Number),
      });
      expect(info.entropy >= 0 && info.entropy < 2 ** 32 && Number.isInteger(info.entropy)).toBe(true);
    });

    it('lends entropy that differs', async () => {
      const seen = new Set<number>();
      for (let i = 0; i < 5; i++) {
        seen.add((JSON.parse((await get(at('/info'))).body) as { entropy: number }).entropy);
      }
      expect(seen.size).toBe(5);
    });

    it('may be read by a page of our own', async () => {
      expectCors(await get(at('/info'), { origin: server.origin }), server.origin);
    });
  });

  describe('OPTIONS', () => {
    it.each([
      ['/info', 'OPTIONS, GET'],
      ['/abc/abc/xhr', 'OPTIONS, POST'],
      ['/abc/abc/xhr_send', 'OPTIONS, POST'],
      ['/abc/abc/xhr_streaming', 'OPTIONS, POST'],
    ])('of %s is cacheable and allows %s', async (rest, methods) => {
      for (const origin of [undefined, server.origin]) {
        const headers = origin === undefined ? {} : { origin };
        const answer = await request(at(rest), { method: 'OPTIONS', headers });
        expect(answer).toMatchObject({ status: 204, body: '' });
        expectCachedForLong(answer);
        expect(Number(answer.headers['access-control-max-age'])).toBeGreaterThan(1_000_000);
        expect(answer.headers['access-control-allow-methods']).toBe(methods);
        expectCors(answer, origin);
      }
    });

    it('gives back the headers that a page asks for', async () => {
      const asked = { 'access-control-request-headers': 'a, b, c' };
      const options = await request(at('/abc/abc/xhr_send'), { method: 'OPTIONS', headers: asked });
      expect(options.headers['access-control-allow-headers']).toBe('a, b, c');
      const answer = await post(at(`${sessionPath()}/xhr`), '', asked);
      expect(answer.headers['access-control-allow-headers']).toBe('a, b, c');
      const without = await post(at(`${sessionPath()}/xhr`));
      expect(without.headers['access-control-allow-headers']).toBeUndefined();
    });
  });

  describe('session URLs', () => {
    it.each(['/a/a', '/_/_', '/1/1', '/abcdefgh_i-j%20/abcdefg_i-j%20', `/%2F/%E6%97%A5`])(
      'may read %s',
      async (session) => {
        expect(await post(at(`${session}/xhr`))).toMatchObject({ status: 200, body: 'o\n' });
      },
    );

    it.each(['//', '/a./a', '/a/a.', '/./.', '/', '///'])('may not read %s', async (session) => {
      expect((await get(at(`${session}/xhr`))).status).toBe(404);
      expect((await post(at(`${session}/xhr`))).status).toBe(404);
    });

    it('name the session by their second part only', async () => {
      const session = await pollingSession();
      await send(session, 'a');
      expect(await post(`${session.replace('/000/', '/999/')}/xhr`)).toMatchObject({
        status: 200,
        body: `${arrayFrame('a')}\n`,
      });
    });

    it.each(['/xhr_send', '/jsonp_send'])('without a session answer 404 to %s', async (rest) => {
      const answer = await post(at(sessionPath() + rest), '["x"]', { 'content-type': 'text/plain' });
      expect(answer.status).toBe(404);
    });

    it.each([
      ['GET', '/xhr'],
      ['GET', '/xhr_send'],
      ['GET', '/xhr_streaming'],
      ['POST', '/eventsource'],
      ['POST', '/htmlfile?c=x'],
      ['POST', '/jsonp?c=x'],
      ['GET', '/jsonp_send'],
      ['PUT', '/xhr'],
      ['POST', '/websocket'],
    ])('answer 405 to %s %s', async (method, rest) => {
      const answer = await request(at(sessionPath() + rest), { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBeTruthy();
      expect(answer.body).toBe('');
    });
  });

  describe('a second receiver', () => {
    it('is told that another connection is open, and the first goes on', async () => {
      const session = await pollingSession();
      const polls = [1, 2].map(() => startRequest(`${session}/xhr`, { method: 'POST' }).answered);
      // Whichever comes second is answered at once; the other one waits for a message.
      const second = await Promise.race(polls);
      expect(second.status).toBe(200);
      expect(await second.rest()).toBe('c[2010,"Another connection still open"]\n');
      await send(session, 'a');
      const answers = await Promise.all(polls);
      const [first] = answers.filter((answer) => answer !== second);
      expect(await first?.rest()).toBe(`${arrayFrame('a')}\n`);
    });

    it('is told so while a stream is open, and its own stream ends', async () => {
      const { session, stream } = await streamingSession();
      const second = await openStream(`${session}/xhr_streaming`, { method: 'POST' });
      await second.readThrough('h\n');
      expect(await second.rest()).toBe('c[2010,"Another connection still open"]\n');
      await send(session, 'a');
      expect(await stream.readThrough('\n')).toBe(`${arrayFrame('a')}\n`);
      await stream.abort();
    });

    it('finds a new session, or is told, after the first was cut off', async () => {
      const { session, stream } = await streamingSession();
      await stream.abort();
      let frame: string;
      do {
        const again = await openStream(`${session}/xhr_streaming`, { method: 'POST' });
        await again.readThrough('h\n');
        frame = await again.readThrough('\n');
        await again.abort();
        // The cut and the new request travel on two connections, so the server may see them in either order.
      } while (frame.startsWith('c[2010'));
      expect(['o\n', 'c[1002,"Connection interrupted"]\n']).toContain(frame);
    });
  });

  describe('a session that the server closed', () => {
    it.each([
      ['/xhr', 'POST', (frame: string) => `${frame}\n`],
      ['/jsonp?c=x', 'GET', (frame: string) => `/**/x(${JSON.stringify(frame)});\r\n`],
    ] as const)('says so to every %s', async (rest, method, clothe) => {
      const session = await pollingSession();
      await post(`${session}/xhr_send`, JSON.stringify(['x'.repeat(131_073)]));
      const first = await request(session + rest, { method });
      expect(first.status).toBe(200);
      const frame = `c[1009,${JSON.stringify('message too big')}]`;
      expect(first.body).toBe(clothe(frame));
      expect((await request(session + rest, { method })).body).toBe(first.body);
    });

    it('ends the open stream after the close frame, and later streams too', async () => {
      const { session, stream } = await streamingSession();
      await post(`${session}/xhr_send`, JSON.stringify(['x'.repeat(131_073)]));
      expect(await stream.rest()).toMatch(/^c\[1009,"[^"]*"\]\n$/);
      const again = await openStream(`${session}/xhr_streaming`, { method: 'POST' });
      await again.readThrough('h\n');
      expect(await again.rest()).toMatch(/^c\[1009,"[^"]*"\]\n$/);
    });

    it('delivers what it was owed before it says so', async () => {
      const session = await pollingSession();
      await post(`${session}/xhr_send`, JSON.stringify([message('owed'), 'x'.repeat(131_073)]));
      expect((await post(`${session}/xhr`)).body).toBe(`${arrayFrame('owed')}\n`);
      expect((await post(`${session}/xhr`)).body).toMatch(/^c\[1009,/);
    });
  });

  describe('xhr polling', () => {
    it('opens, sends and receives', async () => {
      const session = at(sessionPath());
      const open = await post(`${session}/xhr`);
      expect(open).toMatchObject({ status: 200, body: 'o\n' });
      expect(contentType(open)).toBe('application/javascript;charset=utf-8');
      expectCors(open);
      expectUncached(open);
      await prime(session);
      const sent = await post(`${session}/xhr_send`, body('x'));
      expect(sent).toMatchObject({ status: 204, body: '' });
      expect(contentType(sent)).toBe('text/plain;charset=utf-8');
      expectCors(sent);
      expectUncached(sent);
      expect(await post(`${session}/xhr`)).toMatchObject({ status: 200, body: `${arrayFrame('x')}\n` });
    });

    it('gives what waits in one frame', async () => {
      const session = await pollingSession();
      await send(session, 'a', 'b');
      await send(session, 'c');
      expect((await post(`${session}/xhr`)).body).toBe(`${arrayFrame('a', 'b', 'c')}\n`);
    });

    it('waits for a message', async () => {
      const session = await pollingSession();
      const waiting = startRequest(`${session}/xhr`, { method: 'POST' });
      await send(session, 'late');
      expect(await (await waiting.answered).rest()).toBe(`${arrayFrame('late')}\n`);
    });

    it('is a page of our own under its own origin', async () => {
      const session = at(sessionPath());
      const origin = { origin: server.origin };
      expectCors(await post(`${session}/xhr`, '', origin), server.origin);
      expectCors(await post(`${session}/xhr_send`, '[]', origin), server.origin);
    });

    it('answers broken and empty bodies in words, and lives on', async () => {
      const session = await pollingSession();
      for (const broken of ['["x', 'x', '[', '{"a":', '["\n"]']) {
        expect(await post(`${session}/xhr_send`, broken)).toMatchObject({
          status: 500,
          body: 'Broken JSON encoding.',
        });
      }
      for (const empty of ['', '"text"', '{}', '5', 'null', '{"length":0}']) {
        expect(await post(`${session}/xhr_send`, empty)).toMatchObject({
          status: 500,
          body: 'Payload expected.',
        });
      }
      await send(session, 'a');
      expect((await post(`${session}/xhr`)).body).toBe(`${arrayFrame('a')}\n`);
    });

    it('takes a body under any of the content types that browsers send', async () => {
      const session = await pollingSession();
      const types = [
        'text/plain',
        'T',
        'application/json',
        'application/xml',
        '',
        'application/json; charset=utf-8',
        'text/xml; charset=utf-8',
        'text/xml',
      ];
      for (const type of types) {
        const answer = await post(`${session}/xhr_send`, body('a'), { 'content-type': type });
        expect(answer).toMatchObject({ status: 204, body: '' });
      }
      expect((await post(`${session}/xhr`)).body).toBe(`${arrayFrame(...types.map(() => 'a'))}\n`);
    });

    it('takes a body in chunks', async () => {
      const session = await pollingSession();
      const answer = await request(`${session}/xhr_send`, {
        method: 'POST',
        body: body('日本'),
        chunked: true,
      });
      expect(answer.status).toBe(204);
      expect(await poll(session)).toEqual([message('日本')]);
    });
  });

  describe('xhr streaming', () => {
    it('begins with two kilobytes and the open frame, and goes on', async () => {
      const session = at(sessionPath());
      const stream = await openStream(`${session}/xhr_streaming`, { method: 'POST' });
      expect(stream.status).toBe(200);
      expect(contentType(stream)).toBe('application/javascript;charset=utf-8');
      expectCors(stream);
      expectUncached(stream);
      expect(await stream.readThrough('\n')).toBe(`${'h'.repeat(2048)}\n`);
      expect(await stream.readThrough('\n')).toBe('o\n');
      await prime(session);
      for (const text of ['x', 'y']) {
        await send(session, text);
        expect(await stream.readThrough('\n')).toBe(`${arrayFrame(text)}\n`);
      }
      await stream.abort();
    });

    it('ends an answer of 128 KiB, and the session goes on in the next', async () => {
      const { session, stream } = await streamingSession();
      const texts = Array.from({ length: 5 }, (_, index) => `${index}`.repeat(30_000));
      for (const text of texts) await send(session, text);
      const rest = await stream.rest();
      expect(rest.length).toBeGreaterThan(128 * 1024 - 2100);
      const next = await openStream(`${session}/xhr_streaming`, { method: 'POST' });
      await next.readThrough('h\n');
      await send(session, 'after');
      let all = rest;
      while (!all.includes('after')) all += await next.readThrough('\n');
      const received = all
        .trimEnd()
        .split('\n')
        .flatMap((frame) => {
          const decoded = decodeServerFrame(frame);
          return decoded?.type === 'messages' ? decoded.messages : [`no messages: ${frame.slice(0, 20)}`];
        });
      expect(received).toEqual([...texts, 'after'].map(message));
      await next.abort();
    });
  });

  describe('eventsource', () => {
    it('streams events', async () => {
      const session = at(sessionPath());
      const stream = await openStream(`${session}/eventsource`);
      expect(stream.status).toBe(200);
      expect(contentType(stream)).toMatch(/^text\/event-stream(;charset=utf-8)?$/);
      expectUncached(stream);
      expectCors(stream);
      expect(await stream.readThrough('\r\n')).toBe('\r\n');
      expect(await stream.readThrough('\r\n\r\n')).toBe('data: o\r\n\r\n');
      await prime(session);
      await send(session, 'x');
      expect(await stream.readThrough('\r\n\r\n')).toBe(`data: ${arrayFrame('x')}\r\n\r\n`);
      await send(session, '  \u0000\n\r ');
      expect(await stream.readThrough('\r\n\r\n')).toBe(`data: ${arrayFrame('  \u0000\n\r ')}\r\n\r\n`);
      await stream.abort();
    });

    it('escapes percent signs, which its clients decode', async () => {
      const session = at(sessionPath());
      const stream = await openStream(`${session}/eventsource`);
      await stream.readThrough('data: o\r\n\r\n');
      await prime(session);
      await send(session, '100% %41');
      expect(await stream.readThrough('\r\n\r\n')).toBe(
        `data: ${arrayFrame('100% %41').replaceAll('%', '%25')}\r\n\r\n`,
      );
      await stream.abort();
    });

    it('ends an answer of 128 KiB', async () => {
      const session = at(sessionPath());
      const stream = await openStream(`${session}/eventsource`);
      await stream.readThrough('data: o\r\n\r\n');
      await prime(session);
      await send(session, 'x'.repeat(100_000));
      await send(session, 'y'.repeat(100_000));
      expect(await stream.rest()).toBe(
        `data: ${arrayFrame('x'.repeat(100_000))}\r\n\r\ndata: ${arrayFrame('y'.repeat(100_000))}\r\n\r\n`,
      );
    });
  });

  describe('htmlfile', () => {
    it('streams scripts that call back', async () => {
      const session = at(sessionPath());
      const stream = await openStream(`${session}/htmlfile?c=%63allback`);
      expect(stream.status).toBe(200);
      expect(contentType(stream)).toBe('text/html;charset=utf-8');
      expectUncached(stream);
      const head = await stream.readThrough('\r\n\r\n');
      expect(head.length).toBeGreaterThan(1024);
      expect(head).toMatch(/^<!doctype html>\n<html>/i);
      expect(head).toContain('var c = parent.callback;');
      expect(head).toContain('c.start();');
      expect(head).toContain('function p(d) {c.message(d);};');
      expect(head).toContain('window.onload = function() {c.stop();};');
      expect(await stream.readThrough('</script>\r\n')).toBe('<script>\np("o");\n</script>\r\n');
      await prime(session);
      await send(session, 'x');
      expect(await stream.readThrough('</script>\r\n')).toBe(
        `<script>\np(${JSON.stringify(arrayFrame('x'))});\n</script>\r\n`,
      );
      await stream.abort();
    });

    it('takes the callback under its long name too', async () => {
      const stream = await openStream(at(`${sessionPath()}/htmlfile?callback=a.b_c-1`));
      expect(await stream.readThrough('\r\n\r\n')).toContain('var c = parent.a.b_c-1;');
      await stream.abort();
    });

    it('ends an answer of 128 KiB', async () => {
      const session = at(sessionPath());
      const stream = await openStream(`${session}/htmlfile?c=x`);
      await stream.readThrough('p("o");\n</script>\r\n');
      await prime(session);
      await send(session, 'x'.repeat(100_000));
      await send(session, 'y'.repeat(100_000));
      const frames = ['x', 'y'].map((letter) => JSON.stringify(arrayFrame(letter.repeat(100_000))));
      expect(await stream.rest()).toBe(
        frames.map((frame) => `<script>\np(${frame});\n</script>\r\n`).join(''),
      );
    });
  });

  describe('jsonp', () => {
    it('opens, sends and receives', async () => {
      const session = at(sessionPath());
      const open = await get(`${session}/jsonp?c=%63allback`);
      expect(open).toMatchObject({ status: 200, body: '/**/callback("o");\r\n' });
      expect(contentType(open)).toBe('application/javascript;charset=utf-8');
      expect(open.headers['x-content-type-options']).toBe('nosniff');
      expectUncached(open);
      await prime(session);
      const sent = await post(`${session}/jsonp_send`, `d=${encodeURIComponent(body('x'))}`, FORM);
      expect(sent).toMatchObject({ status: 200, body: 'ok' });
      expect(contentType(sent)).toBe('text/plain;charset=utf-8');
      expectUncached(sent);
      expect(await get(`${session}/jsonp?c=%63allback`)).toMatchObject({
        status: 200,
        body: `/**/callback(${JSON.stringify(arrayFrame('x'))});\r\n`,
      });
    });

    it('answers broken and empty forms in words, and lives on', async () => {
      const session = await pollingSession();
      const broken = await post(`${session}/jsonp_send`, 'd=%5B%22x', FORM);
      expect(broken).toMatchObject({ status: 500, body: 'Broken JSON encoding.' });
      for (const empty of ['', 'd=', 'p=p', 'd=%7B%7D', 'd=5']) {
        const answer = await post(`${session}/jsonp_send`, empty, FORM);
        expect(answer).toMatchObject({ status: 500, body: 'Payload expected.' });
      }
      await post(`${session}/jsonp_send`, `d=${encodeURIComponent(body('b'))}`, FORM);
      expect(await poll(session)).toEqual([message('b')]);
    });

    it('takes a form and plain text', async () => {
      const session = await pollingSession();
      await post(`${session}/jsonp_send`, `d=${encodeURIComponent(body('abc'))}`, FORM);
      const plain = await post(`${session}/jsonp_send`, body('%61bc'), { 'content-type': 'text/plain' });
      expect(plain).toMatchObject({ status: 200, body: 'ok' });
      expect(await poll(session)).toEqual([message('abc'), message('%61bc')]);
    });
  });

  describe.each(['/htmlfile', '/jsonp'])('the callback of %s', (transport) => {
    it('is required', async () => {
      expect(await get(at(sessionPath() + transport))).toMatchObject({
        status: 500,
        body: '"callback" parameter required',
      });
    });

    it.each(['a%20b', 'alert(1)', '%3Cscript%3E', 'a%27', 'a%0A', 'a;b', 'ü'.repeat(2), 'x'.repeat(33)])(
      'may not be %s',
      async (callback) => {
        const answer = await get(at(`${sessionPath()}${transport}?c=${encodeURI(decodeURI(callback))}`));
        expect(answer).toMatchObject({ status: 500, body: 'invalid "callback" parameter' });
      },
    );

    it('may have 32 characters', async () => {
      const answer = await openStream(at(`${sessionPath()}${transport}?c=${'x'.repeat(32)}`));
      expect(answer.status).toBe(200);
      await answer.abort();
    });
  });

  describe('websocket', () => {
    it('frames messages', async () => {
      const socket = await openSocket(socketAt(`${sessionPath()}/websocket`));
      expect(await socket.next()).toBe('o');
      if (opening !== undefined) socket.send(JSON.stringify([opening]));
      socket.send('');
      socket.send(body('a'));
      expect(await socket.next()).toBe(arrayFrame('a'));
      socket.send(JSON.stringify(message('bare')));
      expect(await socket.next()).toBe(arrayFrame('bare'));
      await socket.close();
    });

    it('may share a session id with another, at a time and later', async () => {
      const session = sessionPath();
      for (let visit = 0; visit < 2; visit++) {
        const a = await openSocket(socketAt(`${session}/websocket`));
        const b = await openSocket(socketAt(`${session}/websocket`));
        for (const socket of [a, b]) expect(await socket.next()).toBe('o');
        for (const [socket, text] of [
          [a, 'a'],
          [b, 'b'],
        ] as const) {
          if (opening !== undefined) socket.send(JSON.stringify([opening]));
          socket.send(body(text));
          expect(await socket.next()).toBe(arrayFrame(text));
        }
        await a.close();
        await b.close();
      }
    });

    it.each(['["a', 'a', '{"a":', '["a"]x'])('closes with 3000 after %s', async (broken) => {
      const socket = await openSocket(socketAt(`${sessionPath()}/websocket`));
      expect(await socket.next()).toBe('o');
      socket.send(broken);
      expect(await socket.closed).toEqual({ code: 3000, reason: 'Broken framing.' });
    });

    it.each(['', '/websocket'])('is raw at %j', async (rest) => {
      const socket = await openSocket(socketAt(rest));
      if (opening !== undefined) socket.send(opening);
      for (const text of ['Hello world!\uffff', '["a"]', '', 'o']) {
        // An empty text is no message of the multiplex protocol, and the rest of these is.
        socket.send(message(text));
        expect(await socket.next()).toBe(message(text));
      }
      await socket.close();
    });

    it('answers 400 to a request that does not upgrade', async () => {
      expect((await get(at('/0/0/websocket'))).status).toBe(400);
      expect((await get(at('/websocket'))).status).toBe(400);
      const closing = { upgrade: 'WebSocket', connection: 'close' };
      expect((await get(at('/0/0/websocket'), closing)).status).toBe(400);
    });

    it.each(['Upgrade', 'keep-alive, Upgrade'])('shakes hands under Connection: %s', async (connection) => {
      const socket = await openTcp();
      const head = await exchange(
        socket,
        `GET ${path}${sessionPath()}/websocket HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n` +
          `Upgrade: websocket\r\nConnection: ${connection}\r\nSec-WebSocket-Version: 13\r\n` +
          'Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n\r\n',
        '\r\n\r\n',
      );
      socket.destroy();
      expect(head).toMatch(/^HTTP\/1\.1 101 /);
      expect(head).toMatch(/\r\nsec-websocket-accept: HSmrc0sMlYUkAGmm5OPpG2HaGWk=\r\n/i);
      expect(head).toMatch(/\r\nconnection: upgrade\r\n/i);
      expect(head).toMatch(/\r\nupgrade: websocket\r\n/i);
      expect(head).not.toMatch(/\r\ncontent-length:/i);
    });
  });

  describe('characters', () => {
    it('that browsers mangle are escaped on the way out', async () => {
      const fragile = codeUnits(
        (unit) =>
          (unit >= 0x200c && unit <= 0x200f) ||
          (unit >= 0x2028 && unit <= 0x202f) ||
          (unit >= 0x2060 && unit <= 0x206f) ||
          (unit >= 0xfff0 && unit <= 0xffff),
      );
      const session = await pollingSession();
      await send(session, fragile);
      expect((await post(`${session}/xhr`)).body).toBe(`a["${message(escapeUnits(fragile))}"]\n`);
    });

    it('all come back as they went, halves of surrogate pairs included', async () => {
      const session = await pollingSession();
      for (let start = 0; start < 0x10000; start += 0x4000) {
        const units = codeUnits((unit) => unit >= start && unit < start + 0x4000);
        const sent = await post(`${session}/xhr_send`, `["${message('')}${escapeUnits(units)}"]`);
        expect(sent.status).toBe(204);
        expect(await poll(session)).toEqual([message(units)]);
      }
    });
  });

  describe('HTTP', () => {
    it.each(['1.0', '1.1'])('%s keeps a connection alive over a greeting', async (version) => {
      const socket = await openTcp();
      const ask = `GET ${path} HTTP/${version}\r\nHost: 127.0.0.1:${server.port}\r\nConnection: Keep-Alive\r\n\r\n`;
      const first = await exchange(socket, ask, 'Welcome to SockJS!\n');
      expect(first).toMatch(/^HTTP\/1\.[01] 200 /);
      if (version === '1.0') expect(first).not.toMatch(/\r\ntransfer-encoding:/i);
      if (/\r\nconnection: keep-alive\r\n/i.test(first)) {
        expect(await exchange(socket, ask, 'Welcome to SockJS!\n')).toMatch(/HTTP\/1\.[01] 200 /);
      } else {
        expect(version).toBe('1.0');
      }
      socket.destroy();
    });

    it.each([
      ['1.0', false],
      ['1.1', true],
    ])('%s streams (in chunks: %s) without a length', async (version, chunked) => {
      const socket = await openTcp();
      const text = await exchange(
        socket,
        `POST ${path}${sessionPath()}/xhr_streaming HTTP/${version}\r\nHost: 127.0.0.1:${server.port}\r\n` +
          'Content-Length: 0\r\n\r\n',
        'o\n',
      );
      socket.destroy();
      expect(text).toMatch(/^HTTP\/1\.[01] 200 /);
      expect(/\r\ntransfer-encoding: chunked\r\n/i.test(text)).toBe(chunked);
      expect(text).not.toMatch(/\r\ncontent-length:/i);
    });
  });
});

function codeUnits(wanted: (unit: number) => boolean): string {
  let text = '';
  for (let unit = 0; unit < 0x10000; unit++) if (wanted(unit)) text += String.fromCharCode(unit);
  return text;
}

/** Each code unit as a JSON escape. */
function escapeUnits(text: string): string {
  let escaped = '';
  for (let at = 0; at < text.length; at++) {
    escaped += `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

async function openTcp(): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  await within('a TCP connection', new Promise<void>((resolve) => socket.once('connect', resolve)));
  return socket;
}
