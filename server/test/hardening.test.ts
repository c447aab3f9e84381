import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { decodeServerFrame } from '../../protocol/sockjs.ts';
import { createServer } from '../create-server.ts';
import { expectQuiet } from './support/fence.ts';
import { get, openStream, post, request, type Answer, type Ask } from './support/http-exchange.ts';
import { MultiplexClient } from './support/multiplex-client.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openRawLine, openSocket, openSockJSLine, refusedUpgrade } from './support/websocket-line.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

async function restart(options: Parameters<typeof startServer>[0]): Promise<void> {
  await server.close();
  server = await startServer(options);
}

const onLayout = async (): Promise<RoomsClient> => new RoomsClient(await openRawLine(server.ws('/layout')));

/** Two clients in a room; asserts that they still hear each other. */
async function bystanders(): Promise<() => Promise<void>> {
  const a = await onLayout();
  const b = await onLayout();
  await a.ask('JOIN', { room: 'bystanders', name: 'ann' });
  await b.ask('JOIN', { room: 'bystanders', name: 'bob' });
  return async () => {
    a.say('NOTIFY', { room: 'bystanders', message: 'still here' });
    expect(await b.next()).toEqual(['EVENT', { sender: 'ann', room: 'bystanders', message: 'still here' }]);
    await expectQuiet(a, b);
  };
}

/** Opens a polling session at a base URL. */
async function session(path = '/echo', ask: Ask = {}): Promise<string> {
  const url = server.http(path + sessionPath());
  expect((await request(`${url}/xhr`, { method: 'POST', ...ask })).body).toBe('o\n');
  return url;
}

/** Messages of one poll, after whatever has to come first. */
async function poll(url: string): Promise<readonly string[]> {
  const frame = decodeServerFrame((await post(`${url}/xhr`)).body.trimEnd());
  return frame?.type === 'messages' ? frame.messages : [`no messages: ${frame?.type}`];
}

function expectSafeError(answer: Answer, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.headers['content-type']).toMatch(/^text\/(plain|html);/);
}

describe('request bodies', () => {
  const LONG = JSON.stringify(['x'.repeat(10 * 1024 * 1024)]);

  it.each([
    ['/xhr_send', 'text/plain', false],
    ['/xhr_send', 'text/plain', true],
    ['/jsonp_send', 'application/x-www-form-urlencoded', false],
    ['/jsonp_send', 'text/plain', true],
  ])('of 10 MB are refused by %s (%s, chunked: %s), and the session lives on', async (rest, type, chunked) => {
    const check = await bystanders();
    const url = await session();
    const headers = { 'content-type': type };
    const answer = await request(url + rest, { method: 'POST', body: LONG, headers, chunked });
    expectSafeError(answer, 413);
    expect((await post(`${url}/xhr_send`, '["after"]')).status).toBe(204);
    expect(await poll(url)).toEqual(['after']);
    await check();
  });

  it.each([false, true])('are counted in bytes up to the limit (chunked: %s)', async (chunked) => {
    await restart({ limits: { body: 1000 } });
    const url = await session();
    const body = (text: string): string => JSON.stringify([text]);
    const send = (text: string): Promise<Answer> =>
      request(`${url}/xhr_send`, { method: 'POST', body: body(text), chunked });
    expect((await send('x'.repeat(996))).status).toBe(204);
    expectSafeError(await send('x'.repeat(997)), 413);
    expectSafeError(await send('ü'.repeat(499)), 413);
    expect(await poll(url)).toEqual(['x'.repeat(996)]);
  });

  it('are refused where no body is expected', async () => {
    await restart({ limits: { body: 1000 } });
    const url = server.http(`/echo${sessionPath()}`);
    expectSafeError(await post(`${url}/xhr`, 'x'.repeat(1001)), 413);
    expectSafeError(await post(`${url}/xhr_streaming`, 'x'.repeat(1001)), 413);
  });

  it('have no limit where it is lifted', async () => {
    await restart({ limits: { body: 0, message: 0, outbox: 0 } });
    const url = await session();
    const text = 'x'.repeat(3_000_000);
    expect((await post(`${url}/xhr_send`, JSON.stringify([text]))).status).toBe(204);
    expect(await poll(url)).toEqual([text]);
  });
});

