import { describe, expect, it } from 'vitest';
import { Counters } from '../telemetry/counters.ts';
import { LateEngine } from '../test/support/late-engine.ts';
import { HubError } from './errors.ts';
import { Hub, type HubOptions } from './hub.ts';
import type { Member } from './member.ts';
import type { Draft } from './publication.ts';

async function setUp(options: { rooms?: number } & HubOptions = {}) {
  const engine = new LateEngine();
  const counters = new Counters();
  const limits = { room: 10, rooms: options.rooms ?? 0, roster: 0 };
  const hub = new Hub(engine, counters, limits, options);
  await hub.start();
  return { engine, counters, hub };
}

function member(id: string) {
  const got: unknown[] = [];
  const made: Member = {
    id,
    name: id,
    info: undefined,
    gateway: 'test',
    transport: 'test',
    since: 0,
    format: { encode: ({ data }) => data },
    deliver: (encoded) => got.push(encoded),
    eject: () => undefined,
  };
  return Object.assign(made, { got });
}

const draft = (data: string): Draft => ({ kind: 'message', data, sender: { id: null, name: undefined } });

describe('Hub', () => {
  it('delivers what the engine hands back, and no sooner', async () => {
    const { hub, engine, counters } = await setUp();
    const ann = member('ann');
    hub.join('s', 'r', ann);
    const published = hub.publish('s', 'r', draft('hi'));
    expect(ann.got).toEqual([]);
    engine.settle();
    expect(ann.got).toEqual(['hi']);
    await expect(published).resolves.toEqual(hub.stored('s', 'r')?.position);
    expect([counters.published, counters.delivered]).toEqual([1, 1]);
  });

  it('keeps rooms of the same name in different spaces apart', async () => {
    const { hub, engine } = await setUp();
    const [ann, bob] = [member('ann'), member('bob')];
    hub.join('layout', 'r', ann);
    hub.join('bus', 'r', bob);
    void hub.publish('bus', 'r', draft('hi'));
    engine.settle();
    expect([ann.got, bob.got]).toEqual([[], ['hi']]);
  });

  it('subscribes a room at its engine exactly while it has members', async () => {
    const { hub, engine } = await setUp();
    const [ann, bob] = [member('ann'), member('bob')];
    hub.join('s', 'r', ann);
    hub.join('s', 'r', bob);
    expect([...engine.subscribed]).toEqual(['s/r']);
    hub.leave('s', 'r', ann);
    expect(hub.roomCount).toBe(1);
    hub.leave('s', 'r', bob);
    expect([...engine.subscribed]).toEqual([]);
    expect(hub.roomCount).toBe(0);
    expect(hub.leave('s', 'r', bob)).toBe(false);
  });

  it('delivers to those who are there when it is delivered', async () => {
    const { hub, engine } = await setUp();
    const [ann, bob] = [member('ann'), member('bob')];
    hub.join('s', 'r', ann);
    void hub.publish('s', 'r', draft('hi'));
    hub.join('s', 'r', bob);
    hub.leave('s', 'r', ann);
    engine.settle();
    expect([ann.got, bob.got]).toEqual([[], ['hi']]);
  });

  it('refuses names over the limit and rooms over the limit', async () => {
    const { hub } = await setUp({ rooms: 1 });
    expect(() => hub.join('s', 'x'.repeat(11), member('ann'))).toThrow(HubError);
    expect(() => hub.publish('s', 'x'.repeat(11), draft('hi'))).toThrow(HubError);
    hub.join('s', 'a', member('ann'));
    expect(() => hub.join('s', 'b', member('ann'))).toThrow(/1 rooms already/);
  });

  it('finds the rooms below a path as long as they exist', async () => {
    const { hub } = await setUp();
    const ann = member('ann');
    for (const name of ['a', 'a/', 'a/b', 'a/b/c', 'ab/c', 'b/a/']) hub.join('s', name, ann);
    hub.join('other', 'a/x', ann);
    hub.join('s', 'a/b', member('bob'));
    expect(hub.roomsBelow('s', 'a/')).toEqual(['a/', 'a/b', 'a/b/c']);
    expect(hub.roomsBelow('s', 'a/b/')).toEqual(['a/b/c']);
    hub.leave('s', 'a/b', ann);
    hub.leave('s', 'a/', ann);
    expect(hub.roomsBelow('s', 'a/')).toEqual(['a/b', 'a/b/c']);
    expect(hub.roomsBelow('nowhere', 'a/')).toEqual([]);
  });

  it('lets hooks refuse, with their own code or as forbidden', async () => {
    const { hub } = await setUp({
      hooks: {
        join: ({ room }) => {
          if (room === 'private') throw new HubError('not-a-member', 'ask first');
        },
        publish: () => {
          throw new Error('read only');
        },
      },
    });
    expect(() => hub.join('s', 'private', member('ann'))).toThrow(
      expect.objectContaining({ code: 'not-a-member', message: 'ask first' }),
    );
    expect(hub.roomCount).toBe(0);
    hub.join('s', 'public', member('ann'));
    expect(() => hub.publish('s', 'public', draft('hi'))).toThrow(
      expect.objectContaining({ code: 'forbidden', message: 'read only' }),
    );
  });

  it('tells a watcher of its room and of no other', async () => {
    const { hub, engine } = await setUp();
    const seen: string[] = [];
    const unwatch = hub.watch('s', 'r', {
      joined: ({ id }) => seen.push(`+${id}`),
      left: ({ id }) => seen.push(`-${id}`),
      published: ({ data }) => seen.push(String(data)),
    });
    const ann = member('ann');
    hub.join('s', 'r', ann);
    hub.join('s', 'other', member('bob'));
    void hub.publish('s', 'r', draft('hi'));
    engine.settle();
    hub.leave('s', 'r', ann);
    unwatch();
    hub.join('s', 'r', member('carl'));
    expect(seen).toEqual([]);
    await Promise.resolve();
    expect(seen).toEqual(['+ann', 'hi', '-ann']);
  });
});
