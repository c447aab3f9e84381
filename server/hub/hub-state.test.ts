import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryEngine } from '../engines/memory/memory-engine.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { Counters } from '../telemetry/counters.ts';
import type { Change } from './change.ts';
import { HubError } from './errors.ts';
import { Hub, type HubOptions } from './hub.ts';
import { KeyedState } from './keyed-state.ts';
import type { Format, Member } from './member.ts';

type News =
  | { readonly came: string }
  | { readonly went: string }
  | { readonly told: unknown }
  | { readonly changed: Pick<Change, 'roomChanges' | 'clientChanges' | 'by'> };

const WITNESS: Format<News> = {
  encode: () => undefined,
  encodeArrival: ({ id }) => ({ came: id }),
  encodeDeparture: ({ id }) => ({ went: id }),
  encodeChange: ({ roomChanges, clientChanges, by }) => ({ changed: { roomChanges, clientChanges, by } }),
  encodeNotice: (notice) => ({ told: notice }),
};

interface Terms extends HubOptions {
  readonly limits?: Partial<Limits>;
  readonly roomGraceMs?: number;
}

async function setUp({ roomGraceMs = 60_000, ...options }: Terms = {}) {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const counters = new Counters();
  const hub = new Hub(new MemoryEngine({ limits, roomGraceMs }), counters, limits, options);
  await hub.start();
  return { hub, counters };
}

function member(hub: Hub, id: string, extras: Partial<Member<News>> = {}, room = 'r') {
  const got: News[] = [];
  const made: Member<News> = {
    id,
    name: id,
    info: undefined,
    gateway: 'test',
    transport: 'test',
    since: 0,
    format: WITNESS,
    state: new KeyedState({ keys: 0, bytes: 0 }),
    deliver: (news) => got.push(news),
    eject: () => hub.leave('s', room, made),
    ...extras,
  };
  return Object.assign(made, { got });
}

const entries = (...keys: string[]) => keys.map((key) => ({ key, value: key }));

describe('Hub with witnesses', () => {
  it('tells of an arrival at once, and the newcomer nothing', async () => {
    const { hub } = await setUp();
    const [ann, bob] = [member(hub, 'ann'), member(hub, 'bob')];
    hub.join('s', 'r', ann);
    hub.join('s', 'r', bob);
    expect([ann.got, bob.got]).toEqual([[{ came: 'bob' }], []]);
    hub.leave('s', 'r', ann);
    expect([ann.got, bob.got]).toEqual([[{ came: 'bob' }], [{ went: 'ann' }]]);
  });

  it('tells of a member that takes its own place as one that went and one that came', async () => {
    const { hub } = await setUp();
    const ann = member(hub, 'ann');
    hub.join('s', 'r', ann);
    hub.join('s', 'r', member(hub, 'bob'));
    const again = member(hub, 'bob');
    hub.join('s', 'r', again);
    hub.join('s', 'r', member(hub, 'bob', { isHidden: true }));
    hub.join('s', 'r', again);
    expect(ann.got).toEqual([
      { came: 'bob' },
      { went: 'bob' },
      { came: 'bob' },
      { went: 'bob' },
      { came: 'bob' },
    ]);
    expect(again.got).toEqual([]);
    expect([hub.room('s', 'r')?.size, hub.room('s', 'r')?.visibleSize]).toEqual([2, 2]);
  });

  it('tells nobody of hidden members, and hidden members everything', async () => {
    const { hub } = await setUp();
    const [ann, bob] = [member(hub, 'ann'), member(hub, 'bob')];
    const ghost = member(hub, 'ghost', { isHidden: true });
    hub.join('s', 'r', ann);
    hub.join('s', 'r', ghost);
    hub.join('s', 'r', bob);
    hub.leave('s', 'r', bob);
    void hub.change('s', 'r', { by: 'ghost', clientChanges: entries('x') });
    hub.leave('s', 'r', ghost);
    expect(ghost.got).toEqual([{ came: 'bob' }, { went: 'bob' }]);
    expect(ann.got).toEqual(ghost.got);
    expect([...(ghost.state?.values ?? [])]).toEqual([['x', 'x']]);
  });

  it('tells nobody who goes when everybody goes', async () => {
    const { hub } = await setUp();
    const members = ['ann', 'bob', 'cat'].map((id) => member(hub, id));
    for (const each of members) hub.join('s', 'r', each);
    void hub.change('s', 'r', { by: null, roomChanges: entries('k'), isSilent: true });
    for (const each of members) each.got.length = 0;
    expect(hub.closeRoom('s', 'r')).toBe(3);
    expect(members.map(({ got }) => got)).toEqual([[], [], []]);
    expect(hub.room('s', 'r')).toBeUndefined();
  });
});