describe('messages over the limit', () => {
  it.each([
    ['a raw WebSocket', () => openRawLine(server.ws('/echo'))],
    ['a SockJS WebSocket', () => openSockJSLine(server.ws('/echo'))],
  ])('close %s with 1009', async (_, open) => {
    await restart({ limits: { message: 1000 } });
    const line = await open();
    await line.send('x'.repeat(1000));
    expect(await line.next()).toBe('x'.repeat(1000));
    await line.send('x'.repeat(1001));
    expect(await line.closed).toMatchObject({ code: 1009 });
  });

  it.each(['/echo', '/echo/000/abc/websocket'])('may be a 10 MB frame at %s', async (path) => {
    const check = await bystanders();
    const socket = await openSocket(server.ws(path));
    socket.send(JSON.stringify(['x'.repeat(10 * 1024 * 1024)]));
    // The server may hang up before it has read all of the frame, and then its reason cannot arrive.
    expect([1009, 1006]).toContain((await socket.closed).code);
    await check();
  });

  it('close a session over HTTP with 1009, and its messages before that are heard', async () => {
    await restart({ limits: { message: 1000 } });
    const url = await session();
    expect((await post(`${url}/xhr_send`, JSON.stringify(['ok', 'x'.repeat(1001), 'late']))).status).toBe(204);
    expect(await poll(url)).toEqual(['ok']);
    expect((await post(`${url}/xhr`)).body).toMatch(/^c\[1009,/);
  });

  it('may be as long as they like where the limit is lifted', async () => {
    await restart({ limits: { message: 0, outbox: 0 } });
    for (const open of [openRawLine, openSockJSLine]) {
      const line = await open(server.ws('/echo'));
      await line.send('x'.repeat(2_000_000));
      expect((await line.next()).length).toBe(2_000_000);
    }
  });
});

describe('session ids', () => {
  it.each([
    '__proto__',
    'constructor',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
    'prototype',
    'undefined',
    'null',
    '0',
    '%00',
    'x'.repeat(2000),
  ])('like %.20s behave like any other', async (id) => {
    const url = server.http(`/echo/000/${id}`);
    expect((await post(`${url}/xhr_send`, '["early"]')).status).toBe(404);
    expect((await post(`${url}/jsonp_send`, '["early"]', { 'content-type': 'text/plain' })).status).toBe(404);
    expect(await post(`${url}/xhr`)).toMatchObject({ status: 200, body: 'o\n' });
    expect((await post(`${url}/xhr_send`, '["x"]')).status).toBe(204);
    expect(await poll(url)).toEqual(['x']);
    const socket = await openSocket(server.ws(`/echo/000/${id}/websocket`));
    expect(await socket.next()).toBe('o');
  });

  it('belong to their base URL', async () => {
    const id = sessionPath();
    const paths = ['/echo', '/layout', '/multiplex', '/bus', '/lobby', '/trigger'];
    for (const path of paths) {
      for (const rest of ['/xhr_send', '/jsonp_send']) {
        const answer = await post(server.http(path + id + rest), '["x"]', { 'content-type': 'text/plain' });
        expect(answer.status).toBe(404);
      }
      // A session of that id here is another one than those before.
      expect((await post(server.http(`${path}${id}/xhr`))).body).toBe('o\n');
    }
    expect((await post(server.http(`/echo${id}/xhr_send`), '["mine"]')).status).toBe(204);
    expect(await poll(server.http(`/echo${id}`))).toEqual(['mine']);
  });

  it('do not let another address in', async () => {
    const url = await session();
    const elsewhere = { localAddress: '127.0.0.2' };
    for (const rest of ['/xhr_send', '/jsonp_send', '/xhr', '/xhr_streaming']) {
      const answer = await request(url + rest, { method: 'POST', body: '["stolen"]', ...elsewhere });
      expectSafeError(answer, 404);
    }
    for (const rest of ['/eventsource', '/htmlfile?c=x', '/jsonp?c=x']) {
      expectSafeError(await request(url + rest, elsewhere), 404);
    }
    expect((await post(`${url}/xhr_send`, '["mine"]')).status).toBe(204);
    expect(await poll(url)).toEqual(['mine']);
  });

  it('do not let another owner in', async () => {
    const cookie = { cookie: 'theme=dark; roomplex_owner=ann; x=y' };
    const url = await session('/echo', { headers: cookie });
    const others = [
      {},
      { cookie: 'roomplex_owner=bob' },
      { cookie: 'xroomplex_owner=ann' },
      { cookie: 'roomplex_owner=' },
      { cookie: 'roomplex_owner=anna' },
    ];
    for (const headers of others) {
      expectSafeError(await post(`${url}/xhr_send`, '["stolen"]', headers), 404);
      expectSafeError(await post(`${url}/xhr`, '', headers), 404);
      expectSafeError(await get(`${url}/htmlfile?c=x`, headers), 404);
    }
    expect((await post(`${url}/xhr_send`, '["mine"]', cookie)).status).toBe(204);
    expect((await post(`${url}/xhr`, '', cookie)).body).toBe('a["mine"]\n');
  });

  it('let the owner in from another address, as phones do that change networks', async () => {
    const headers = { cookie: 'roomplex_owner=ann' };
    const url = await session('/echo', { headers });
    const answer = await request(`${url}/xhr_send`, {
      method: 'POST',
      body: '["roaming"]',
      headers,
      localAddress: '127.0.0.2',
    });
    expect(answer.status).toBe(204);
  });

  it('are at most so many from one address', async () => {
    await restart({ limits: { sessions: 3 } });
    for (let i = 0; i < 3; i++) await session();
    expectSafeError(await post(server.http(`/echo${sessionPath()}/xhr`)), 503);
    expectSafeError(await get(server.http(`/layout${sessionPath()}/htmlfile?c=x`)), 503);
    await session('/echo', { localAddress: '127.0.0.2' });
    // A request that opens no session needs no room for one.
    expect((await post(server.http(`/echo${sessionPath()}/xhr_send`), '[]')).status).toBe(404);
  });

  it('that never opened hold no place', async () => {
    await restart({ limits: { sessions: 1 } });
    for (let i = 0; i < 5; i++) {
      expect((await get(server.http(`/echo${sessionPath()}/jsonp`))).status).toBe(500);
      expect((await get(server.http(`/echo${sessionPath()}/htmlfile?c=%3C`))).status).toBe(500);
    }
    await session();
  });
});

describe('connections', () => {
  it('are at most so many in all', async () => {
    await restart({ limits: { connections: 2 } });
    const first = await openSocket(server.ws('/echo'));
    await session();
    expect(await refusedUpgrade(server.ws('/echo'))).toBe(503);
    expect(await refusedUpgrade(server.ws('/echo/000/abc/websocket'))).toBe(503);
    expectSafeError(await post(server.http(`/echo${sessionPath()}/xhr`)), 503);
    first.send('x');
    expect(await first.next()).toBe('x');
  });
});

describe('htmlfile', () => {
  const EVIL = `</script><script>alert('<!--')</script>`;

  /** The script blocks of what a browser would see, by the first closing tag. */
  function scripts(html: string): string[] {
    return [...html.matchAll(/<script>([\s\S]*?)<\/script>/gi)].map((match) => match[1] ?? '');
  }

  /** Runs the blocks as the page would and returns the frames that were called back. */
  function frames(html: string): string[] {
    return scripts(html).flatMap((script) => {
      const call = /^\np\((.*)\);\n$/s.exec(script);
      return call === null ? [] : [JSON.parse(call[1] ?? '') as string];
    });
  }

  it('lets no message out of its script block', async () => {
    const url = server.http(`/echo${sessionPath()}`);
    const stream = await openStream(`${url}/htmlfile?c=x`);
    await stream.readThrough('p("o");\n</script>\r\n');
    await post(`${url}/xhr_send`, JSON.stringify([EVIL]));
    const block = await stream.readThrough('</script>\r\n');
    expect(block.toLowerCase().match(/<\/?script|<!--/g)).toEqual(['<script', '</script']);
    expect(frames(block).map(decodeServerFrame)).toEqual([{ type: 'messages', messages: [EVIL] }]);
    await stream.abort();
  });

  it('lets no message out that waited for it in a session of another transport', async () => {
    const url = await session();
    await post(`${url}/xhr_send`, JSON.stringify([EVIL]));
    const stream = await openStream(`${url}/htmlfile?c=x`);
    await stream.readThrough('</script>');
    const block = await stream.readThrough('</script>\r\n');
    expect(block.toLowerCase().match(/<\/?script|<!--/g)).toEqual(['<script', '</script']);
    await stream.abort();
  });

  it('lets no message out that waits while the session is closed', async () => {
    const url = server.http(`/echo${sessionPath()}`);
    const stream = await openStream(`${url}/htmlfile?c=x`);
    await stream.readThrough('p("o");\n</script>\r\n');
    // Fills the answer, so that it ends, and what follows waits for the next one.
    await post(`${url}/xhr_send`, JSON.stringify(['x'.repeat(131_000), 'y'.repeat(1000)]));
    await stream.rest();
    await post(`${url}/xhr_send`, JSON.stringify([EVIL, 'x'.repeat(131_073)]));
    const { body } = await get(`${url}/htmlfile?c=x`);
    expect(body).not.toContain('<script>alert');
    expect(frames(body).map(decodeServerFrame)).toMatchObject([
      { type: 'messages', messages: [EVIL] },
      { type: 'close', code: 1009 },
    ]);
  });

  it('takes no long callback in a session that is open either', async () => {
    const url = await session();
    const answer = await get(`${url}/htmlfile?c=${'x'.repeat(33)}`);
    expectSafeError(answer, 500);
    expect(answer.body).toBe('invalid "callback" parameter');
  });
});

describe('things that are no strings', () => {
  const FRAME = '[5,null,true,{"a":1},["nested"],"real",{"length":1}]';

  it('never reach a gateway over HTTP', async () => {
    const url = await session();
    expect((await post(`${url}/xhr_send`, FRAME)).status).toBe(204);
    expect(await poll(url)).toEqual(['real']);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post(`${url}/jsonp_send`, `d=${encodeURIComponent(FRAME)}`, form)).status).toBe(200);
    expect(await poll(url)).toEqual(['real']);
  });

  it('never reach a gateway over a WebSocket', async () => {
    const socket = await openSocket(server.ws(`/echo${sessionPath()}/websocket`));
    expect(await socket.next()).toBe('o');
    socket.send(FRAME);
    expect(await socket.next()).toBe('a["real"]');
  });
});

