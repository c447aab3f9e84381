import { beforeEach, describe, expect, it } from 'vitest';
import { expectQuiet } from './support/fence.ts';
import { get, post, request, type Answer } from './support/http-exchange.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { openRawLine } from './support/websocket-line.ts';

const start = serverPool();
let server: TestServer;
beforeEach(async () => {
  server = await start();
});

const JSON_TYPE = { 'content-type': 'application/json' };

async function member(room: string, name: string, extras: object = {}): Promise<RoomsClient> {
  const client = new RoomsClient(await openRawLine(server.ws('/layout')));
  await client.ask('JOIN', { room, name, ...extras });
  return client;
}

const say = (room: string, body: string, headers: Record<string, string> = JSON_TYPE): Promise<Answer> =>
  post(server.http(`/api/rooms/${room}/messages`), body, headers);
const drop = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  request(server.http(path), { method: 'DELETE', headers });
const json = (answer: Answer): unknown => JSON.parse(answer.body);

describe('POST /api/rooms/NAME/messages', () => {
  it('reaches everyone in the room and says where the message stands', async () => {
    const ann = await member('r1', 'ann');
    const answer = await say('r1', '{"data":{"k":[1]}}');
    expect(answer.status).toBe(200);
    expect(json(answer)).toEqual({ epoch: expect.any(String), offset: 1 });
    expect(await ann.nextText()).toBe('["EVENT",{"sender":"server","room":"r1","message":{"k":[1]}}]');
  });

  it('speaks under the name it is given, in rooms of any name and in other spaces', async () => {
    const ann = await member('__proto__/ü', 'ann');
    await say(encodeURIComponent('__proto__/ü'), '{"data":null,"name":"desk"}');
    expect(await ann.next()).toEqual(['EVENT', { sender: 'desk', room: '__proto__/ü', message: null }]);
    await post(server.http('/api/rooms/r1/messages?space=bus'), '{"data":1}', JSON_TYPE);
    await expectQuiet(ann);
  });

  it.each([
    ['{"data":', 400],
    ['{}', 400],
    ['[]', 400],
    ['{"data":1,"name":5}', 400],
    [`{"data":${'['.repeat(80)}${']'.repeat(80)}}`, 400],
    [`{"data":"${'x'.repeat(110_000)}"}`, 413],
  ])('answers %.40s with %d and a reason', async (body, status) => {
    const answer = await say('r1', body);
    expect(answer.status).toBe(status);
    expect(json(answer)).toMatchObject({ error: expect.stringMatching(/./) });
  });
});

describe('GET /api/rooms/NAME/state', () => {
  it('shows what a room remembers, whatever its keys are', async () => {
    server.roomplex.change('r1', [
      { key: 'topic', value: 'soup' },
      { key: '__proto__', value: [1, null] },
    ]);
    const answer = await get(server.http('/api/rooms/r1/state'));
    expect(answer.body).toBe('{"topic":"soup","__proto__":[1,null]}');
    expect((await get(server.http('/api/rooms/r2/state'))).status).toBe(404);
  });
});

describe('DELETE /api/rooms/NAME/members/ID', () => {
  it('ejects one member, who reads its own name among those who left', async () => {
    const ann = await member('r1', 'ann');
    const bob = new RoomsClient(await openRawLine(server.ws('/layout')));
    const [, , { id }] = (await bob.ask('JOIN', { room: 'r1', name: 'bob', presence: true })) as [
      string,
      number,
      { id: string },
    ];
    expect((await drop(`/api/rooms/r1/members/${id}`)).status).toBe(204);
    expect(await bob.next()).toEqual(['PRESENCE', { room: 'r1', joins: [], leaves: [{ id, name: 'bob' }] }]);
    expect(await ann.ask('CLIENTS', { room: 'r1' })).toEqual(['CLIENTS', { room: 'r1', clients: ['ann'] }]);
    expect((await drop(`/api/rooms/r1/members/${id}`)).status).toBe(404);
  });
});

describe('DELETE /api/rooms/NAME', () => {
  it('takes everybody out, through whichever door they came', async () => {
    const ann = await member('r1', 'ann');
    const topic = await openRawLine(server.ws('/multiplex'));
    await topic.send('sub,r1', 'msg,r1,here');
    expect(await topic.next()).toBe('msg,r1,here');
    expect(await ann.next()).toEqual(['EVENT', { sender: 'unknown', room: 'r1', message: 'here' }]);
    expect(json(await drop('/api/rooms/r1?reason=over'))).toEqual({ members: 2 });
    expect(await topic.next()).toBe('uns,r1');
    expect(await ann.ask('CLIENTS', { room: 'r1' })).toEqual(['CLIENTS', { room: 'r1', clients: [] }]);
    expect((await drop('/api/rooms/r1')).status).toBe(404);
  });
});

describe('who may change something', () => {
  it('refuses pages of other sites', async () => {
    expect((await say('r1', '{"data":1}', { ...JSON_TYPE, origin: 'http://evil.test' })).status).toBe(403);
    expect((await drop('/api/rooms/r1', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });

  it('refuses what a proxy brought from elsewhere, as long as there is no admin token', async () => {
    const answer = await say('r1', '{"data":1}', { ...JSON_TYPE, 'x-forwarded-for': '203.0.113.9' });
    expect(answer.status).toBe(403);
    expect(json(answer)).toMatchObject({ error: expect.stringContaining('--admin-token') });
  });

  it('asks for the admin token where there is one', async () => {
    server = await start({ adminToken: 's3cret' });
    expect((await say('r1', '{"data":1}')).status).toBe(401);
    expect((await say('r1', '{"data":1}', { ...JSON_TYPE, authorization: 'Bearer wrong' })).status).toBe(401);
    const headers = { ...JSON_TYPE, authorization: 'Bearer s3cret', 'x-forwarded-for': '203.0.113.9' };
    expect((await say('r1', '{"data":1}', headers)).status).toBe(200);
  });
});

describe('/api/openapi.json', () => {
  interface Description {
    readonly paths: Record<string, Record<string, unknown>>;
  }

  it('is there without a token, and describes what answers and nothing else', async () => {
    server = await start({ adminToken: 's3cret' });
    const { paths } = json(await get(server.http('/api/openapi.json'))) as Description;
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((method) => method !== 'parameters')
        .map((method) => ({ path, method: method.toUpperCase() })),
    );
    expect(operations.length).toBeGreaterThan(5);
    const headers = { ...JSON_TYPE, authorization: 'Bearer s3cret' };
    for (const { path, method } of operations) {
      const url = server.http(path.replace('{name}', 'r1').replace('{id}', 'x'));
      const answer = await request(url, { method, headers, body: method === 'POST' ? '{"data":1}' : '' });
      expect({ path, method, body: answer.body }).not.toMatchObject({
        body: expect.stringContaining('no such resource'),
      });
    }
    expect((await request(server.http('/api/nothing'), { headers })).body).toContain('no such resource');
  });
});
