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

const BODIES = new Map([
  ['POST', '{"data":1}'],
  ['PATCH', '{"entries":[{"key":"k","value":1}]}'],
]);
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
    await server.roomplex.change('r1', [
      { key: 'topic', value: 'soup' },
      { key: '__proto__', value: [1, null] },
    ]);
    const answer = await get(server.http('/api/rooms/r1/state'));
    expect(answer.body).toBe('{"topic":"soup","__proto__":[1,null]}');
    expect((await get(server.http('/api/rooms/r2/state'))).status).toBe(404);
  });
});

describe('PATCH /api/rooms/NAME/state', () => {
  const change = (body: string): Promise<Answer> =>
    request(server.http('/api/rooms/r1/state'), { method: 'PATCH', headers: JSON_TYPE, body });

  it('changes several keys at once, in a room that nobody is in, and tells who is', async () => {
    expect(json(await change('{"entries":[{"key":"a","value":1},{"key":"b","value":2}]}'))).toEqual({
      epoch: expect.any(String),
      rev: 1,
    });
    const ann = await member('r1', 'ann', { state: true });
    await change('{"entries":[{"key":"a"}]}');
    expect(await ann.next()).toMatchObject(['STATE', { entries: [{ key: 'a' }], by: null, rev: 2 }]);
    expect(json(await get(server.http('/api/rooms/r1/state?revisions=1')))).toMatchObject({
      rev: 2,
      entries: [{ key: 'b', value: 2, rev: 1 }],
    });
  });

  it('answers a condition that does not hold with 409 and how things are', async () => {
    await change('{"entries":[{"key":"a","value":1}]}');
    const answer = await change('{"entries":[{"key":"a","value":2,"ifRev":0}]}');
    expect(answer.status).toBe(409);
    expect(json(answer)).toMatchObject({ code: 'conflict', conflicts: [{ key: 'a', value: 1, rev: 1 }] });
  });

  it.each([
    '{}',
    '[]',
    '{"entries":[]}',
    '{"entries":[{}]}',
    '{"entries":[{"key":"a","ifRev":-1}]}',
    '{"entries":[{"key":"a"}],"epoch":1}',
  ])('refuses %s with a reason', async (body) => {
    const answer = await change(body);
    expect(answer.status).toBe(400);
    expect(json(answer)).toMatchObject({ code: 'bad-request', error: expect.stringMatching(/must be/) });
  });
});

describe('GET /api/rooms/NAME/messages', () => {
  const page = async (query = ''): Promise<unknown> =>
    json(await get(server.http(`/api/rooms/r1/messages${query}`)));

  it('pages through what was said, both ways', async () => {
    for (let n = 1; n <= 5; n++) await say('r1', `{"data":${n}}`);
    const offsets = (answer: unknown): number[] =>
      (answer as { messages: { offset: number }[] }).messages.map(({ offset }) => offset);
    const all = await page();
    expect(all).toMatchObject({ epoch: expect.any(String), offset: 5, first: 1 });
    expect((all as { messages: unknown[] }).messages[0]).toEqual({
      offset: 1,
      at: expect.any(Number),
      sender: 'server',
      senderId: null,
      data: 1,
    });
    expect(offsets(await page('?limit=2'))).toEqual([4, 5]);
    expect(offsets(await page('?limit=2&before=4'))).toEqual([2, 3]);
    expect(offsets(await page('?limit=2&after=1'))).toEqual([2, 3]);
  });

  it('refuses what makes no sense, and knows no room in which nothing happened', async () => {
    expect((await get(server.http('/api/rooms/r1/messages'))).status).toBe(404);
    await say('r1', '{"data":1}');
    for (const query of ['?limit=x', '?before=-1', '?before=1&after=1']) {
      expect(await page(query)).toMatchObject({ code: 'bad-request' });
    }
  });

  it('is not for other machines as long as there is no admin token', async () => {
    await say('r1', '{"data":1}');
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    expect((await get(server.http('/api/rooms/r1/messages'), headers)).status).toBe(403);
    expect((await get(server.http('/api/rooms/r1/state/'), headers)).status).toBe(403);
    expect((await get(server.http('/api/rooms/r1'), headers)).status).toBe(200);
  });

  it('publishes once what is asked for twice under one id', async () => {
    const answers = [await say('r1', '{"data":1,"id":"x"}'), await say('r1', '{"data":1,"id":"x"}')];
    expect(json(answers[1] as Answer)).toEqual(json(answers[0] as Answer));
    expect(await page()).toMatchObject({ offset: 1 });
  });
});

describe('GET /api/rooms', () => {
  it('knows rooms that nobody is in, if it is asked for them', async () => {
    await say('r1', '{"data":1}');
    await member('r2', 'ann');
    const kept = json(await get(server.http('/api/rooms?kept=1')));
    expect(kept).toContainEqual({ space: 'rooms', name: 'r1', members: 0 });
    expect(json(await get(server.http('/api/rooms/r1')))).toMatchObject({ members: [], offset: 1, rev: 0 });
    expect(json(await get(server.http('/api/rooms/r2')))).toMatchObject({ members: [{ name: 'ann' }] });
    expect((await get(server.http('/api/rooms/r3'))).status).toBe(404);
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
    expect(await bob.next()).toEqual([
      'PRESENCE',
      { room: 'r1', joins: [], leaves: [{ id, name: 'bob', cause: 'ejected' }], count: 1 },
    ]);
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
      const answer = await request(url, { method, headers, body: BODIES.get(method) ?? '' });
      expect({ path, method, body: answer.body }).not.toMatchObject({
        body: expect.stringContaining('no such resource'),
      });
    }
    expect((await request(server.http('/api/nothing'), { headers })).body).toContain('no such resource');
  });
});
