import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { defineSessions } from '../../services/sessions.ts';
import type { ServiceResponse, SessionGrant, SessionsDefinition } from '../../services/controller.ts';
import { exchange, get, post, request, type Answer } from '../../test/support/http-exchange.ts';
import { Inbox } from '../../test/support/inbox.ts';
import { serverPool, type TestServer } from '../../test/support/server.ts';
import { serviceProbe, type ServiceProbe } from '../../test/support/service-probe.ts';
import { sessionPath } from '../../test/support/session-path.ts';
import { openHttpLine } from '../../test/support/http-line.ts';
import { upgradeHead } from '../../test/support/upgrade-head.ts';
import { openSocket, openSockJSLine, refusedUpgrade } from '../../test/support/websocket-line.ts';

const start = serverPool();
const FOREIGN = 'http://elsewhere.example';

/** What every service that must not hear of a session hears. */
const strays = new Inbox<unknown>('events of services that refuse');

function refusing(definition: Omit<SessionsDefinition, 'webSocketEvent'>): ReturnType<typeof defineSessions> {
  return defineSessions({ ...definition, webSocketEvent: (event) => strays.push(event) });
}

const grant = (terms: SessionGrant) => (): ServiceResponse => ({ webSocket: terms });

let server: TestServer;
let chat: ServiceProbe;
let open: ServiceProbe;
const logged: unknown[] = [];
beforeAll(async () => {
  chat = serviceProbe();
  open = serviceProbe({ get: grant({ checkOrigin: (origin) => origin === FOREIGN }) });
  server = await start({
    services: {
      chat: chat.sessions,
      open: open.sessions,
      forbidden: refusing({ get: () => ({ status: 403, body: 'not you', headers: { 'X-Why': 'because' } }) }),
      declined: refusing({ get: () => ({ webSocket: false, status: 401 }) }),
      silent: refusing({ get: () => ({ status: 204, body: 'nothing to say' }) }),
      broken: refusing({
        get: () => {
          throw new Error('secret reason');
        },
      }),
      late: refusing({ get: async () => Promise.reject(new Error('secret reason')) }),
      bare: refusing({ get: () => ({ webSocket: {} }) }),
      truthy: refusing({ get: grant({ checkOrigin: (() => 1) as never }) }),
      later: refusing({ get: grant({ checkOrigin: (async () => true) as never }) }),
      picky: refusing({
        get: grant({
          checkOrigin: () => {
            throw new Error('no');
          },
        }),
      }),
      odd: refusing({ get: () => ({ webSocket: true }) as never }),
      nested: refusing({ get: grant({ data: [] as never }) }),
      mute: refusing({}),
      rest: refusing({
        get: ({ params }) => ({ body: params, headers: { 'X-Count': 2, 'X-None': null } }),
        post: ({ body, params, headers, method }) => ({
          status: 201,
          body: `${method} ${body} ${JSON.stringify(params)} ${headers['content-type']}`,
          contentType: 'text/html',
        }),
        delete: () => undefined,
        put: () => ({ body: Buffer.from([1, 2]) }),
        patch: ({ params }) => ({
          [String(params['field'])]: JSON.parse(String(params['value'])) as unknown,
        }),
      }),
      all: refusing({ all: ({ method }) => ({ body: method }) }),
    },
    log: { debug() {}, info() {}, warn() {}, error: (...words: unknown[]) => void logged.push(words) },
  });
});

/** The ways to ask for a session that are answered in HTTP. */
const ASKS: readonly {
  readonly name: string;
  ask(service: string, headers?: Record<string, string>): Promise<number>;
}[] = [
  ...['', '/websocket', '/000/abc/websocket'].map((rest) => ({
    name: `an upgrade at P${rest}`,
    ask: (service: string, headers = {}) =>
      refusedUpgrade(server.ws(`/service/${service}${rest}`), { headers }),
  })),
  ...['xhr', 'xhr_streaming'].map((transport) => ({
    name: `a POST of ${transport}`,
    ask: async (service: string, headers = {}) => {
      const answer = await post(server.http(`/service/${service}${sessionPath()}/${transport}`), '', headers);
      expectNoCredentials(answer);
      return answer.status;
    },
  })),
  ...['eventsource', 'htmlfile?c=x', 'jsonp?c=x'].map((transport) => ({
    name: `a GET of ${transport}`,
    ask: async (service: string, headers = {}) => {
      const answer = await get(server.http(`/service/${service}${sessionPath()}/${transport}`), headers);
      expectNoCredentials(answer);
      return answer.status;
    },
  })),
];