describe('error answers', () => {
  it('say what they are, so that a browser need not guess', async () => {
    const url = await session();
    const send = (rest: string, body: string): Promise<Answer> => post(url + rest, body);
    expectSafeError(await get(server.http('/echo/nowhere')), 404);
    expectSafeError(await send('/xhr_send', '<script>'), 500);
    expectSafeError(await send('/xhr_send', ''), 500);
    expectSafeError(await get(`${url}/jsonp`), 500);
    expectSafeError(await get(`${url}/jsonp?c=%3Cscript%3E`), 500);
    expectSafeError(await get(`${url}/htmlfile`), 500);
    expectSafeError(await get(`${url}/xhr`), 405);
    expectSafeError(await get(`${url}/websocket`), 400);
    expectSafeError(await get(server.http('/echo/info'), { origin: 'http://evil.example' }), 403);
    expectSafeError(await get(server.http('/nowhere')), 404);
  });

  it('never repeat what was asked', async () => {
    for (const path of ['/echo/<script>x', '/%3Cscript%3Ex', '/bus-message/%zz<script>x']) {
      const { body } = await request(server.http(path), { method: 'POST' });
      expect(body).not.toContain('script>x');
    }
  });
});

describe('upgrades', () => {
  it.each(['/', '/nowhere', '/echo/nowhere', '/echo/0/0/xhr', '/echo/a.b/c/websocket', '/echoes', '/Echo', '//echo'])(
    'that nobody owns are answered 404: %s',
    async (path) => {
      expect(await refusedUpgrade(server.ws(path))).toBe(404);
    },
  );

  it('to something else than a WebSocket are refused and not left hanging', async () => {
    const answer = await get(server.http('/echo'), { connection: 'Upgrade', upgrade: 'h2c' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  describe('on a server that has other listeners', () => {
    let host: Server;
    let address: string;
    let theirs: WebSocketServer;
    let mounted: ReturnType<typeof createServer>;
    beforeEach(async () => {
      theirs = new WebSocketServer({ noServer: true });
      theirs.on('connection', (socket) => socket.send('theirs'));
      host = createHttpServer((incoming, response) => {
        if (incoming.url === '/mine') response.end('theirs');
      });
      host.on('upgrade', (incoming, socket, head) => {
        if (incoming.url === '/mine') theirs.handleUpgrade(incoming, socket, head, (ws) => theirs.emit('connection', ws));
      });
      mounted = createServer(host, { rooms: 'open' });
      await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
      address = `127.0.0.1:${(host.address() as AddressInfo).port}`;
    });
    afterEach(async () => {
      await mounted.close();
      for (const client of theirs.clients) client.terminate();
      await new Promise<void>((resolve) => {
        host.close(() => resolve());
        host.closeAllConnections();
      });
    });

    it('go to whom they belong', async () => {
      const other = await openSocket(`ws://${address}/mine`);
      expect(await other.next()).toBe('theirs');
      const ours = await openSocket(`ws://${address}/echo`);
      ours.send('ours');
      expect(await ours.next()).toBe('ours');
      expect(await refusedUpgrade(`ws://${address}/nowhere`)).toBe(404);
      await other.close();
    });

    it('and so do requests', async () => {
      expect((await get(`http://${address}/mine`)).body).toBe('theirs');
      expect((await get(`http://${address}/echo`)).body).toBe('Welcome to SockJS!\n');
      expect((await get(`http://${address}/healthcheck`)).body).toBe('OK');
    });

    it('leave theirs alone when Roomplex closes', async () => {
      const other = await openSocket(`ws://${address}/mine`);
      expect(await other.next()).toBe('theirs');
      const ours = await openSocket(`ws://${address}/echo`);
      await mounted.close();
      expect(await ours.closed).toMatchObject({ code: 1001 });
      expect((await get(`http://${address}/mine`)).body).toBe('theirs');
      const again = await openSocket(`ws://${address}/mine`);
      expect(await again.next()).toBe('theirs');
      await other.close();
      await again.close();
    });
  });
});

describe('many topics', () => {
  it('on one connection: ten thousand where the limit is lifted, and none is left behind', async () => {
    await restart({ limits: { topics: 0, joins: 0 } });
    const client = await MultiplexClient.over(await openSockJSLine(server.ws('/multiplex')));
    const topics = Array.from({ length: 10_000 }, (_, index) => `t${index}`);
    for (let at = 0; at < topics.length; at += 1000) {
      client.say(...topics.slice(at, at + 1000).map((topic) => `sub,${topic}`));
    }
    for (const topic of ['t0', 't5000', 't9999']) {
      client.say(`msg,${topic},x`);
      expect(await client.next()).toBe(`msg,${topic},x`);
    }
    expect(await roomCount()).toBe(10_000);
    await client.close();
    const other = await MultiplexClient.over(await openRawLine(server.ws('/multiplex')));
    await expectQuiet(other);
    expect(await roomCount()).toBe(0);
  });

  it('on one connection: a thousand by default, whatever it asks for', async () => {
    const client = await MultiplexClient.over(await openSockJSLine(server.ws('/multiplex')));
    for (let at = 0; at < 10; at++) {
      client.say(...Array.from({ length: 1000 }, (_, index) => `sub,t${at * 1000 + index}`));
    }
    await expectQuiet(client);
    expect(await roomCount()).toBe(999);
  });

  it('in all: no more rooms than the limit', async () => {
    await restart({ limits: { rooms: 5 } });
    const client = await MultiplexClient.over(await openRawLine(server.ws('/multiplex')));
    for (let index = 0; index < 10; index++) client.say(`sub,t${index}`);
    await expectQuiet(client);
    expect(await roomCount()).toBe(5);
    const ann = await onLayout();
    expect(await ann.ask('JOIN', { room: 'one more', name: 'ann' })).toMatchObject(['ERROR', { code: 'limit' }]);
    expect(await ann.ask('JOIN', { room: 't0', name: 'ann' })).toEqual(['ACK', 2]);
  });

  async function roomCount(): Promise<number> {
    return (JSON.parse((await get(server.http('/api/overview'))).body) as { roomCount: number }).roomCount;
  }
});

describe('deep JSON', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

  it.each([100, 5000, 60_000])('of %d levels in a NOTIFY harms nobody', async (depth) => {
    const check = await bystanders();
    const a = await onLayout();
    const b = await onLayout();
    const topic = await MultiplexClient.over(await openRawLine(server.ws('/multiplex')));
    topic.say('sub,r1');
    for (const client of [a, b]) await client.ask('JOIN', { room: 'r1', name: 'ann', positions: client === a });
    await a.line.send(`["NOTIFY",{"room":"r1","message":${nested(depth)}}]`);
    await a.line.send(`["JOIN",{"room":"r2","name":"ann","info":${nested(Math.min(depth, 2000))}}]`);
    await a.line.send(`["NOTIFY",${JSON.stringify(nested(Math.min(depth, 60_000)))}]`);
    await a.line.send(nested(depth));
    // Passed on or refused, but answered in order and with everybody alive.
    await a.fence();
    await b.fence();
    a.say('NOTIFY', { room: 'r1', message: 'after' });
    let last: unknown[];
    do last = await b.next();
    while (last[1] === null || (last[1] as { message: unknown }).message !== 'after');
    await check();
  });

  it.each([100, 5000, 60_000])('of %d levels in a signal or a document harms nobody', async (depth) => {
    const check = await bystanders();
    for (const [gateway, verbs] of [
      ['lobby', ['["JOIN","green"]', `["BROADCAST",${nested(depth)}]`, `["RTCSIGNAL",{"to":${nested(depth)}}]`]],
      ['trigger', ['["JOIN","d"]', `["BROADCAST_EVENTS","d",${nested(depth)}]`, `["JOIN",${nested(depth)}]`]],
    ] as const) {
      const clients = [1, 2].map(async () => new RoomsClient(await openRawLine(server.ws(`/${gateway}`))));
      for (const client of await Promise.all(clients)) {
        for (const verb of verbs) await client.line.send(verb);
        await client.fence();
      }
    }
    await check();
  });

  it('in a SockJS frame or a request body harms nobody', async () => {
    const check = await bystanders();
    const socket = await openSocket(server.ws(`/echo${sessionPath()}/websocket`));
    expect(await socket.next()).toBe('o');
    socket.send(nested(200_000));
    socket.send('["after"]');
    expect(await socket.next()).toBe('a["after"]');
    const url = await session();
    expect((await post(`${url}/xhr_send`, nested(400_000))).status).toBe(204);
    expect((await post(`${url}/xhr_send`, '["after"]')).status).toBe(204);
    expect(await poll(url)).toEqual(['after']);
    const json = { 'content-type': 'application/json' };
    const status = (await post(server.http('/bus-message/b1'), nested(40_000), json)).status;
    expect([200, 400]).toContain(status);
    await check();
  });

  it('in a bus message that somebody hears harms nobody', async () => {
    const check = await bystanders();
    const bus = new RoomsClient(await openRawLine(server.ws('/bus')));
    await bus.ask('JOIN', { room: 'b1', name: 'bob' });
    const json = { 'content-type': 'application/json' };
    const answer = await post(server.http('/bus-message/b1'), nested(40_000), json);
    expect(answer.status).toBeLessThan(500);
    await bus.fence();
    await check();
  });
});
