import { execFile } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { openChannelLine } from '../../test/support/channel-line.ts';
import { DOORS } from '../../test/support/doors.ts';
import { expectQuiet } from '../../test/support/fence.ts';
import { exchange, get, post, request, type Answer, type Ask } from '../../test/support/http-exchange.ts';
import { pollingSession } from '../../test/support/polling-session.ts';
import { serverPool, type TestServer } from '../../test/support/server.ts';
import { TokenClient } from '../../test/support/token-client.ts';
import { openRawLine } from '../../test/support/websocket-line.ts';

const start = serverPool();
const [RAW] = DOORS as [(typeof DOORS)[number]];
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let server: TestServer;
beforeEach(async () => {
  server = await start({ tokenBroker: { allowUnregistered: true } });
});

/** `POST /` with a form. */
const call = (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> =>
  post(server.http('/'), new URLSearchParams(fields).toString(), { ...FORM, ...headers });

const ask = (path: string, how: Ask = {}): Promise<Answer> => request(server.http(path), how);

const open = (token?: string): Promise<TokenClient> => TokenClient.open(server, RAW, token);

/** An empty 200, as the original answers whatever it did. */
function expectDone(answer: Answer): void {
  expect(answer).toMatchObject({ status: 200, body: '' });
}

async function list(): Promise<unknown> {
  return JSON.parse((await call({ method: 'registeredTokenList' })).body);
}

describe('POST /', () => {
  it('S4.20 broadcasts to the receivers, and says nothing either way', async () => {
    const [a1, u] = [await open('abc1'), await open()];
    expectDone(await call({ method: 'broadcast', message: 'abc1|themessage' }));
    expect(await a1.next()).toBe('themessage');
    expectDone(await call({ method: 'broadcast', message: 'nobody,group/|themessage' }));
    expectDone(await call({ method: 'broadcast', message: 'abc1' }));
    expectDone(await call({ method: 'broadcast', message: '|x' }));
    expectDone(await call({ method: 'broadcast' }));
    await expectQuiet(a1, u);
    expectDone(await call({ method: 'broadcast', message: 'abc1|a|b & ü=+' }));
    expect(await a1.next()).toBe('a|b & ü=+');
  });

  it.each(DOORS)('S4.20 reaches a connection through $name', async (door) => {
    const client = await TokenClient.open(server, door, 'group/item1');
    expectDone(await call({ method: 'broadcast', message: 'group/|themessage' }));
    expect(await client.next()).toBe('themessage');
  });

  it('S4.21 knows no service messages in a broadcast', async () => {
    const [a1, u] = [await open('abc1'), await open()];
    for (const message of ['Echo:x', 'RegisterToken:abc1', 'Echo:x|y', 'RegisterToken:x|y']) {
      expectDone(await call({ method: 'broadcast', message }));
    }
    await expectQuiet(a1, u);
    const oddly = await open('Echo:x');
    expectDone(await call({ method: 'broadcast', message: 'Echo:x|y' }));
    expect(await oddly.next()).toBe('y');
  });

  it('S4.22 lists live connections with the tokens they have now', async () => {
    const [a1, u] = [await open('abc1'), await open()];
    u.say('RegisterToken:__proto__');
    await u.fence();
    const answer = await call({ method: 'get_clients', message: 'ignored' });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    const clients = new Map(Object.entries(JSON.parse(answer.body) as object));
    expect(new Set(clients.values())).toEqual(new Set(['__proto__', 'abc1']));
    for (const remote of clients.keys()) expect(remote).toMatch(/^127\.0\.0\.1:\d+$/);
    expect([...clients.keys()]).toEqual([...clients.keys()].toSorted((a, b) => (a < b ? -1 : 1)));
    await a1.close();
    await expectQuiet(u);
    expect(Object.values(JSON.parse((await call({ method: 'get_clients' })).body) as object)).toEqual([
      '__proto__',
    ]);
  });

  it('S4.22 tells apart connections that share a line', async () => {
    const socket = connect(server.port, '127.0.0.1');
    const poll = (session: string): string =>
      `POST /ws/000/${session}/xhr HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`;
    await exchange(socket, poll('one'), 'o\n');
    await exchange(socket, poll('two'), 'o\n');
    const clients = JSON.parse((await call({ method: 'get_clients' })).body) as object;
    const [first, second] = Object.keys(clients);
    expect(Object.keys(clients)).toHaveLength(2);
    expect(second).toBe(`${first}#2`);
    socket.destroy();
  });

  it('S4.22 lists a channel and a polling session by their carriers', async () => {
    await (await openChannelLine(await openRawLine(server.ws('/multiplex')), 'ws')).send('Echo:x');
    await pollingSession(server, '/ws');
    const answer = (): Promise<Answer> => call({ method: 'get_clients' });
    let clients = JSON.parse((await answer()).body) as object;
    while (Object.keys(clients).length < 2) clients = JSON.parse((await answer()).body) as object;
    expect(Object.values(clients)).toEqual(['unregistered', 'unregistered']);
  });

  it('S4.23 S4.24 registers and unregisters tokens', async () => {
    expectDone(await call({ method: 'registerToken', token: 'new' }));
    expect(await list()).toEqual({ new: true });
    expectDone(await call({ method: 'registerToken', message: 'newer', token: '' }));
    expectDone(await call({ method: 'registerToken', message: 'ignored', token: ' group/x ' }));
    expect(await list()).toEqual({ 'group/x': true, new: true, newer: true });
    expectDone(await call({ method: 'unregisterToken', token: 'new' }));
    expectDone(await call({ method: 'unregisterToken', message: 'never seen' }));
    expect((await call({ method: 'registeredTokenList' })).body).toBe(
      '{"group/x":true,"never seen":false,"new":false,"newer":true}',
    );
    expectDone(await call({ method: 'registerToken', token: 'new' }));
    expect(await list()).toMatchObject({ new: true });
  });

  it('S4.23 ignores an empty token and refuses what is none', async () => {
    expectDone(await call({ method: 'registerToken' }));
    expectDone(await call({ method: 'unregisterToken', token: ' ' }));
    for (const token of ['a,b', 'a|b', 'x'.repeat(256)]) {
      const answer = await call({ method: 'registerToken', token });
      expect(answer).toMatchObject({ status: 400, body: '{"error":"bad token"}' });
    }
    expect(await list()).toEqual({});
  });

  it('S4.34 lists odd tokens as what they are, in order', async () => {
    const tokens = ['10', '9', '__proto__', 'constructor', 'x'.repeat(255), '日本'];
    for (const token of tokens.toReversed()) await call({ method: 'registerToken', token });
    const { body } = await call({ method: 'registeredTokenList' });
    expect(body).toBe(`{${tokens.map((token) => `${JSON.stringify(token)}:true`).join(',')}}`);
  });

  it('S4.26 answers 400 to what is no method of its own', async () => {
    for (const fields of [
      { method: 'nope' },
      {},
      { method: '' },
      { method: 'toString' },
      { method: 'Broadcast' },
    ]) {
      const answer = await call(fields as Record<string, string>);
      expect(answer).toMatchObject({ status: 400, body: '{"error":"unknown method"}' });
      expect(answer.headers['content-type']).toBe('application/json');
    }
  });

  it('takes fields of the body before those of the query', async () => {
    const a1 = await open('abc1');
    const body = 'message=abc1%7Cfrom+the+body';
    expectDone(await ask('/?method=broadcast&message=abc1|query', { method: 'POST', body, headers: FORM }));
    expect(await a1.next()).toBe('from the body');
    expectDone(await ask('/?method=broadcast&message=abc1%7Cquery', { method: 'POST' }));
    expect(await a1.next()).toBe('query');
    expectDone(
      await ask('/?method=broadcast', {
        method: 'POST',
        body: 'message=abc1|x&message=abc1|y',
        headers: FORM,
      }),
    );
    expect(await a1.next()).toBe('x');
    const other = { 'content-type': 'text/plain' };
    expect((await ask('/', { method: 'POST', body: 'method=get_clients', headers: other })).status).toBe(400);
  });

  it('takes JSON', async () => {
    const a1 = await open('abc1');
    const json = (body: string, type = 'application/json'): Promise<Answer> =>
      post(server.http('/'), body, { 'content-type': type });
    expectDone(await json('{"method":"broadcast","message":"abc1|ü"}', 'application/json; charset=utf-8'));
    expect(await a1.next()).toBe('ü');
    expectDone(await json('{"method":"registerToken","token":5,"__proto__":"x"}'));
    expect(await list()).toEqual({ 5: true });
    for (const broken of ['', '{', '[]', 'null', '"x"', '['.repeat(60_000)]) {
      const answer = await json(broken);
      expect(answer).toMatchObject({ status: 400, body: '{"error":"the body is no JSON object"}' });
    }
    expect(await json('{"method":["broadcast"],"message":{}}')).toMatchObject({ status: 400 });
  });

  it('takes bodies in chunks and on request, up to 128 KiB', async () => {
    const a1 = await open('abc1');
    const start = 'method=broadcast&message=abc1|';
    const body = start + 'x'.repeat(131_072 - start.length);
    expectDone(await ask('/', { method: 'POST', body, headers: FORM, chunked: true }));
    expect(await a1.next()).toHaveLength(131_072 - start.length);
    expect((await call({ method: 'broadcast', message: `abc1|${'x'.repeat(131_072)}` })).status).toBe(413);
    const chunked = await ask('/', { method: 'POST', body: `${body}x`, headers: FORM, chunked: true });
    expect(chunked.status).toBe(413);
    const socket = connect(server.port, '127.0.0.1');
    const head =
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n' +
      `Content-Length: ${start.length + 2}\r\nExpect: 100-continue\r\n\r\n`;
    expect(await exchange(socket, head, '\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    expect(await exchange(socket, `${start}hi`, '\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(await a1.next()).toBe('hi');
    socket.destroy();
    await expectQuiet(a1);
  });

  it('works with the command of the old documentation', async () => {
    const a1 = await open('abc');
    for (const run of [curl, likeCurl]) {
      expect(await run(server.port)).toBe('200');
      expect(await a1.next()).toBe('themessage');
    }
    await expectQuiet(a1);
  });
});

/** The command itself, where the machine has it; returns the status. */
async function curl(port: number): Promise<string> {
  const args = [
    ...['--location', '--request', 'POST', `localhost:${port}`],
    ...['--header', 'Content-Type: application/x-www-form-urlencoded'],
    ...['--data-urlencode', 'method=broadcast', '--data-urlencode', 'message=abc|themessage'],
  ];
  try {
    return (await promisify(execFile)('curl', ['--silent', '--write-out', '%{http_code}', ...args])).stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return likeCurl(port);
    throw error;
  }
}

/** What the command puts on the wire. */
async function likeCurl(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const body = 'method=broadcast&message=abc%7Cthemessage';
  const answer = await exchange(
    socket,
    `POST / HTTP/1.1\r\nHost: localhost:${port}\r\nUser-Agent: curl/7.81.0\r\nAccept: */*\r\n` +
      `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    '\r\n\r\n',
  );
  socket.destroy();
  return /^HTTP\/1\.1 (\d+) /.exec(answer)?.[1] ?? answer;
}

describe('other requests at /', () => {
  it('S4.26 are answered by the API when their query names a method', async () => {
    await call({ method: 'registerToken', token: 'abc1' });
    const answer = await get(server.http('/?method=registeredTokenList'));
    expect(answer).toMatchObject({ status: 200, body: '{"abc1":true}' });
    const head = await ask('/?method=registeredTokenList', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-type']).toBe('application/json');
    expect((await get(server.http('/?method=nope'))).status).toBe(400);
    expectDone(await get(server.http('/?method=registerToken&token=abc2')));
    expect(await list()).toEqual({ abc1: true, abc2: true });
  });

  it('belong to the web app when they are plain', async () => {
    const web = await start({
      tokenBroker: {},
      web: (asked, response) => response.end(`page for ${asked.method} ${asked.url}`),
    });
    for (const path of ['/', '/?', '/?other=x', '/?Method=get_clients']) {
      expect((await get(web.http(path))).body).toBe(`page for GET ${path}`);
    }
    expect((await get(web.http('/?method=get_clients'))).body).toBe('{}');
  });

  it('are refused with 405 when they have another method', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const answer = await ask('/', { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe('GET, HEAD, POST, OPTIONS');
    }
  });
});

describe('pages of other sites', () => {
  const EVIL = { origin: 'http://evil.example' };
  const PREFLIGHT = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  };

  it('S4.26 are told the CORS headers of the original where all may come', async () => {
    server = await start({ tokenBroker: { allowUnregistered: true, origins: ['*'] } });
    for (const answer of [
      await ask('/', { method: 'OPTIONS' }),
      await ask('/', { method: 'OPTIONS', headers: { ...EVIL, ...PREFLIGHT } }),
      await call({ method: 'broadcast', message: 'a|b' }, EVIL),
      await call({ method: 'nope' }, EVIL),
      await get(server.http('/?method=get_clients'), EVIL),
      await ask('/', { method: 'PUT', headers: EVIL }),
    ]) {
      expect(answer.headers['access-control-allow-origin']).toBe('*');
      expect(answer.headers['access-control-allow-methods']).toBe('POST, GET, OPTIONS, PUT, DELETE');
      expect(answer.headers['access-control-allow-headers']).toBe(
        'Accept, Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, Authorization',
      );
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    }
    expectDone(await ask('/', { method: 'OPTIONS', headers: { ...EVIL, ...PREFLIGHT } }));
  });

  it('may use the API from an origin that is allowed, and no other', async () => {
    const origin = 'https://app.example';
    server = await start({
      tokenBroker: { allowUnregistered: true, origins: [origin], allowHeaders: 'X-One, X-Two' },
    });
    const preflight = await ask('/', { method: 'OPTIONS', headers: { origin, ...PREFLIGHT } });
    expect(preflight).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': origin, 'access-control-allow-headers': 'X-One, X-Two' },
    });
    expect(preflight.headers.vary).toBe('Origin');
    expectDone(await call({ method: 'registerToken', token: 'a' }, { origin }));
    const stranger = await ask('/', { method: 'OPTIONS', headers: { ...EVIL, ...PREFLIGHT } });
    expect(stranger.headers['access-control-allow-origin']).toBeUndefined();
    expect((await call({ method: 'registerToken', token: 'b' }, EVIL)).status).toBe(403);
    expect((await call({ method: 'get_clients' }, EVIL)).status).toBe(403);
    expect(await list()).toEqual({ a: true });
  });

  it('cannot change anything by GET either, with or without naming their origin', async () => {
    const crossSite = { 'sec-fetch-site': 'cross-site' };
    for (const headers of [EVIL, crossSite, { origin: 'null' }]) {
      for (const query of ['registerToken&token=x', 'unregisterToken&token=x', 'broadcast&message=abc1|x']) {
        expect((await get(server.http(`/?method=${query}`), headers)).status).toBe(403);
      }
      const answer = await get(server.http('/?method=registeredTokenList'), headers);
      expect(answer).toMatchObject({ status: 200, body: '{}' });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('are let in when they are our own', async () => {
    expectDone(await call({ method: 'registerToken', token: 'own' }, { origin: server.origin }));
    expect(await list()).toEqual({ own: true });
  });
});

describe('the key of the API', () => {
  it('is wanted from everybody but a preflight', async () => {
    server = await start({ tokenBroker: { apiKey: 'secret key', origins: ['*'] } });
    for (const authorization of [
      '',
      'Bearer',
      'Bearer x',
      'Basic secret key',
      'secret key',
      'Bearer secret key2',
    ]) {
      const answer = await call(
        { method: 'registeredTokenList' },
        authorization === '' ? {} : { authorization },
      );
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(answer.headers['access-control-allow-origin']).toBe('*');
      expect(answer.body).not.toContain('secret');
    }
    expect((await ask('/', { method: 'OPTIONS' })).status).toBe(200);
    const authorization = 'bearer secret key';
    expectDone(await call({ method: 'registerToken', token: 'x' }, { authorization }));
    const answer = await get(server.http('/?method=registeredTokenList'), { authorization });
    expect(answer.body).toBe('{"x":true}');
  });

  it('can be done without on the same machine alone', async () => {
    server = await start({ tokenBroker: { apiFrom: 'this-machine' } });
    expect((await call({ method: 'get_clients' })).status).toBe(200);
    for (const header of ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via']) {
      expect((await call({ method: 'get_clients' }, { [header]: 'x' })).status).toBe(403);
    }
  });
});

describe('a server with requests of its own', () => {
  it('keeps them at / when the API is elsewhere or nowhere', async () => {
    const host = () =>
      createHttpServer((asked, response) => {
        asked.resume();
        response.end(`host's ${asked.method}`);
      });
    for (const tokenBroker of [undefined, { apiPath: false }, { apiPath: '/broker' }] as const) {
      const mounted = await start({ ...(tokenBroker && { tokenBroker }) }, host());
      expect((await post(mounted.http('/'), 'method=get_clients', FORM)).body).toBe("host's POST");
      expect((await post(mounted.http('/broker'), 'method=get_clients', FORM)).body).toBe(
        tokenBroker?.apiPath === '/broker' ? '{}' : "host's POST",
      );
      mounted.roomplex.httpServer.close();
    }
  });

  it('has no broker unless it asks for one', async () => {
    const without = await start();
    expect(without.roomplex.paths).not.toContain('/ws');
    expect(without.roomplex.tokens).toBeUndefined();
    expect((await post(without.http('/'), 'method=get_clients', FORM)).status).toBe(404);
  });

  it('speaks to the broker from its own code', async () => {
    const { tokens } = server.roomplex;
    const [a1, g1] = [await open('abc1'), await open('group/item1')];
    expect(tokens?.publish('abc1,group/,nobody', 'Hello')).toBe(2);
    expect([await a1.next(), await g1.next()]).toEqual(['Hello', 'Hello']);
    expect(tokens?.clients().map(({ token }) => token)).toEqual(['abc1', 'group/item1']);
    tokens?.registerToken('abc1');
    tokens?.unregisterToken('abc2');
    expect(tokens?.registeredTokens()).toEqual(
      new Map([
        ['abc1', true],
        ['abc2', false],
      ]),
    );
    expect(() => tokens?.registerToken('a|b')).toThrow('bad token');
    expect(() => tokens?.unregisterToken('')).toThrow('bad token');
  });
});