/** CONTRACT §2: no answer ever pairs a foreign origin with credentials. */
function expectNoCredentials({ headers }: Answer): void {
  expect(headers['access-control-allow-credentials']).toBeUndefined();
  expect(headers['access-control-allow-origin'] ?? '*').toBe('*');
}

describe.each(ASKS)('$name', ({ ask }) => {
  it('S3.22 is answered as the controller says, and opens nothing', async () => {
    expect(await ask('forbidden')).toBe(403);
    expect(await ask('declined')).toBe(401);
    expect(strays.size).toBe(0);
  });

  it('S3.23 is answered with 500 when get fails, at once or later, and opens nothing', async () => {
    for (const service of ['broken', 'late', 'odd', 'nested']) {
      logged.length = 0;
      expect(await ask(service)).toBe(500);
      expect(logged).toMatchObject([
        ['a session controller failed', { service: `service/${service}`, error: expect.any(Error) }],
      ]);
    }
    expect(strays.size).toBe(0);
  });

  it('S3.25 is answered with 405 when there is neither get nor all', async () => {
    expect(await ask('mute')).toBe(405);
  });

  it('S3.29 is refused with 403 for the page of another site', async () => {
    const https = server.origin.replace('http', 'https');
    for (const origin of [FOREIGN, 'null', https, `${server.origin}0`, 'nonsense', '']) {
      expect({ origin, status: await ask('chat', { origin }) }).toEqual({ origin, status: 403 });
    }
    expect(chat.events.size).toBe(0);
  });

  it('S3.29 is refused with 403 unless checkOrigin says true and nothing else', async () => {
    for (const service of ['truthy', 'later', 'picky']) {
      for (const origin of [FOREIGN, server.origin]) expect(await ask(service, { origin })).toBe(403);
      expect(await ask(service)).toBe(403);
    }
    expect(await ask('open', { origin: server.origin })).toBe(403);
    expect(await ask('open', { origin: 'null' })).toBe(403);
    expect(strays.size).toBe(0);
  });
});

