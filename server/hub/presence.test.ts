import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LeaveCause } from '../../protocol/rooms.ts';
import type { Member, PresenceChange } from './member.ts';
import { Presence } from './presence.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A room that somebody follows, and what they are told, in short: `+joins -leaves #count`, and the roster. */
class Followed {
  readonly name = 'r';
  readonly told: string[] = [];
  readonly presence: Presence;
  readonly #members = new Map<string, Member>();

  constructor(rosterLimit: number) {
    this.presence = new Presence(this, rosterLimit, (change) => this.told.push(inShort(change)));
  }

  get visibleSize(): number {
    return [...this.visibleMembers()].length;
  }

  visibleMembers(): Member[] {
    return [...this.#members.values()].filter(({ isHidden }) => isHidden !== true);
  }

  get(memberId: string): Member | undefined {
    return this.#members.get(memberId);
  }

  come(id: string): void {
    const member = { ...MEMBER, id };
    this.#members.set(id, member);
    this.presence.note(member, 'left');
  }

  go(id: string, cause: LeaveCause = 'left'): void {
    const member = this.#members.get(id) ?? { ...MEMBER, id };
    this.#members.delete(id);
    this.presence.note(member, cause);
  }

  /** One that hides comes in the place of one that was seen. */
  hide(id: string): void {
    const seen = this.#members.get(id) ?? MEMBER;
    this.#members.set(id, { ...seen, isHidden: true });
    this.presence.note(seen, 'left');
  }

  /** Lets the tick end, and gives what was told since the last time. */
  tick(ms = 0): string[] {
    vi.advanceTimersByTime(ms);
    return this.told.splice(0);
  }
}

const MEMBER: Member = {
  id: '',
  name: undefined,
  info: undefined,
  gateway: 'test',
  transport: 'test',
  since: 0,
  format: { encode: () => undefined },
  deliver: () => undefined,
  eject: () => undefined,
};

function inShort({ joins, leaves, count, roster }: PresenceChange): string {
  return [
    ...joins.map(({ id }) => `+${id}`),
    ...leaves.map(({ member, cause }) => `-${member.id}:${cause}`),
    `#${count}`,
    ...(roster === undefined ? [] : [`[${roster === null ? '' : roster.map(({ id }) => id).join()}]`]),
  ].join(' ');
}

const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => `m${n}`);

describe('Presence', () => {
  it('tells everything of one tick in one go, with causes', () => {
    const room = new Followed(0);
    for (const id of ['a', 'b', 'c', 'd']) room.come(id);
    expect(room.told).toEqual([]);
    expect(room.tick()).toEqual(['+a +b +c +d #4']);
    room.go('a', 'timeout');
    room.go('b', 'ejected');
    room.go('c', 'closed');
    room.come('e');
    expect(room.tick()).toEqual(['+e -a:timeout -b:ejected -c:closed #2']);
    expect(room.tick()).toEqual([]);
  });

  it('says how things are in the end, not what happened', () => {
    const room = new Followed(0);
    room.come('a');
    room.go('a', 'closed');
    expect(room.tick()).toEqual(['-a:closed #0']);
    room.come('a');
    room.go('a');
    room.come('a');
    expect(room.tick()).toEqual(['+a #1']);
  });

  it('tells of one in whose place one came that hides as of one who went', () => {
    const room = new Followed(0);
    room.come('a');
    room.tick();
    room.hide('a');
    expect(room.tick()).toEqual(['-a:left #0']);
  });

  it('can be told before the tick is over, and is not told again then', () => {
    const room = new Followed(0);
    room.come('a');
    room.presence.flush();
    expect(room.told.splice(0)).toEqual(['+a #1']);
    room.presence.flush();
    room.come('b');
    expect(room.tick()).toEqual(['+b #2']);
  });

  it('lists nobody beyond the limit, and counts once a second, if the count has changed', () => {
    const room = new Followed(10);
    for (const id of ids(10)) room.come(id);
    expect(room.presence.roster()).toHaveLength(10);
    room.tick();
    room.come('m10');
    expect(room.presence.roster()).toBeNull();
    expect(room.tick()).toEqual(['#11 []']);
    room.come('m11');
    room.come('m12');
    room.presence.flush();
    expect(room.tick(999)).toEqual([]);
    room.go('m5');
    expect(room.tick(1)).toEqual(['#12']);
    room.go('m11');
    room.come('m11');
    expect(room.tick(1000)).toEqual([]);
    expect(room.tick(60_000)).toEqual([]);
  });

  it('lists everybody again well below the limit only', () => {
    const room = new Followed(10);
    for (const id of ids(11)) room.come(id);
    expect(room.tick()).toEqual(['#11 []']);
    room.go('m10');
    room.go('m9');
    expect(room.tick(1000)).toEqual(['#9']);
    expect(room.presence.roster()).toBeNull();
    room.go('m0');
    expect(room.tick(1000)).toEqual(['#8 [m1,m2,m3,m4,m5,m6,m7,m8]']);
    expect(room.presence.roster()).toHaveLength(8);
    room.come('m0');
    expect(room.tick()).toEqual(['+m0 #9']);
  });

  it('has no limit where it is lifted', () => {
    const room = new Followed(0);
    for (const id of ids(5000)) room.come(id);
    expect(room.presence.roster()).toHaveLength(5000);
    room.tick();
    room.come('one more');
    expect(room.tick()).toEqual(['+one more #5001']);
  });

  it('tells nothing any more when it was stopped', () => {
    const room = new Followed(2);
    room.come('a');
    room.presence.stop();
    expect(room.tick()).toEqual([]);
    for (const id of ids(3)) room.come(id);
    expect(room.tick()).toEqual(['#4 []']);
    room.go('a');
    room.presence.stop();
    expect(room.tick(5000)).toEqual([]);
  });
});
