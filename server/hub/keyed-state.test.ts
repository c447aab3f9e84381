import { describe, expect, it } from 'vitest';
import { HubError } from './errors.ts';
import { KeyedState } from './keyed-state.ts';
import type { ConditionalEntry } from './state-draft.ts';

function change(state: KeyedState, ...entries: ConditionalEntry[]): number {
  const draft = state.draft();
  const rev = draft.change(entries);
  draft.commit();
  return rev;
}

function unlimited(): KeyedState {
  return new KeyedState({ keys: 0, bytes: 0 });
}

describe('KeyedState', () => {
  it('sets nothing before it is told to', () => {
    const state = unlimited();
    const draft = state.draft();
    draft.change([{ key: 'k', value: 'v' }]);
    expect([state.values.size, state.bytes, state.rev, state.revOf('k')]).toEqual([0, 0, 0, 0]);
    draft.commit();
    expect([...state.values]).toEqual([['k', 'v']]);
    expect([state.bytes, state.rev, state.revOf('k')]).toEqual([2, 1, 1]);
  });

  it('keeps a copy of what is no text', () => {
    const state = unlimited();
    const value = { list: [1] };
    change(state, { key: 'k', value });
    value.list.push(2);
    expect(state.values.get('k')).toEqual({ list: [1] });
    expect(state.bytes).toBe(1 + '{"list":[1]}'.length);
  });

  it('measures texts in UTF-8', () => {
    const state = new KeyedState({ keys: 0, bytes: 5 });
    change(state, { key: 'ü', value: '日' });
    expect(state.bytes).toBe(5);
    expect(() => change(state, { key: 'x', value: '' })).toThrow(HubError);
  });

  it('keeps keys where they were first set, until they are taken away', () => {
    const state = unlimited();
    change(state, { key: 'a', value: 1 }, { key: 'b', value: 1 });
    change(state, { key: 'a', value: 2 });
    expect([...state.values.keys()]).toEqual(['a', 'b']);
    change(state, { key: 'a' });
    change(state, { key: 'a', value: 3 });
    expect([...state.values.keys()]).toEqual(['b', 'a']);
  });

  it('remembers by which revision keys went', () => {
    const state = unlimited();
    change(state, { key: 'a', value: 1 }, { key: 'b', value: 1 });
    change(state, { key: 'a' }, { key: 'never' });
    expect(['a', 'b', 'never', 'other'].map((key) => state.revOf(key))).toEqual([2, 1, 2, 0]);
  });

  it('takes up more than its values, and little for what is gone', () => {
    const state = unlimited();
    const empty = state.footprint;
    change(state, { key: 'k', value: 'v' });
    expect(state.footprint).toBeGreaterThan(state.bytes);
    for (let n = 0; n < 50; n++) {
      const key = String(n).padEnd(10_000);
      change(state, { key, value: 1 });
      change(state, { key });
    }
    expect(state.bytes).toBe(2);
    expect(state.footprint - empty).toBeLessThan(70_000);
  });

  it('is again what was written down', () => {
    const state = unlimited();
    change(state, { key: 'a', value: 'ä' }, { key: 'gone', value: 1 });
    change(state, { key: 'b', value: { c: null } });
    change(state, { key: 'gone' });
    const entries = ['a', 'b', 'gone'].map((key) => {
      return { key, value: state.values.get(key), rev: state.revOf(key) };
    });
    const again = unlimited();
    again.restore(entries, state.rev);
    expect([...again.values]).toEqual([...state.values]);
    expect([again.rev, again.bytes]).toEqual([3, state.bytes]);
    expect(entries.map(({ key }) => again.revOf(key))).toEqual([1, 2, 3]);
    expect(change(again, { key: 'd', value: 1 })).toBe(4);
  });
});
