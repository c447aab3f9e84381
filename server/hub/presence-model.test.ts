import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { KeyedState } from './keyed-state.ts';
import type { Format, Member, PresenceChange } from './member.ts';
import { Room } from './room.ts';

const ROSTER = 5;
const FOLLOWING: Format<PresenceChange> = { encode: () => undefined, encodePresence: (change) => change };
const NOT_FOLLOWING: Format<PresenceChange> = { encode: () => undefined };

/** What a client makes of what it is told, as the protocol says: leaves, then joins; a list takes the place of all. */
class Follower {
  list: Map<string, string | undefined> | null = null;
  count = 0;

  begin(roster: readonly Member[] | null, count: number): void {
    this.list = roster && new Map(roster.map(({ id, name }) => [id, name]));
    this.count = count;
  }

  hear({ joins, leaves, count, roster }: PresenceChange): void {
    this.count = count;
    if (roster !== undefined) {
      this.begin(roster, count);
      return;
    }
    for (const { member } of leaves) this.list?.delete(member.id);
    for (const { id, name } of joins) this.list?.set(id, name);
  }
}

describe('presence', () => {
  it('leaves everybody who follows it with the list of who is there, whatever happens', () => {
    const id = fc.constantFrom(...'abcdefgh');
    const come = fc.record({
      do: fc.constant('come' as const),
      id,
      name: fc.constantFrom('ann', 'bob'),
      follows: fc.boolean(),
      comesBack: fc.boolean(),
      isHidden: fc.boolean(),
    });
    const go = fc.record({ do: fc.constant('go' as const), id, cause: fc.constantFrom('left', 'closed') });
    const silence = fc.record({ do: fc.constant('silence' as const), id });
    const wait = fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 1, 1, 600) });
    const say = fc.record({ do: fc.constant('say' as const) });
    const steps = fc.array(fc.oneof({ weight: 4, arbitrary: come }, go, silence, wait, say), {
      maxLength: 80,
    });
    vi.useFakeTimers();
    try {
      fc.assert(fc.property(steps, play), { numRuns: 500 });
    } finally {
      vi.useRealTimers();
    }

    function play(all: typeof steps extends fc.Arbitrary<infer T> ? T : never): void {
      const state = new KeyedState({ keys: 0, bytes: 0 });
      const stored = { epoch: 'e', position: { epoch: 'e', offset: 0 }, first: 1, state };
      const room = new Room({ space: 's', name: 'r' }, stored, 0, ROSTER);
      const followers = new Map<string, Follower>();
      const silent = new Set<string>();
      for (const step of all) {
        if (step.do === 'come') {
          const follower = new Follower();
          room.add(memberOf(step, follower) as Member);
          silent.delete(step.id);
          followers.delete(step.id);
          if (!step.follows) continue;
          followers.set(step.id, follower);
          follower.begin(room.roster(), room.visibleSize);
        } else if (step.do === 'go' || step.do === 'silence') {
          const member = room.get(step.id);
          followers.delete(step.id);
          if (member === undefined) continue;
          if (step.do === 'silence') room.silence(member);
          else room.remove(member, step.cause as 'left' | 'closed');
        } else if (step.do === 'wait') {
          vi.advanceTimersByTime(step.ms);
        } else {
          const sender = { id: null, name: undefined };
          room.deliver({ kind: 'k', data: 1, sender, room: 'r', epoch: 'e', offset: 1, at: 0 });
        }
      }
      vi.advanceTimersByTime(2000);
      const there = new Map([...room.visibleMembers()].map(({ id, name }) => [id, name]));
      for (const { list, count } of followers.values()) {
        expect(count).toBe(there.size);
        if (list === null) expect(there.size).toBeGreaterThan(ROSTER * 0.8);
        else expect(list).toEqual(there);
        if (there.size > ROSTER) expect(list).toBeNull();
      }
    }
  });
});

function memberOf(
  step: { id: string; name: string; follows: boolean; comesBack: boolean; isHidden: boolean },
  follower: Follower,
): Member<PresenceChange> {
  return {
    id: step.id,
    name: step.name,
    info: undefined,
    gateway: 'test',
    transport: 'test',
    since: 0,
    isHidden: step.isHidden,
    comesBack: step.comesBack,
    format: step.follows ? FOLLOWING : NOT_FOLLOWING,
    deliver: (change) => follower.hear(change),
    eject: () => undefined,
  };
}
