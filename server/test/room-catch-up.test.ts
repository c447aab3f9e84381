import { describe, expect, it } from 'vitest';
import type { GapNotice, JoinAnswer, RoomEvent } from '../../protocol/rooms.ts';
import { ENGINES } from './support/engines.ts';
import { enterRoom, joinRoom } from './support/enter-room.ts';
import { expectQuiet } from './support/fence.ts';
import { post } from './support/http-exchange.ts';
import { poll, pollingSession } from './support/polling-session.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { WAYS } from './support/ways.ts';
import { openRawLine, openSocket } from './support/websocket-line.ts';

const start = serverPool();
let server: TestServer;

const open = async (): Promise<RoomsClient> => new RoomsClient(await openRawLine(server.ws('/layout')));

/** Somebody in r1 who says texts of a length, each of which begins with its number. */
async function speaker(length = 0) {
  const bob = await open();
  const { epoch = '' } = await joinRoom(bob, { name: 'bob', positions: true });
  let said = 0;
  const speak = async (count: number): Promise<void> => {
    for (let n = 1; n < count; n++) bob.say('NOTIFY', { room: 'r1', message: text(++said) });
    await bob.call('NOTIFY', { room: 'r1', message: text(++said) });
  };
  const text = (n: number): string => `${n} `.padEnd(length, '.');
  return { bob, epoch, speak };
}