describe('Hub#change', () => {
  it('changes a room and a member in one step, or neither', async () => {
    const { hub } = await setUp({ limits: { stateKeys: 1 } });
    const ann = member(hub, 'ann');
    hub.join('s', 'r', ann);
    const both = { by: 'ann', roomChanges: entries('a', 'b'), clientChanges: entries('x') };
    expect(() => hub.change('s', 'r', both)).toThrow(HubError);
    expect([hub.stored('s', 'r')?.state.values.size, ann.state?.values.size, ann.got]).toEqual([0, 0, []]);
    void hub.change('s', 'r', { ...both, roomChanges: entries('a') });
    expect([hub.stored('s', 'r')?.state.values.size, ann.state?.values.size]).toEqual([1, 1]);
    expect(ann.got).toEqual([
      { changed: { by: 'ann', roomChanges: entries('a'), clientChanges: entries('x') } },
    ]);
  });

  it('counts whom it tells, each format once encoded', async () => {
    const { hub, counters } = await setUp();
    let encoded = 0;
    const format: Format<News> = {
      ...WITNESS,
      encodeChange: (change) => {
        encoded++;
        return { changed: change };
      },
    };
    for (let index = 0; index < 5; index++) hub.join('s', 'r', member(hub, `m${index}`, { format }));
    hub.join('s', 'r', member(hub, 'deaf', { format: { encode: () => undefined } }));
    void hub.change('s', 'r', { by: 'm0', except: 'm0', roomChanges: entries('k') });
    expect([encoded, counters.delivered]).toEqual([1, 4]);
  });
});

describe('Hub#notify', () => {
  it('tells those who have a word for it, and leaves the stream of the room alone', async () => {
    const { hub, counters } = await setUp();
    const members = ['ann', 'bob', 'ghost'].map((id) => member(hub, id, { isHidden: id === 'ghost' }));
    for (const each of members) hub.join('s', 'r', each);
    for (const each of members) each.got.length = 0;
    const before = hub.join(
      's',
      'r',
      member(hub, 'deaf', { isHidden: true, format: { encode: () => undefined } }),
    );
    expect([
      hub.notify('s', 'r', 'to all'),
      hub.notify('s', 'r', 'to one', 'ghost'),
      hub.notify('s', 'r', 'but one', undefined, 'ann'),
      hub.notify('s', 'r', 'deaf', 'deaf'),
      hub.notify('s', 'r', 'nobody', 'nobody'),
      hub.notify('s', 'elsewhere', 'nobody'),
    ]).toEqual([3, 1, 2, 0, 0, 0]);
    expect(members.map(({ got }) => got.map((news) => 'told' in news && news.told))).toEqual([
      ['to all'],
      ['to all', 'but one'],
      ['to all', 'to one', 'but one'],
    ]);
    expect([hub.join('s', 'r', member(hub, 'late')), counters.delivered]).toEqual([before, 6]);
  });
});

/** What a room should be, told in the plainest way. */
interface Model {
  readonly state: Map<string, string>;
  readonly members: Map<string, { readonly isHidden: boolean; readonly state: Map<string, string> }>;
}

