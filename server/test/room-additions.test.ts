import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MemberInfo, PresenceDiff } from '../../protocol/rooms.ts';
import { DOORS } from './support/doors.ts';
import { expectQuiet } from './support/fence.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

interface Answer {
  readonly id: string;
  readonly epoch: string;
  readonly offset: number;
  readonly members: readonly MemberInfo[];
}

describe.each(DOORS)('the additions to /layout, through $name', (door) => {
  async function open(gateway = 'layout'): Promise<RoomsClient> {
    return new RoomsClient(await door.open(server, gateway));
  }

  async function join(
    request: object,
    client?: RoomsClient,
  ): Promise<{ client: RoomsClient; answer: Answer }> {
    const joiner = client ?? (await open());
    const [event, , answer] = await joiner.ask('JOIN', request);
    expect(event).toBe('ACK');
    return { client: joiner, answer: answer as Answer };
  }

  describe('positions', () => {
    it('tell where the stream stands, number what follows, and name the sender by id', async () => {
      const { client: a, answer: ofA } = await join({ room: 'r1', name: 'ann', positions: true });
      expect(ofA).toEqual({ id: expect.any(String), epoch: expect.any(String), offset: 0 });
      const b = await open();
      await b.ask('JOIN', { room: 'r1', name: 'bob' });
      b.say('NOTIFY', { room: 'r1', message: 'one' });
      b.say('NOTIFY', { room: 'r1', message: 'two' });
      const first = await a.next();
      const second = await a.next();
      const { epoch } = ofA;
      const rest = { sender: 'bob', room: 'r1', id: expect.any(String), epoch, at: expect.any(Number) };
      expect(first).toEqual(['EVENT', { ...rest, message: 'one', offset: 1 }]);
      expect(second).toEqual(['EVENT', { ...rest, message: 'two', offset: 2 }]);
      const { answer: ofC } = await join({ room: 'r1', name: 'carl', positions: true });
      expect(ofC).toEqual({ id: expect.any(String), epoch, offset: 2 });
      expect(new Set([ofA.id, ofC.id, (first[1] as Answer).id]).size).toBe(3);
    });

    it('come back in the acknowledgement of a NOTIFY', async () => {
      const { client: a, answer } = await join({ room: 'r1', name: 'ann', positions: true });
      const b = await open();
      expect(await b.ask('NOTIFY', { room: 'r1', message: 'x' })).toEqual([
        'ACK',
        1,
        { epoch: answer.epoch, offset: 1 },
      ]);
      expect((await a.next())[1]).toMatchObject({ offset: 1, epoch: answer.epoch });
    });

    it('are not shown to a member that did not ask', async () => {
      const plain = await open();
      expect(await plain.ask('JOIN', { room: 'r1', name: 'old' })).toEqual(['ACK', 1]);
      const { client: a } = await join({
        room: 'r1',
        name: 'ann',
        positions: true,
        echo: true,
        presence: true,
      });
      await a.ask('NOTIFY', { room: 'r1', message: 'x' });
      expect(await plain.nextText()).toBe('["EVENT",{"sender":"ann","room":"r1","message":"x"}]');
      await a.close();
      await expectQuiet(plain);
    });

    it('start a new epoch for a room that was empty in between', async () => {
      const { client: a, answer: before } = await join({ room: 'r1', name: 'ann', positions: true });
      await a.ask('NOTIFY', { room: 'r1', message: 'x' });
      await a.ask('LEAVE', { room: 'r1' });
      const { answer: after } = await join({ room: 'r1', name: 'ann', positions: true });
      expect(after.epoch === before.epoch ? after.offset : 1).toBe(1);
    });
  });

  describe('echo', () => {
    it('brings the sender its own message, in the one order that all see', async () => {
      const { client: a } = await join({ room: 'r1', name: 'ann', echo: true });
      const b = await open();
      await b.ask('JOIN', { room: 'r1', name: 'bob' });
      a.say('NOTIFY', { room: 'r1', message: 'mine' });
      expect(await a.nextText()).toBe('["EVENT",{"sender":"ann","room":"r1","message":"mine"}]');
      expect(await b.nextText()).toBe('["EVENT",{"sender":"ann","room":"r1","message":"mine"}]');
      b.say('NOTIFY', { room: 'r1', message: 'yours' });
      expect(await a.nextText()).toBe('["EVENT",{"sender":"bob","room":"r1","message":"yours"}]');
      await expectQuiet(a, b);
    });

    it('ends when the member joins again without it', async () => {
      const { client: a } = await join({ room: 'r1', name: 'ann', echo: true });
      await a.ask('JOIN', { room: 'r1', name: 'ann' });
      a.say('NOTIFY', { room: 'r1', message: 'mine' });
      await expectQuiet(a);
    });
  });

  describe('presence', () => {
    /** Applies what comes in to a member list until it reads as expected. */
    async function follow(
      client: RoomsClient,
      answer: Answer,
      expected: readonly string[],
    ): Promise<Map<string, MemberInfo>> {
      const members = new Map(answer.members.map((member) => [member.id, member]));
      const names = (): string[] => [...members.values()].map((member) => member.name).toSorted();
      while (names().join() !== expected.join()) {
        const [event, body] = await client.next();
        expect(event).toBe('PRESENCE');
        const { room, joins, leaves } = body as PresenceDiff;
        expect(room).toBe('r1');
        for (const { id } of leaves) members.delete(id);
        for (const member of joins) members.set(member.id, member);
      }
      return members;
    }

    it('lists who is there, the newcomer included, in join order and with info', async () => {
      const { answer: ofA } = await join({
        room: 'r1',
        name: 'ann',
        info: { avatar: 'a', tags: [1, null] },
        presence: true,
      });
      expect(ofA.members).toEqual([{ id: ofA.id, name: 'ann', info: { avatar: 'a', tags: [1, null] } }]);
      const { answer: ofB } = await join({ room: 'r1', name: 'bob', presence: true });
      expect(ofB.members).toEqual([...ofA.members, { id: ofB.id, name: 'bob' }]);
    });

    it('tells of those who come, go, and are cut off', async () => {
      const { client: a, answer } = await join({ room: 'r1', name: 'ann', presence: true });
      const b = await open();
      await b.ask('JOIN', { room: 'r1', name: 'bob', info: 'shown' });
      const members = await follow(a, answer, ['ann', 'bob']);
      expect([...members.values()].find(({ name }) => name === 'bob')?.info).toBe('shown');
      await b.ask('LEAVE', { room: 'r1' });
      await follow(a, { ...answer, members: [...members.values()] }, ['ann']);
      const c = await open();
      await c.ask('JOIN', { room: 'r1', name: 'carl' });
      const withCarl = await follow(a, answer, ['ann', 'carl']);
      await c.close();
      await follow(a, { ...answer, members: [...withCarl.values()] }, ['ann']);
    });

    it('shows a rename under the same id', async () => {
      const { client: a, answer } = await join({ room: 'r1', name: 'ann', presence: true });
      const { client: b, answer: ofB } = await join({ room: 'r1', name: 'bob', presence: true });
      await follow(a, answer, ['ann', 'bob']);
      await b.ask('JOIN', { room: 'r1', name: 'rob', presence: true });
      const members = await follow(
        a,
        { ...answer, members: [...answer.members, { id: ofB.id, name: 'bob' }] },
        ['ann', 'rob'],
      );
      expect(members.get(ofB.id)?.name).toBe('rob');
      expect(members.size).toBe(2);
    });

    it('tells each change once to a member that joined twice', async () => {
      const { client: a, answer } = await join({ room: 'r1', name: 'ann', presence: true });
      await join({ room: 'r1', name: 'ann', presence: true }, a);
      await a.fence();
      const b = await open();
      await b.ask('JOIN', { room: 'r1', name: 'bob' });
      await follow(a, answer, ['ann', 'bob']);
      await expectQuiet(b, a);
    });

    it('ends when the member joins again without it', async () => {
      const { client: a } = await join({ room: 'r1', name: 'ann', presence: true });
      expect(await a.ask('JOIN', { room: 'r1', name: 'ann' })).toEqual(['ACK', 2]);
      await a.fence();
      // Someone else still watches, so a change is announced, and by then to all who get it.
      const { client: w, answer } = await join({ room: 'r1', name: 'walt', presence: true });
      const b = await open();
      await b.ask('JOIN', { room: 'r1', name: 'bob' });
      await follow(w, answer, ['ann', 'bob', 'walt']);
      await expectQuiet(a);
    });

    it('ends with LEAVE', async () => {
      const { client: a } = await join({ room: 'r1', name: 'ann', presence: true });
      const { client: w, answer } = await join({ room: 'r1', name: 'walt', presence: true });
      await a.fence();
      expect(await a.ask('LEAVE', { room: 'r1' })).toEqual(['ACK', 2]);
      await follow(w, answer, ['walt']);
      const b = await open();
      await b.ask('JOIN', { room: 'r1', name: 'bob' });
      await follow(w, { ...answer, members: [{ id: '', name: 'walt' }] }, ['bob', 'walt']);
      await expectQuiet(a);
    });

    it('shows those who came through another door', async () => {
      const { client: a, answer } = await join({ room: 'r1', name: 'ann', presence: true });
      for (const other of DOORS) {
        const client = new RoomsClient(await other.open(server, 'layout'));
        await client.ask('JOIN', { room: 'r1', name: 'zoe' });
      }
      const members = await follow(a, answer, ['ann', ...DOORS.map(() => 'zoe')]);
      expect(members.size).toBe(1 + DOORS.length);
    });
  });

  it('all work on /bus too', async () => {
    const a = await open('bus');
    const [, , answer] = await a.ask('JOIN', {
      room: 'r1',
      name: 'ann',
      positions: true,
      echo: true,
      presence: true,
    });
    const { id, epoch, members } = answer as Answer;
    expect(members).toEqual([{ id, name: 'ann' }]);
    await a.fence();
    a.say('NOTIFY', { room: 'r1', message: 'x' });
    expect(await a.next()).toEqual([
      'EVENT',
      { sender: 'ann', room: 'r1', message: 'x', id, epoch, offset: 1, at: expect.any(Number) },
    ]);
  });

  it('refuse what is over a limit, and say so', async () => {
    const a = await open();
    const requests = [
      { room: 'x'.repeat(256), name: 'ann' },
      { room: 'r1', name: 'x'.repeat(256) },
      { room: 'r1', name: 'ann', info: 'x'.repeat(4096) },
    ];
    for (const request of requests) {
      expect(await a.ask('JOIN', request)).toMatchObject(['ERROR', { event: 'JOIN', code: 'limit' }]);
    }
    const atTheLimit = { room: 'x'.repeat(255), name: 'x'.repeat(255), info: 'x'.repeat(4094) };
    expect((await a.ask('JOIN', atTheLimit))[0]).toBe('ACK');
  });
});

describe('the limit on rooms of one connection', () => {
  it('refuses the room that is one too many, and takes it after another was left', async () => {
    await server.close();
    server = await startServer({ limits: { joins: 2 } });
    const a = new RoomsClient(await (DOORS[0] as (typeof DOORS)[number]).open(server, 'layout'));
    await a.ask('JOIN', { room: 'r1', name: 'ann' });
    await a.ask('JOIN', { room: 'r2', name: 'ann' });
    expect(await a.ask('JOIN', { room: 'r3', name: 'ann' })).toMatchObject(['ERROR', { code: 'limit' }]);
    expect(await a.ask('JOIN', { room: 'r2', name: 'again' })).toEqual(['ACK', 4]);
    await a.ask('LEAVE', { room: 'r1' });
    expect(await a.ask('JOIN', { room: 'r3', name: 'ann' })).toEqual(['ACK', 6]);
  });
});