/** Where a message stands, and that it is the one that was said there. */
function offsetOf({ message, offset }: RoomEvent): number {
  expect(Number(String(message).split(' ')[0])).toBe(offset);
  return offset ?? 0;
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** An xhr-polling client that polls when it is told to. */
async function poller() {
  const session = await pollingSession(server, '/layout');
  const say = async (...verb: unknown[]): Promise<void> => {
    expect((await post(`${session}/xhr_send`, JSON.stringify([JSON.stringify(verb)]))).status).toBe(204);
  };
  const frames = async (): Promise<[event: string, ...rest: unknown[]][]> =>
    (await poll(session)).map((frame) => JSON.parse(frame) as [string]);
  return { say, frames };
}

describe.each(ENGINES)('catching up, with $engine', ({ options }) => {
  it.each(WAYS)('with thousands while others go on talking misses nothing, over $name', async (way) => {
    server = await start(options());
    const { bob, epoch, speak } = await speaker();
    await speak(2000);
    const { client, answer } = await enterRoom(await way.open(server, 'layout'), {
      recover: { epoch, offset: 0 },
      presence: true,
    });
    expect(answer).toMatchObject({ offset: 2000, recovered: true });
    const heard: number[] = [];
    const read = async (count: number): Promise<void> => {
      while (heard.length < count) {
        const [event, body] = await client.next();
        if (event === 'EVENT') heard.push(offsetOf(body as RoomEvent));
      }
    };
    const reading = read(3000);
    for (let burst = 0; burst < 20; burst++) await speak(50);
    await reading;
    expect(heard).toEqual(numbers(1, 3000));
    await speak(1);
    await read(3001);
    expect(heard.at(-1)).toBe(3001);
    await client.close();
    await bob.close();
  });

  it('takes as long as somebody polls, who may be owed far less than what was missed', async () => {
    server = await start({ ...options(), limits: { outbox: 100_000 } });
    const { epoch, speak } = await speaker(30_000);
    await speak(40);
    const slow = await poller();
    await slow.say('JOIN', { room: 'r1', name: 'slow', recover: { epoch, offset: 0 } });
    await speak(20);
    const heard: number[] = [];
    while (heard.length < 60) {
      for (const [, body] of await slow.frames()) heard.push(offsetOf(body as RoomEvent));
    }
    expect(heard).toEqual(numbers(1, 60));
  });

  it('takes turns where somebody has missed something in many rooms', async () => {
    server = await start({ ...options(), limits: { outbox: 100_000 } });
    const rooms = Array.from({ length: 20 }, (_, n) => `room ${n}`);
    const bob = await open();
    const text = 'x'.repeat(20_000);
    for (const room of rooms) {
      for (const n of numbers(1, 4)) await bob.call('NOTIFY', { room, message: `${n} ${text}` });
    }
    const slow = await poller();
    for (const room of rooms) await slow.say('JOIN', { room, name: 'slow', history: 4 });
    await bob.call('NOTIFY', { room: 'room 7', message: `5 ${text}` });
    const heard = new Map<string, number[]>(rooms.map((room) => [room, []]));
    while ([...heard.values()].flat().length < 81) {
      for (const [, body] of await slow.frames()) {
        const event = body as RoomEvent;
        heard.get(event.room)?.push(offsetOf(event));
      }
    }
    for (const [room, offsets] of heard) expect(offsets).toEqual(numbers(1, room === 'room 7' ? 5 : 4));
  });

  it('takes as long as somebody reads', async () => {
    server = await start({ ...options(), limits: { outbox: 100_000 } });
    const { epoch, speak } = await speaker(30_000);
    await speak(400);
    const slow = await openSocket(server.ws('/layout'));
    slow.send(JSON.stringify(['JOIN', { room: 'r1', name: 'slow', recover: { epoch, offset: 0 } }]));
    slow.socket.pause();
    await speak(100);
    slow.socket.resume();
    const heard: number[] = [];
    while (heard.length < 500) {
      const [, body] = JSON.parse(await slow.next()) as [string, RoomEvent];
      heard.push(offsetOf(body));
    }
    expect(heard).toEqual(numbers(1, 500));
    expect(slow.socket.readyState).toBe(slow.socket.OPEN);
  });

  it('says in their place how many messages were trimmed meanwhile', async () => {
    server = await start({ ...options(), limits: { history: 30 } });
    const { epoch, speak } = await speaker(40_000);
    await speak(30);
    const slow = await poller();
    await slow.say('JOIN', { room: 'r1', name: 'slow', recover: { epoch, offset: 0 } }, 1);
    expect((await slow.frames())[0]).toMatchObject(['ACK', 1, { recovered: true, offset: 30 }]);
    await speak(100);
    const heard: (number | string)[] = [];
    while (heard.at(-1) !== 130) {
      for (const [event, body] of await slow.frames()) {
        if (event === 'EVENT') heard.push(offsetOf(body as RoomEvent));
        else heard.push(`${event} ${JSON.stringify(body)}`);
      }
    }
    const at = heard.findIndex((each) => typeof each === 'string');
    const gap = JSON.parse(String(heard[at]).slice('GAP '.length)) as GapNotice;
    const [before, after] = [heard[at - 1] as number, heard[at + 1] as number];
    expect(gap).toEqual({ room: 'r1', reason: 'trimmed', missing: after - before - 1 });
    expect(after).toBe(101);
    const first = heard[0] as number;
    expect(heard).toEqual([...numbers(first, before), heard[at], ...numbers(after, 130)]);
    expect(first).toBeLessThanOrEqual(2);
  });

  it('begins anew when the member joins again', async () => {
    server = await start(options());
    const { epoch, speak } = await speaker(1000);
    await speak(1000);
    const ann = await open();
    ann.say('JOIN', { room: 'r1', name: 'ann', recover: { epoch, offset: 0 } }, 1);
    const second = await ann.call('JOIN', { room: 'r1', name: 'ann', recover: { epoch, offset: 500 } });
    expect(second.body).toMatchObject({ offset: 1000, recovered: true });
    const [answer, ...early] = second.before;
    expect(answer).toMatchObject(['ACK', 1, { recovered: true } satisfies Partial<JoinAnswer>]);
    expect(early.map(([, body]) => offsetOf(body as RoomEvent))).toEqual(numbers(1, early.length));
    await speak(1);
    expect((await ann.events(501)).map(offsetOf)).toEqual(numbers(501, 1001));
    await expectQuiet(ann);
  });

  it('ends when the member joins again without asking for it, or leaves', async () => {
    server = await start(options());
    const { epoch, speak } = await speaker(1000);
    await speak(1000);
    const [ann, cat] = [await open(), await open()];
    for (const client of [ann, cat]) {
      client.say('JOIN', { room: 'r1', name: 'ann', recover: { epoch, offset: 0 } }, 1);
    }
    await cat.call('LEAVE', { room: 'r1' });
    await ann.call('JOIN', { room: 'r1', name: 'ann', positions: true });
    await expectQuiet(ann, cat);
    await speak(1);
    expect((await ann.events(1)).map(offsetOf)).toEqual([1001]);
    await expectQuiet(ann, cat);
  });

  it('ends when another connection takes the place over, which misses nothing', async () => {
    server = await start(options());
    const { epoch, speak } = await speaker(40_000);
    await speak(10);
    const memberKey = 'a key that nobody guesses';
    const request = { room: 'r1', name: 'ann', memberKey, recover: { epoch, offset: 0 } };
    const older = await poller();
    await older.say('JOIN', request, 1);
    expect((await older.frames())[0]).toMatchObject(['ACK', 1, { recovered: true }]);
    const { client: newer } = await enterRoom(await openRawLine(server.ws('/layout')), request);
    await speak(1);
    expect((await newer.events(11)).map(offsetOf)).toEqual(numbers(1, 11));
    // What was on its way already may still come to the older one, and nothing else.
    await older.say('FENCE', {}, 'end');
    const late: unknown[][] = [];
    while (late.at(-1)?.[0] !== 'ERROR') late.push(...(await older.frames()));
    expect(late.length).toBeLessThanOrEqual(2);
    await expectQuiet(newer);
  });

  it('brings no message before presence has told of its sender', async () => {
    server = await start(options());
    const { epoch, speak } = await speaker(1000);
    await speak(1000);
    const { client, answer } = await enterRoom(await openRawLine(server.ws('/layout')), {
      recover: { epoch, offset: 0 },
      presence: true,
    });
    const known = new Set(answer.members?.map(({ id }) => id));
    const { client: cat, answer: ofCat } = await enterRoom(await openRawLine(server.ws('/layout')), {
      name: 'cat',
      positions: true,
    });
    await cat.call('NOTIFY', { room: 'r1', message: '1001 from cat' });
    for (let sender: string | undefined; sender !== ofCat.id;) {
      const [event, body] = await client.next();
      if (event === 'PRESENCE') {
        for (const { id } of (body as { joins: { id: string }[] }).joins) known.add(id);
      } else {
        sender = (body as RoomEvent).id;
        expect(known.has(sender ?? '')).toBe(true);
      }
    }
  });
});