describe('Hub', () => {
  it('is what a plain model says after anything, and each witness could tell so from what it was told', async () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const key = fc.constantFrom('k', 'l', '__proto__');
    const change = fc.array(
      fc.oneof(fc.record({ key, value: fc.string({ maxLength: 3 }) }), fc.record({ key })),
    );
    const step = fc.oneof(
      fc.record({ do: fc.constant('join' as const), id, isHidden: fc.boolean() }),
      fc.record({ do: fc.constant('leave' as const), id }),
      fc.record({
        do: fc.constant('change' as const),
        id,
        room: fc.option(change, { nil: undefined }),
        own: fc.option(change, { nil: undefined }),
      }),
      fc.record({ do: fc.constant('close' as const) }),
    );
    const property = fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.boolean(),
      async (steps, isKept) => {
        const { hub } = await setUp({ roomGraceMs: isKept ? Infinity : 0 });
        const model: Model = { state: new Map(), members: new Map() };
        const witnesses = new Map<string, { member: ReturnType<typeof member>; replica: Model }>();
        for (const step of steps) {
          switch (step.do) {
            case 'join': {
              const joining = member(hub, step.id, { isHidden: step.isHidden });
              hub.join('s', 'r', joining);
              model.members.delete(step.id);
              model.members.set(step.id, { isHidden: step.isHidden, state: new Map() });
              witnesses.set(step.id, { member: joining, replica: snapshot(model) });
              break;
            }
            case 'leave':
              if (witnesses.has(step.id)) hub.leave('s', 'r', witnesses.get(step.id)!.member);
              model.members.delete(step.id);
              witnesses.delete(step.id);
              break;
            case 'change':
              if (!model.members.has(step.id)) break;
              void hub.change('s', 'r', { by: step.id, roomChanges: step.room, clientChanges: step.own });
              apply(model.state, step.room);
              apply(model.members.get(step.id)?.state ?? new Map(), step.own);
              break;
            case 'close':
              hub.closeRoom('s', 'r');
              model.state.clear();
              model.members.clear();
              witnesses.clear();
          }
          if (model.members.size === 0 && !isKept) model.state.clear();
          expect(new Map(hub.stored('s', 'r')?.state.values)).toEqual(model.state);
          expect([...(hub.room('s', 'r')?.visibleMembers() ?? [])].map((each) => each.id).toSorted()).toEqual(
            visible(model),
          );
          expect(hub.roomCount).toBe(model.members.size > 0 ? 1 : 0);
        }
        for (const { member: witness, replica } of witnesses.values()) {
          for (const news of witness.got) learn(replica, news);
          expect(replica.state).toEqual(model.state);
          expect(visible(replica)).toEqual(visible(model));
          for (const [id, { isHidden, state }] of model.members) {
            if (!isHidden) expect(replica.members.get(id)?.state).toEqual(state);
          }
        }
        await hub.stop();
      },
    );
    await fc.assert(property);
  });

  function snapshot(model: Model): Model {
    const members = [...model.members]
      .filter(([, { isHidden }]) => !isHidden)
      .map(([id, { isHidden, state }]) => [id, { isHidden, state: new Map(state) }] as const);
    return { state: new Map(model.state), members: new Map(members) };
  }

  function learn(replica: Model, news: News): void {
    if ('came' in news) {
      expect(replica.members.has(news.came)).toBe(false);
      replica.members.set(news.came, { isHidden: false, state: new Map() });
    } else if ('went' in news) {
      expect(replica.members.delete(news.went)).toBe(true);
    } else if ('changed' in news) {
      const { roomChanges, clientChanges, by } = news.changed;
      apply(replica.state, roomChanges);
      if (clientChanges !== undefined)
        apply(replica.members.get(by ?? '')?.state ?? new Map(), clientChanges);
    }
  }

  function apply(state: Map<string, string>, changes: Change['roomChanges']): void {
    for (const { key, value } of changes ?? []) {
      if (value === undefined) state.delete(key);
      else state.set(key, value as string);
    }
  }

  function visible(model: Model): string[] {
    return [...model.members]
      .filter(([, { isHidden }]) => !isHidden)
      .map(([id]) => id)
      .toSorted();
  }
});