describe('an upgrade', () => {
  it('S3.22 that is answered with 204 gets no bytes that would be another answer', async () => {
    const socket = connect(server.port, '127.0.0.1');
    const answer = await exchange(
      socket,
      'GET /service/silent HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
    expect(answer).toMatch(/\r\n\r\n$/);
    expect(answer).not.toMatch(/content-length/i);
  });
});

describe('an origin', () => {
  it('S3.29 that is our own is let in, and so is whoever names none', async () => {
    for (const headers of [{}, { origin: server.origin }, { origin: server.origin.toUpperCase() }]) {
      const socket = await openSocket(server.ws('/service/chat'), { headers });
      expect(await chat.events.next()).toMatchObject({ type: 'open' });
      await socket.close();
      expect(await chat.events.next()).toMatchObject({ type: 'close' });
    }
  });

  it('S3.29 that checkOrigin knows is let in, over WebSocket and over HTTP', async () => {
    const headers = { origin: FOREIGN };
    while (open.requests.size > 0) await open.requests.next();
    const socket = await openSocket(server.ws('/service/open'), { headers });
    const framed = await openSockJSLine(server.ws('/service/open'), { headers });
    for (let count = 0; count < 2; count++) {
      expect(await open.events.next()).toMatchObject({ type: 'open' });
      expect((await open.requests.next()).headers['origin']).toBe(FOREIGN);
    }
    await Promise.all([socket.close(), framed.close()]);
    await open.events.next();
    await open.events.next();
    const session = server.http(`/service/open${sessionPath()}`);
    const opened = await post(`${session}/xhr`, '', headers);
    expect(opened).toMatchObject({ status: 200, body: 'o\n' });
    expectNoCredentials(opened);
    expect((await open.requests.next()).headers['origin']).toBe(FOREIGN);
    expect((await post(`${session}/xhr_send`, '["hi"]', headers)).status).toBe(204);
    expect(await open.events.next()).toMatchObject({ type: 'open' });
    expect(await open.events.next()).toMatchObject({ type: 'message', message: 'hi' });
  });

  it('that the server refuses cannot go on with a session that it did not open', async () => {
    const session = server.http(`/service/chat${sessionPath()}`);
    expect((await post(`${session}/xhr`)).body).toBe('o\n');
    expect(await chat.events.next()).toMatchObject({ type: 'open' });
    for (const origin of [FOREIGN, 'null']) {
      const answer = await post(`${session}/xhr_send`, '["forged"]', { origin });
      expect(answer.status).toBe(404);
      expectNoCredentials(answer);
    }
    expect((await post(`${session}/xhr_send`, '["mine"]')).status).toBe(204);
    expect(await chat.events.next()).toMatchObject({ type: 'message', message: 'mine' });
  });

  it('that is foreign gets no credentials from what tells of the service', async () => {
    for (const rest of ['/info', '/iframe.html']) {
      expectNoCredentials(await get(server.http(`/service/chat${rest}`), { origin: FOREIGN }));
    }
  });

  it('that the server allows is let in', async () => {
    const probe = serviceProbe();
    const friendly = await start({ services: { chat: probe.sessions }, origins: [FOREIGN] });
    const socket = await openSocket(friendly.ws('/service/chat'), { headers: { origin: FOREIGN } });
    expect(await probe.events.next()).toMatchObject({ type: 'open' });
    await socket.close();
  });
});

describe('a subprotocol', () => {
  const agreed = async (path: string, offer: string | undefined): Promise<unknown[]> => {
    const headers = await upgradeHead(
      server.ws(path),
      offer === undefined ? {} : { 'sec-websocket-protocol': offer },
    );
    const { session } = await chat.events.next();
    expect(await chat.events.next()).toMatchObject({ type: 'close', closeReason: 1006 });
    return [headers['sec-websocket-protocol'], session.subProtocol];
  };

  it.each(['', '/websocket', '/000/abc/websocket'])(
    'S3.20 is the first of the client that the controller knows, at P%s',
    async (rest) => {
      const path = `/service/chat${rest}`;
      expect(await agreed(path, 'v2, text')).toEqual(['v2', 'v2']);
      expect(await agreed(path, 'text')).toEqual(['text', 'text']);
      expect(await agreed(path, 'zzz,text,v2')).toEqual(['text', 'text']);
      for (const offer of ['zzz', undefined]) {
        expect(await agreed(path, offer)).toEqual([undefined, undefined]);
      }
    },
  );

  it('S3.21 may be a string instead of an array', async () => {
    const probe = serviceProbe({ get: () => ({ webSocket: { subProtocols: 'text' } }) });
    const other = await start({ services: { chat: probe.sessions } });
    const head = (offer: string) =>
      upgradeHead(other.ws('/service/chat'), { 'sec-websocket-protocol': offer });
    expect((await head('v2, text'))['sec-websocket-protocol']).toBe('text');
    expect((await head('t, e'))['sec-websocket-protocol']).toBeUndefined();
  });
});

describe('plain HTTP', () => {
  const at = (path: string, method = 'GET', body = '', headers = {}): Promise<Answer> =>
    request(server.http(`/service/${path}`), { method, body, headers });

  it('S3.1 goes to the controller, which sees that it is no upgrade', async () => {
    while (chat.requests.size > 0) await chat.requests.next();
    const answer = await at('chat?x=1', 'GET', '', { cookie: 'a=1', 'x-mine': 'yes' });
    expect(answer.status).toBe(404);
    const seen = await chat.requests.next();
    expect(seen).toMatchObject({
      method: 'GET',
      path: '/service/chat',
      params: { x: '1' },
      cookies: { a: '1' },
      webSocket: false,
      remoteAddress: '127.0.0.1',
    });
    expect(seen.headers['x-mine']).toBe('yes');
    expect(seen).not.toHaveProperty('body');
    expect(seen).not.toHaveProperty('user');
    expect(chat.events.size).toBe(0);
  });

  it('S3.22 is answered with status, headers and body of the controller', async () => {
    const answer = await at('forbidden');
    expect(answer).toMatchObject({ status: 403, body: 'not you' });
    expect(answer.headers).toMatchObject({
      'x-why': 'because',
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
  });

  it('S3.23 is answered with 500 when get fails, without the reason', async () => {
    for (const service of ['broken', 'late']) {
      const { status, body } = await at(service);
      expect({ status, body }).toEqual({ status: 500, body: 'Internal Server Error\n' });
    }
  });

  it('S3.24 is answered with an empty 200 when there is a session to open and nothing else', async () => {
    expect(await at('bare')).toMatchObject({ status: 200, body: '' });
    expect(strays.size).toBe(0);
  });

  it('S3.25 is answered with 405 where there is no function for the method, and with those there are', async () => {
    expect(await at('chat', 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    expect(await at('rest', 'OPTIONS')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, POST, PUT, PATCH, DELETE' },
    });
    expect(await at('mute')).toMatchObject({ status: 405, headers: { allow: '' } });
    for (const method of ['GET', 'POST', 'PUT', 'PROPFIND']) {
      expect(await at('all', method)).toMatchObject({ status: 200, body: method });
    }
  });

  it('is answered with JSON, text, bytes or nothing, as the body is', async () => {
    const json = await at('rest?a=1&__proto__=2');
    expect(json).toMatchObject({ status: 200, body: '{"a":"1","__proto__":"2"}' });
    expect(json.headers).toMatchObject({ 'content-type': 'application/json', 'x-count': '2' });
    expect(json.headers['x-none']).toBeUndefined();
    const bytes = await at('rest', 'PUT');
    expect(bytes.headers['content-type']).toBe('application/octet-stream');
    expect(bytes.body).toBe('\u0001\u0002');
    expect(await at('rest', 'DELETE')).toMatchObject({ status: 200, body: '' });
    const head = await at('rest?a=1', 'HEAD');
    expect(head).toMatchObject({ status: 200, body: '', headers: { 'x-count': '2' } });
  });

  it('hands on a body, and the fields of a form', async () => {
    const form = 'application/x-www-form-urlencoded';
    const answer = await at('rest?a=1', 'POST', 'a=2&b=%C3%BC', { 'content-type': form });
    expect(answer).toMatchObject({
      status: 201,
      body: `POST a=2&b=%C3%BC {"a":["1","2"],"b":"ü"} ${form}`,
      headers: { 'content-type': 'text/html' },
    });
    const plain = await at('rest?a=1', 'POST', 'a=2', { 'content-type': 'text/plain' });
    expect(plain.body).toBe('POST a=2 {"a":"1"} text/plain');
  });

  it('refuses a body over the limit, and the page of another site that changes something', async () => {
    expect((await at('rest', 'POST', 'x'.repeat(65_537))).status).toBe(413);
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await at('rest', method, '', { origin: FOREIGN })).status).toBe(403);
    }
    const read = await at('rest', 'GET', '', { origin: FOREIGN });
    expect(read.status).toBe(200);
    expectNoCredentials(read);
  });

  it.each([
    ['status', '99'],
    ['status', '1000'],
    ['status', '"200"'],
    ['status', '101'],
    ['headers', '{"X Y":"1"}'],
    ['headers', '{"X-Y":"1\\r\\nSet-Cookie: a=1"}'],
    ['contentType', '"text/html\\r\\nX: y"'],
  ])('is answered with 500 when the controller says %s %s', async (field, value) => {
    const query = new URLSearchParams({ field, value }).toString();
    const answer = await at(`rest?${query}`, 'PATCH');
    expect(answer.status).toBe(500);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('leaves to the server how an answer travels', async () => {
    const headers = { 'Content-Length': '1', 'transfer-encoding': 'chunked', Connection: 'x', Upgrade: 'x' };
    const query = new URLSearchParams({ field: 'headers', value: JSON.stringify(headers) }).toString();
    expect(await at(`rest?${query}`, 'PATCH')).toMatchObject({ status: 200, body: '' });
  });

  it('knows no service that was not given', async () => {
    for (const path of ['nosuch', '', 'CHAT', '__proto__', 'chat/nosuch/x/y/z', '..%2fchat']) {
      expect((await at(path)).status).toBe(404);
    }
    expect(await refusedUpgrade(server.ws('/service/nosuch'))).toBe(404);
  });

  it('keeps the address of the service a SockJS base URL', async () => {
    expect(JSON.parse((await at('chat/info')).body)).toMatchObject({ websocket: true });
    const line = await openHttpLine(server.http('/service/chat'), 'xhr-polling');
    expect(await chat.events.next()).toMatchObject({ type: 'open', session: { path: '/service/chat' } });
    await line.close();
  });
});
