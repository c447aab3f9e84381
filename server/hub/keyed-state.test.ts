import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from './errors.ts';
import { KeyedState, type Entry } from './keyed-state.ts';

const set = (state: KeyedState, ...entries: Entry[]): void => state.prepare(entries)();

describe('KeyedState', () => {
  it('sets nothing before it is told to', () => {
    const state = new KeyedState({ keys: 0, bytes: 0 });
    const commit = state.prepare([{ key: 'k', value: 'v' }]);
    expect([state.size, state.bytes]).toEqual([0, 0]);
    commit();
    expect([...state.values]).toEqual([['k', 'v']]);
    expect(state.bytes).toBe(2);
  });

  it('keeps a copy of what is no text', () => {
    const state = new KeyedState({ keys: 0, bytes: 0 });
    const value = { list: [1] };
    set(state, { key: 'k', value });
    value.list.push(2);
    expect(state.values.get('k')).toEqual({ list: [1] });
    expect(state.bytes).toBe(1 + '{"list":[1]}'.length);
  });

  it('measures texts in UTF-8', () => {
    const state = new KeyedState({ keys: 0, bytes: 5 });
    set(state, { key: 'ü', value: '日' });
    expect(state.bytes).toBe(5);
    expect(() => state.prepare([{ key: 'x', value: '' }])).toThrow(HubError);
  });

  it('weighs what a change comes to, not its steps', () => {
    const state = new KeyedState({ keys: 1, bytes: 3 });
    set(state, { key: 'a', value: '1' }, { key: 'a' }, { key: 'b', value: '12' });
    expect([...state.values]).toEqual([['b', '12']]);
    set(state, { key: 'c', value: '1' }, { key: 'b' });
    expect([...state.values]).toEqual([['c', '1']]);
  });

  it('refuses what is no entry', () => {
    const state = new KeyedState({ keys: 0, bytes: 0 });
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    for (const entry of [{ key: 5 }, {}, { key: 'k', value: () => 1 }, { key: 'k', value: cyclic }, 'k']) {
      expect(() => state.prepare([entry as unknown as Entry])).toThrow(TypeError);
    }
  });

  it('is what a plain model says after any changes, or refuses and stays as it was', () => {
    const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', '');
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.constant(undefined),
      fc.array(fc.boolean()),
    );
    const changes = fc.array(fc.array(fc.record({ key, value })));
    fc.assert(
      fc.property(changes, fc.nat(5), fc.nat(60), (all, keys, bytes) => {
        const state = new KeyedState({ keys, bytes });
        let model = new Map<string, unknown>();
        for (const entries of all) {
          const next = new Map(model);
          for (const { key, value } of entries) {
            if (value === undefined) next.delete(key);
            else next.set(key, value);
          }
          const fits = fitsIn(next, model, keys, bytes);
          if (fits) {
            set(state, ...entries);
            model = next;
          } else {
            expect(() => state.prepare(entries)).toThrow(HubError);
          }
          expect(new Map(state.values)).toEqual(model);
          expect(state.bytes).toBe(weigh(model));
        }
      }),
    );
  });

  function fitsIn(
    next: Map<string, unknown>,
    now: Map<string, unknown>,
    keys: number,
    bytes: number,
  ): boolean {
    const hasKeys = keys === 0 || next.size <= keys || next.size <= now.size;
    const hasBytes = bytes === 0 || weigh(next) <= bytes || weigh(next) <= weigh(now);
    return hasKeys && hasBytes;
  }

  function weigh(values: Map<string, unknown>): number {
    let bytes = 0;
    for (const [key, value] of values) {
      bytes += Buffer.byteLength(key + (typeof value === 'string' ? value : JSON.stringify(value)));
    }
    return bytes;
  }
});
