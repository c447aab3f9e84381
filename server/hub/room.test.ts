import { describe, expect, it } from 'vitest';
import { KeyedState } from './keyed-state.ts';
import type { Format, Member, PresenceChange } from './member.ts';
import type { Publication } from './publication.ts';
import { Room } from './room.ts';

function say(data: string, more: Partial<Publication> = {}): Publication {
  const sender = { id: null, name: undefined };
  return { kind: 'message', data, sender, room: 'r', epoch: 'e', offset: 1, at: 0, ...more };
}

function format(name: string, withPresence = false): Format<string> & { encodings: number } {
  const made = {
    encodings: 0,
    encode: (publication: Publication) => {
      made.encodings++;
      return publication.kind === 'message' ? `${name}:${String(publication.data)}` : undefined;
    },
  };
  if (!withPresence) return made;
  return Object.assign(made, {
    encodePresence: ({ joins, leaves }: PresenceChange) =>
      `+${joins.map(({ id }) => id).join()}-${leaves.map(({ member }) => member.id).join()}`,
  });
}

function member(id: string, itsFormat: Format<string>): Member<string> & { readonly got: string[] } {
  const got: string[] = [];
  return {
    id,
    name: id,
    info: undefined,
    gateway: 'test',
    transport: 'test',
    since: 0,
    format: itsFormat,
    deliver: (encoded) => got.push(encoded),
    eject: () => undefined,
    got,
  };
}

const endOfTick = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

function room(...members: readonly Member<string>[]): Room {
  const state = new KeyedState({ keys: 0, bytes: 0 });
  const stored = { epoch: 'e', position: { epoch: 'e', offset: 0 }, first: 1, state };
  const made = new Room({ space: 's', name: 'r' }, stored, 0, 0);
  for (const one of members) made.add(one as Member);
  return made;
}

describe('Room#deliver', () => {
  it('encodes once per format, in whatever order the formats stand', () => {
    const a = format('a');
    const b = format('b');
    const members = [member('1', a), member('2', b), member('3', a), member('4', b)];
    expect(room(...members).deliver(say('x'))).toBe(4);
    expect([a.encodings, b.encodings]).toEqual([1, 1]);
    expect(members.map(({ got }) => got)).toEqual([['a:x'], ['b:x'], ['a:x'], ['b:x']]);
  });

  it('leaves out the excepted member', () => {
    const a = format('a');
    const [one, two] = [member('1', a), member('2', a)];
    expect(room(one, two).deliver(say('x', { except: '1' }))).toBe(1);
    expect([one.got, two.got]).toEqual([[], ['a:x']]);
  });

  it('hands a directed publication to one member alone', () => {
    const a = format('a');
    const [one, two] = [member('1', a), member('2', a)];
    const both = room(one, two);
    expect(both.deliver(say('x', { to: '2' }))).toBe(1);
    expect(both.deliver(say('x', { to: '9' }))).toBe(0);
    expect([one.got, two.got]).toEqual([[], ['a:x']]);
  });

  it('skips members whose format has no words for the kind, and asks it once', () => {
    const a = format('a');
    expect(room(member('1', a), member('2', a)).deliver(say('x', { kind: 'other' }))).toBe(0);
    expect(a.encodings).toBe(1);
  });
});

describe('Room presence', () => {
  it('announces all changes of a tick in one diff', async () => {
    const watcher = member('w', format('w', true));
    const filled = room(watcher);
    const others = ['1', '2', '3'].map((id) => member(id, format('a')) as Member);
    for (const other of others) filled.add(other);
    filled.remove(others[1]!, 'left');
    await endOfTick();
    expect(watcher.got).toEqual(['+1,3-2']);
  });

  it('announces pending joins before a message', () => {
    const watcher = member('w', format('w', true));
    const filled = room(watcher);
    filled.add(member('1', format('a')) as Member);
    filled.deliver(say('x'));
    expect(watcher.got).toEqual(['+1-', 'w:x']);
  });

  it('says how things are at the end of a tick in which one left and came back', async () => {
    const watcher = member('w', format('w', true));
    const other = member('1', format('a')) as Member;
    const filled = room(watcher);
    filled.add(other);
    await endOfTick();
    filled.remove(other, 'left');
    filled.add(other);
    await endOfTick();
    expect(watcher.got).toEqual(['+1-', '+1-']);
  });

  it('stays silent where nobody asked for it', async () => {
    const plain = member('1', format('a'));
    const filled = room(plain);
    filled.add(member('2', format('a')) as Member);
    await endOfTick();
    expect(plain.got).toEqual([]);
  });
});
