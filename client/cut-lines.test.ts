import { describe, expect, it, onTestFinished } from 'vitest';
import type { RoomplexError } from './errors.ts';
import { connect } from './node.ts';
import { startCuttingProxy } from './test/bad-proxy.ts';
import { startRoomplex } from './test/roomplex.ts';
import { hurriedEnvironment, startClient } from './test/setup.ts';
import type { Position, Room, RoomGap, RoomMessage, TransportName } from './types.ts';

const ROUNDS = 40;

/** Small and seeded ("mulberry32"), so that a failure can be had again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What the listeners of a room are told, in order. */
function follow(room: Room): (RoomMessage | RoomGap)[] {
  const told: (RoomMessage | RoomGap)[] = [];
  room.on('message', (message) => told.push(message));
  room.on('gap', (gap) => told.push(gap));
  return told;
}

/** Resolves when this offset is heard. */
function hearing(room: Room, offset: number): Promise<void> {
  return new Promise((resolve) => {
    if ((room.position?.offset ?? 0) >= offset) resolve();
    room.on('message', (message) => {
      if (message.offset >= offset) resolve();
    });
  });
}

/** Publishes until one gets through. */
async function publishTheEnd(room: Room): Promise<Position> {
  for (;;) {
    try {
      return await room.publish('end');
    } catch (error) {
      expect((error as RoomplexError).code).toBe('unknown-outcome');
    }
  }
}

const TRANSPORTS: readonly TransportName[] = ['websocket', 'xhr-streaming', 'xhr-polling'];

describe.each(TRANSPORTS)('on a network that cuts lines at random, over %s', (transport) => {
  it.each([1, 2, 3])('nothing is doubled, reordered or lost unsaid (seed %i)', async (seed) => {
    const random = randomFrom(seed);
    const { port, url } = await startRoomplex();
    const proxy = await startCuttingProxy(port);
    const watcher = connect(url);
    onTestFinished(() => watcher.close());
    const watched = watcher.room('r', { name: 'watcher' });
    const seen: string[] = [];
    watched.on('message', ({ data, offset }) => seen.push(`${offset} ${String(data)}`));
    await watched.join();
    const client = startClient(
      `http://127.0.0.1:${proxy.port}/multiplex`,
      { transports: [transport], heartbeatMs: 0 },
      hurriedEnvironment,
    );
    const room = client.room('r', { name: 'ann' });
    const told = follow(room);
    await room.join();
    const first = room.position?.offset ?? 0;

    const outcomes: Promise<string>[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      for (let burst = 0; burst < 3; burst++) {
        const name = `mine ${i}.${burst}`;
        outcomes.push(
          room.publish(name).then(
            ({ offset }) => `${offset} ${name}`,
            (error: RoomplexError) => `${error.code} ${name}`,
          ),
        );
      }
      if (random() < 0.3) proxy.cut();
      await watched.publish(`theirs ${i}`);
      // Half of the time the client gets the chance to come back first.
      if (random() < 0.5) await outcomes.at(-1);
    }
    const settled = await Promise.all(outcomes);
    const end = await publishTheEnd(room);
    await Promise.all([hearing(room, end.offset), hearing(watched, end.offset)]);

    expect(told.some((event) => 'missing' in event)).toBe(true);
    let next = first + 1;
    for (const event of told) {
      if ('missing' in event) next += event.missing ?? Number.NaN;
      else expect(event.offset).toBe(next++);
    }
    expect(next).toBe(end.offset + 1);
    const names = seen.map((line) => line.slice(line.indexOf(' ') + 1)).filter((name) => name !== 'end');
    expect(new Set(names).size).toBe(names.length);
    for (const outcome of settled) {
      if (outcome.startsWith('unknown-outcome')) continue;
      expect(seen).toContain(outcome);
    }
  });
});
