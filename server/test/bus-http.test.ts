import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DOORS } from './support/doors.ts';
import { expectQuiet } from './support/fence.ts';
import { get, post, request, type Answer } from './support/http-exchange.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const JSON_TYPE = { 'content-type': 'application/json' };

const postTo = (path: string, body: string, headers: Record<string, string> = JSON_TYPE): Promise<Answer> =>
  post(server.http(path), body, headers);

function expectOk(answer: Answer): void {
  expect(answer).toMatchObject({ status: 200, body: 'OK' });
  expect(answer.headers['content-type']?.replaceAll(' ', '').toLowerCase()).toBe('text/html;charset=utf-8');
}

describe('POST /bus-message/ROOM', () => {
  it.each(DOORS)('S1.23 reaches the room on /bus and not on /layout, through $name', async (door) => {
    const onBus = new RoomsClient(await door.open(server, 'bus'));
    await onBus.ask('JOIN', { room: 'b1', name: 'bob' });
    const onLayout = new RoomsClient(await door.open(server, 'layout'));
    await onLayout.ask('JOIN', { room: 'b1', name: 'ann' });
    expectOk(await postTo('/bus-message/b1', '{"a":1}'));
    expect(await onBus.nextText()).toBe('["EVENT",{"sender":"POST","room":"b1","message":{"a":1}}]');
    await expectQuiet(onBus, onLayout);
  });

  describe('with a listener on /bus', () => {
    let bus: RoomsClient;
    beforeEach(async () => {
      bus = new RoomsClient(await (DOORS[0] as (typeof DOORS)[number]).open(server, 'bus'));
      for (const room of ['b1', 'a b', '日本', '__proto__', 'a/b'])
        await bus.ask('JOIN', { room, name: 'bob' });
    });

    it('S1.23 takes an array', async () => {
      expectOk(await postTo('/bus-message/b1', '[1]', { 'content-type': 'application/json; charset=utf-8' }));
      expect(await bus.next()).toEqual(['EVENT', { sender: 'POST', room: 'b1', message: [1] }]);
    });

    it('S1.23 delivers {} for a body that is not called JSON', async () => {
      expectOk(await postTo('/bus-message/b1', 'hello', { 'content-type': 'text/plain' }));
      expect(await bus.next()).toEqual(['EVENT', { sender: 'POST', room: 'b1', message: {} }]);
    });

    it.each(['{"a":', '"str"', '5', 'null', 'true', '{oops}'])('S1.24 answers 400 to %s', async (body) => {
      const answer = await postTo('/bus-message/b1', body);
      expect(answer.status).toBe(400);
      expect(answer.body).not.toContain('node_modules');
      await expectQuiet(bus);
    });

    it('S1.24 answers OK for a room with nobody in it', async () => {
      expectOk(await postTo('/bus-message/nobody', '{"a":1}'));
      await expectQuiet(bus);
    });

    it.each([
      ['a%20b', 'a b'],
      ['%E6%97%A5%E6%9C%AC', '日本'],
      ['__proto__', '__proto__'],
      ['a%2Fb', 'a/b'],
    ])('S1.24 finds %s as the room %s', async (path, room) => {
      expectOk(await postTo(`/bus-message/${path}`, '{"a":1}'));
      expect(await bus.next()).toEqual(['EVENT', { sender: 'POST', room, message: { a: 1 } }]);
    });

    it('answers 400 to a room that does not decode', async () => {
      expect((await postTo('/bus-message/%zz', '{"a":1}')).status).toBe(400);
      await expectQuiet(bus);
    });

    it('answers 404 without a room', async () => {
      expect((await postTo('/bus-message/', '{"a":1}')).status).toBe(404);
      expect((await postTo('/bus-message', '{"a":1}')).status).toBe(404);
      await expectQuiet(bus);
    });

    it.each([false, true])('answers 413 to a body that is too long (chunked: %s)', async (chunked) => {
      const answer = await request(server.http('/bus-message/b1'), {
        method: 'POST',
        headers: JSON_TYPE,
        body: JSON.stringify({ a: 'x'.repeat(2_000_000) }),
        chunked,
      });
      expect(answer.status).toBe(413);
      await expectQuiet(bus);
    });

    it.each(['http://evil.example', 'null'])('refuses the cross-site browser of %s', async (origin) => {
      const answer = await postTo('/bus-message/b1', '{"a":1}', { ...JSON_TYPE, origin });
      expect(answer.status).toBe(403);
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
      await expectQuiet(bus);
    });

    it('takes the same origin', async () => {
      expectOk(await postTo('/bus-message/b1', '{"a":1}', { ...JSON_TYPE, origin: server.origin }));
    });
  });
});

describe('GET /healthcheck', () => {
  it('S1.25 says OK', async () => {
    expectOk(await get(server.http('/healthcheck')));
    const head = await request(server.http('/healthcheck'), { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
  });
});
