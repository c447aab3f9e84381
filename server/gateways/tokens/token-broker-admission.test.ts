import { createServer as createHttpServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { DOORS } from '../../test/support/doors.ts';
import { expectQuiet } from '../../test/support/fence.ts';
import { exchange, get, post, request } from '../../test/support/http-exchange.ts';
import { Inbox, within } from '../../test/support/inbox.ts';
import { pollingSession, poll } from '../../test/support/polling-session.ts';
import { serverPool, type TestServer } from '../../test/support/server.ts';
import { sessionPath } from '../../test/support/session-path.ts';
import { TokenClient } from '../../test/support/token-client.ts';
import { openRawLine, openSocket, refusedUpgrade } from '../../test/support/websocket-line.ts';
import { connect } from 'node:net';

const start = serverPool();
const [RAW] = DOORS as [(typeof DOORS)[number]];

const register = (server: TestServer, method: string, token: string): Promise<unknown> =>
  post(server.http('/'), new URLSearchParams({ method, token }).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  });

/** A server that answers requests for a list of tokens. */
async function listServer(answer: RequestListener): Promise<string> {
  const server = createHttpServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/tokens`;
}

/** Collects warnings. */
function warnings() {
  const said = new Inbox<string>('the log');
  const log = { debug() {}, info() {}, error() {}, warn: (text: string) => said.push(text) };
  return { said, log };
}

const list = async (server: TestServer): Promise<string> =>
  (await get(server.http('/?method=registeredTokenList'))).body;

describe('/ws where tokens must be registered', () => {
  it('S4.16 answers 401 until the token is registered, and again when it no longer is', async () => {
    const server = await start({ tokenBroker: { registered: new Map([['abc1', true]]) } });
    const url = server.ws('/ws?RegisterToken=abc1');
    expect(await refusedUpgrade(server.ws('/ws'))).toBe(401);
    expect(await refusedUpgrade(server.ws('/ws?RegisterToken='))).toBe(401);
    expect(await refusedUpgrade(server.ws('/ws?RegisterToken=zzz'))).toBe(401);
    expect(await refusedUpgrade(server.ws('/ws?registertoken=abc1'))).toBe(401);
    const stays = await openSocket(url);
    await register(server, 'unregisterToken', 'abc1');
    expect(await refusedUpgrade(url)).toBe(401);
    await register(server, 'registerToken', 'zzz');
    const zzz = await openSocket(server.ws('/ws?RegisterToken=zzz'));
    zzz.send('abc1|still here');
    expect(await stays.next()).toBe('still here');
  });

  it('S4.16 says why, in plain words, on every transport', async () => {
    const server = await start({ tokenBroker: {} });
    const socket = connect(server.port, '127.0.0.1');
    const answer = await exchange(
      socket,
      'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
    expect(answer).toMatch(/\r\n\r\nerror\. unregistered token$/);
    const polling = await post(server.http(`/ws${sessionPath()}/xhr?RegisterToken=zzz`));
    expect(polling).toMatchObject({ status: 401, body: 'error. unregistered token' });
    expect(await refusedUpgrade(server.ws(`/ws${sessionPath()}/websocket`))).toBe(401);
  });

  it('takes the token of the request that opens a polling session', async () => {
    const server = await start({ tokenBroker: { registered: new Map([['abc1', true]]) } });
    const session = server.http(`/ws${sessionPath()}`);
    expect((await post(`${session}/xhr?RegisterToken=abc1`)).body).toBe('o\n');
    expect((await post(`${session}/xhr_send`, '["abc1|me"]')).status).toBe(204);
    expect(await poll(session)).toEqual(['me']);
  });

  it('keeps tokens to itself: no other door leads to them', async () => {
    const server = await start({ tokenBroker: { registered: new Map([['abc1', true]]) } });
    const client = new TokenClient(await openRawLine(server.ws('/ws?RegisterToken=abc1')));
    const topic = await openRawLine(server.ws('/multiplex'));
    await topic.send('sub,abc1', 'sub,latency', 'msg,abc1,from outside', 'msg,latency,1');
    expect([await topic.next(), await topic.next()]).toEqual(['msg,abc1,from outside', 'msg,latency,1']);
    client.say('abc1|inside');
    expect(await client.fence()).toEqual(['inside']);
    await topic.send('msg,latency,2');
    expect(await topic.next()).toBe('msg,latency,2');
  });

  it.each([true, false])(
    'closes with 4001 who loses its token, when asked to: %s',
    async (kickOnUnregister) => {
      const registered = new Map(['abc1', 'abc2'].map((token) => [token, true] as const));
      const server = await start({ tokenBroker: { registered, kickOnUnregister } });
      const [loser, twin] = [
        await openRawLine(server.ws('/ws?RegisterToken=abc1')),
        await openRawLine(server.ws('/ws?RegisterToken=abc1')),
      ];
      const other = new TokenClient(await openRawLine(server.ws('/ws?RegisterToken=abc2')));
      await register(server, 'unregisterToken', 'abc1');
      if (kickOnUnregister) {
        expect(await loser.closed).toEqual({ code: 4001, reason: 'token unregistered' });
        expect((await twin.closed).code).toBe(4001);
      }
      other.say('abc1|still?');
      await expectQuiet(other);
      if (!kickOnUnregister) expect([await loser.next(), await twin.next()]).toEqual(['still?', 'still?']);
      const clients = JSON.parse((await get(server.http('/?method=get_clients'))).body) as object;
      expect(Object.values(clients)).toHaveLength(kickOnUnregister ? 1 : 3);
    },
  );
});

describe('/ws where all may come', () => {
  it('S4.18 S4.19 takes any token of the query, decoded, the first of several', async () => {
    const server = await start({ tokenBroker: { allowUnregistered: true } });
    for (const [query, token] of [
      ['?RegisterToken=zzz', 'zzz'],
      ['?RegisterToken=group%2Fitem1', 'group/item1'],
      ['?RegisterToken=', 'unregistered'],
      ['?RegisterToken=%20', 'unregistered'],
      ['?RegisterToken=a&RegisterToken=b', 'a'],
      ['?x=y&RegisterToken=a+b%20', 'a b'],
      ['?RegisterToken', 'unregistered'],
    ] as const) {
      const client = new TokenClient(await openRawLine(server.ws(`/ws${query}`)));
      client.say(`${token}|${query}`);
      expect(await client.fence()).toEqual([query]);
      await client.close();
    }
  });

  it('answers 400 to a token that nobody could address', async () => {
    const server = await start({ tokenBroker: { allowUnregistered: true } });
    for (const token of ['a,b', 'a|b', 'x'.repeat(256)]) {
      const query = `?RegisterToken=${encodeURIComponent(token)}`;
      expect(await refusedUpgrade(server.ws(`/ws${query}`))).toBe(400);
      const polling = await post(server.http(`/ws${sessionPath()}/xhr${query}`));
      expect(polling).toMatchObject({ status: 400, body: 'error. bad token' });
    }
  });

  it('S4.32 is not harmed by a plain GET, nor by a refused upgrade', async () => {
    const server = await start({ tokenBroker: { allowUnregistered: true } });
    const client = await TokenClient.open(server, RAW, 'abc1');
    expect((await get(server.http('/ws?RegisterToken=abc1'))).status).toBe(200);
    const options = { headers: { origin: 'http://evil.example' } };
    expect(await refusedUpgrade(server.ws('/ws?RegisterToken=abc1'), options)).toBe(403);
    client.say('abc1|x');
    expect(await client.fence()).toEqual(['x']);
    const clients = JSON.parse((await get(server.http('/?method=get_clients'))).body) as object;
    expect(Object.values(clients)).toEqual(['abc1']);
  });

  it('S4.36 lets in the pages it is told to, and those to no other gateway', async () => {
    const server = await start({ tokenBroker: { allowUnregistered: true, origins: ['http://a.test'] } });
    const from = (origin: string): { headers: { origin: string } } => ({ headers: { origin } });
    await (await openSocket(server.ws('/ws'), from('http://a.test'))).close();
    await (await openSocket(server.ws('/ws'), from(server.origin))).close();
    await (await openSocket(server.ws('/ws'))).close();
    expect(await refusedUpgrade(server.ws('/ws'), from('http://b.test'))).toBe(403);
    expect(await refusedUpgrade(server.ws('/ws'), from('null'))).toBe(403);
    expect(await refusedUpgrade(server.ws('/layout'), from('http://a.test'))).toBe(403);
    expect((await get(server.http('/ws/info'), { origin: 'http://a.test' })).status).toBe(200);
    expect((await get(server.http('/ws/info'), { origin: 'http://b.test' })).status).toBe(403);
  });

  it('closes a connection that its room refuses, and keeps the token where the next one refuses', async () => {
    const join = ({ room }: { room: string }): void => {
      if (room.startsWith('secret')) throw new Error('this is closed');
    };
    const server = await start({ tokenBroker: { allowUnregistered: true, notices: true }, hooks: { join } });
    const refused = await openRawLine(server.ws('/ws?RegisterToken=secret'));
    expect(await refused.closed).toEqual({ code: 1008, reason: 'this is closed' });
    const client = await TokenClient.open(server, RAW, 'open');
    client.say('RegisterToken:secret/b', 'open|still');
    expect(await client.fence()).toEqual(['Error:this is closed', 'still']);
    const metrics = (await get(server.http('/metrics'))).body;
    expect(metrics).toContain('roomplex_ignored_total{place="ws",reason="forbidden"} 2');
  });

  it('takes binary frames for texts, as the original does', async () => {
    const server = await start({ tokenBroker: { allowUnregistered: true } });
    const socket = await openSocket(server.ws('/ws?RegisterToken=abc1'));
    socket.send(Buffer.from('abc1|ü'));
    expect(await socket.next()).toBe('ü');
  });

  it('says nothing unless notices are asked for, and then why', async () => {
    const server = await start({
      tokenBroker: { notices: true, registered: new Map([['abc1', true]]) },
    });
    const client = await TokenClient.open(server, RAW, 'abc1');
    client.say('hello', 'RegisterToken:a|b', 'RegisterToken:zzz', 'nobody|x');
    expect(await client.fence()).toEqual([
      'Error:unknown message',
      'Error:bad token',
      'Error:unregistered token',
    ]);
  });

  it('S4.33 sends the bytes of the original when asked to', async () => {
    const server = await start({ tokenBroker: { allowUnregistered: true, jsonFrames: true } });
    const socket = await openSocket(server.ws('/ws?RegisterToken=abc1'));
    const session = await pollingSession(server, '/ws');
    socket.send('abc1|Hello');
    socket.send('abc1,unregistered|<b>&');
    socket.send('Echo:hi');
    expect([await socket.next(), await socket.next(), await socket.next()]).toEqual([
      '"Hello"\n',
      '"\\u003cb\\u003e\\u0026"\n',
      '"hi"\n',
    ]);
    expect(await poll(session)).toEqual(['"\\u003cb\\u003e\\u0026"\n']);
  });
});

describe('the list of registered tokens', () => {
  const TOKENS =
    '{"abc1":true,"group\\/item1":true,"off":false,"odd":"yes","a,b":true,"__proto__":true,"10":true}';

  it('S4.25 is what its address delivered, without what is no token', async () => {
    const registeredTokensUrl = await listServer((_, response) => response.end(TOKENS));
    const server = await start({ tokenBroker: { registeredTokensUrl } });
    expect(await list(server)).toBe(
      '{"10":true,"__proto__":true,"abc1":true,"group/item1":true,"off":false}',
    );
    await openSocket(server.ws('/ws?RegisterToken=group/item1'));
    expect(await refusedUpgrade(server.ws('/ws?RegisterToken=off'))).toBe(401);
    expect(await refusedUpgrade(server.ws('/ws?RegisterToken=odd'))).toBe(401);
  });

  it('may be an array, and needs a password where the address has one', async () => {
    const url = await listServer(({ headers }, response) => {
      const isRight = headers.authorization === `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
      response.writeHead(isRight ? 200 : 401).end('["abc1",5,"abc2"]');
    });
    const registeredTokensUrl = url.replace('http://', 'http://me:p%40ss@');
    const server = await start({ tokenBroker: { registeredTokensUrl } });
    expect(await list(server)).toBe('{"abc1":true,"abc2":true}');
  });

  it.each([
    [
      'is not found',
      (response: ServerResponse) => response.writeHead(404).end('{"abc1":true}'),
      'the answer was 404',
    ],
    ['is no JSON', (response: ServerResponse) => response.end('<html>'), 'the answer is no JSON'],
    [
      'is a number',
      (response: ServerResponse) => response.end('5'),
      'the answer is neither an object nor an array',
    ],
    ['nests deep', (response: ServerResponse) => response.end('['.repeat(1e5)), 'the answer nests too deep'],
    [
      'is endless',
      (response: ServerResponse) => {
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        };
        response.on('drain', more).on('error', () => {});
        more();
      },
      'the answer has more than 16777216 bytes',
    ],
    ['never comes', () => {}, 'no answer within 300 ms'],
    ['stops halfway', (response: ServerResponse) => response.write('{'), 'no answer within 300 ms'],
    ['is cut off', (response: ServerResponse) => response.destroy(), 'UND_ERR_SOCKET'],
  ])('S4.27 is empty when it %s, with one line in the log', async (_, answer, reason) => {
    const registeredTokensUrl = await listServer((_request, response) => void answer(response));
    const said: unknown[] = [];
    const log = { debug() {}, info() {}, error() {}, warn: (...line: unknown[]) => void said.push(line) };
    const fetchTimeoutMs = reason.includes('300 ms') ? 300 : 10_000;
    const server = await start({ tokenBroker: { registeredTokensUrl, fetchTimeoutMs }, log });
    expect(await list(server)).toBe('{}');
    expect(said).toEqual([['the list of registered tokens could not be fetched', { reason }]]);
    expect(await refusedUpgrade(server.ws('/ws?RegisterToken=abc1'))).toBe(401);
  });

  it('keeps waiting whoever it could let in, and nobody else', async () => {
    let deliver: () => void = () => {};
    const asked = new Promise<string>((resolve) => {
      void listServer((_, response) => {
        deliver = () => response.end('["abc1"]');
      }).then(resolve);
    });
    const server = await start({
      tokenBroker: { registeredTokensUrl: await asked, registered: new Map([['known', true]]) },
    });
    const waiting = new WebSocket(server.ws('/ws?RegisterToken=abc1'));
    const opened = new Promise<void>((resolve, reject) => {
      waiting.once('open', resolve);
      waiting.once('error', reject);
    });
    await openSocket(server.ws('/ws?RegisterToken=known'));
    expect(waiting.readyState).toBe(WebSocket.CONNECTING);
    deliver();
    await within('opening after the list', opened);
    waiting.terminate();
  });

  it('yields to what the API said, and follows its address when asked to', async () => {
    const answers = ['{"a":true,"b":true,"c":true}', 'broken', '{"a":true,"b":true,"d":true}'];
    const asked = new Inbox<number>('requests for the list');
    let count = 0;
    const registeredTokensUrl = await listServer((_, response) => {
      response.end(answers[Math.min(count, 2)]);
      asked.push(++count);
    });
    const { said, log } = warnings();
    const server = await start({
      tokenBroker: { registeredTokensUrl, refreshMs: 20, kickOnUnregister: true },
      log,
    });
    const kicked = await openRawLine(server.ws('/ws?RegisterToken=c'));
    await register(server, 'unregisterToken', 'a');
    expect(await said.next()).toBe('the list of registered tokens could not be fetched');
    expect((await kicked.closed).code).toBe(4001);
    expect(await list(server)).toBe('{"a":false,"b":true,"d":true}');
    await server.close();
  });

  it('has a limit', async () => {
    const registeredTokensUrl = await listServer((_, response) => response.end('["a","b","c","d"]'));
    const { said, log } = warnings();
    const server = await start({ tokenBroker: { registeredTokensUrl }, limits: { tokens: 3 }, log });
    expect(await list(server)).toBe('{"a":true,"b":true,"c":true}');
    expect(await said.next()).toContain('over the limit');
    const refused = await request(server.http('/?method=registerToken&token=d'));
    expect(refused).toMatchObject({ status: 400, body: '{"error":"too many tokens"}' });
    expect((await request(server.http('/?method=unregisterToken&token=c'))).status).toBe(200);
  });
});
