import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConflictError, HubError } from './errors.ts';
import { KeyedState } from './keyed-state.ts';
import type { ConditionalEntry, StateDraft } from './state-draft.ts';

function draftOf(limits = { keys: 0, bytes: 0 }): StateDraft {
  return new KeyedState(limits).draft();
}

describe('StateDraft', () => {
  it('weighs what a change comes to, not its steps', () => {
    const draft = draftOf({ keys: 1, bytes: 3 });
    draft.change([{ key: 'a', value: '1' }, { key: 'a' }, { key: 'b', value: '12' }]);
    expect(draft.entry('b')).toEqual({ key: 'b', value: '12', rev: 1 });
    draft.change([{ key: 'c', value: '1' }, { key: 'b' }]);
    expect(draft.entry('c')).toEqual({ key: 'c', value: '1', rev: 2 });
    expect(draft.entry('b')).toEqual({ key: 'b', rev: 2 });
  });

  it('refuses what is no entry, and stays as it was', () => {
    const draft = draftOf();
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    for (const entry of [{ key: 5 }, {}, { key: 'k', value: () => 1 }, { key: 'k', value: cyclic }, 'k']) {
      const entries = [{ key: 'fine', value: 1 }, entry as unknown as ConditionalEntry];
      expect(() => draft.change(entries)).toThrow(TypeError);
    }
    expect([draft.rev, draft.cells.size]).toEqual([0, 0]);
  });

  it('takes conditions for what was before the change, also where a key is changed twice', () => {
    const draft = draftOf();
    draft.change([
      { key: 'a', value: 1, ifRev: 0 },
      { key: 'a', value: 2, ifRev: 0 },
    ]);
    expect(draft.entry('a')).toEqual({ key: 'a', value: 2, rev: 1 });
  });

  it('sees the changes before in its conditions', () => {
    const draft = draftOf();
    draft.change([{ key: 'a', value: 1 }]);
    expect(draft.change([{ key: 'a', value: 2, ifRev: 1 }])).toBe(2);
    expect(() => draft.change([{ key: 'a', value: 3, ifRev: 1 }])).toThrow(ConflictError);
  });

  it('takes null for a value, and a key that went for one that is not there', () => {
    const draft = draftOf();
    draft.change([{ key: 'a', value: null, ifRev: 0 }]);
    expect(() => draft.change([{ key: 'a', value: 1, ifRev: 0 }])).toThrow(ConflictError);
    draft.change([{ key: 'a', ifRev: 1 }]);
    expect(draft.change([{ key: 'a', value: 1, ifRev: 0 }])).toBe(3);
  });

  it('holds for the revision of a removal too', () => {
    const draft = draftOf();
    draft.change([{ key: 'a', value: 1 }]);
    draft.change([{ key: 'a' }]);
    expect(draft.change([{ key: 'a', value: 2, ifRev: 2 }])).toBe(3);
  });

  it('says how every key is whose condition does not hold', () => {
    const draft = draftOf();
    draft.change([{ key: 'a', value: 1 }]);
    draft.change([{ key: 'b', value: 1 }]);
    draft.change([{ key: 'b' }]);
    const refused = ['a', 'b', 'c', 'd'].map((key) => ({ key, value: 9, ifRev: key === 'd' ? 0 : 7 }));
    expect(conflictsOf(() => draft.change(refused))).toEqual([
      { key: 'a', value: 1, rev: 1 },
      { key: 'b', rev: 3 },
      { key: 'c', rev: 0 },
    ]);
  });

  const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', '');
  const json = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.boolean()));
  const value = fc.option(json, { nil: undefined, freq: 3 });
  const ifRev = fc.option(fc.nat(8), { nil: undefined, freq: 2 });
  const change = fc.array(fc.record({ key, value, ifRev }));

  it('is what a plain model says after any changes, or refuses and stays as it was', () => {
    const drafts = fc.array(fc.record({ changes: fc.array(change), isCommitted: fc.boolean() }));
    fc.assert(
      fc.property(drafts, fc.nat(5), fc.nat(60), (all, keys, bytes) => {
        const state = new KeyedState({ keys, bytes });
        let committed: Model = { rev: 0, values: new Map(), revs: new Map() };
        for (const { changes, isCommitted } of all) {
          const draft = state.draft();
          let model = committed;
          for (const entries of changes) {
            const next = changed(model, entries);
            if (hasConflict(model, entries)) {
              expect(() => draft.change(entries)).toThrow(ConflictError);
            } else if (!fits(next, model, keys, bytes)) {
              expect(() => draft.change(entries)).toThrow(HubError);
            } else {
              expect(draft.change(entries)).toBe(next.rev);
              model = next;
            }
            for (const { key } of entries) expect(draft.entry(key)).toEqual(entryOf(model, key));
          }
          if (isCommitted) {
            draft.commit();
            committed = model;
          }
          expect(new Map(state.values)).toEqual(committed.values);
          expect([state.rev, state.bytes]).toEqual([committed.rev, weigh(committed.values)]);
          for (const [key, rev] of committed.revs) expect(state.revOf(key)).toBe(rev);
        }
      }),
    );
  });
});

function conflictsOf(what: () => unknown): unknown {
  try {
    what();
  } catch (error) {
    if (error instanceof ConflictError) return error.conflicts;
    throw error;
  }
  return undefined;
}

/** What a state should be, told in the plainest way. */
interface Model {
  readonly rev: number;
  readonly values: ReadonlyMap<string, unknown>;
  readonly revs: ReadonlyMap<string, number>;
}

function changed(model: Model, entries: readonly ConditionalEntry[]): Model {
  const next = { rev: model.rev + 1, values: new Map(model.values), revs: new Map(model.revs) };
  for (const { key, value } of entries) {
    if (value === undefined) next.values.delete(key);
    else next.values.set(key, value);
    next.revs.set(key, next.rev);
  }
  return next;
}

function hasConflict(model: Model, entries: readonly ConditionalEntry[]): boolean {
  return entries.some(({ key, ifRev }) => {
    if (ifRev === undefined || ifRev === (model.revs.get(key) ?? 0)) return false;
    return ifRev !== 0 || model.values.has(key);
  });
}

function entryOf({ values, revs }: Model, key: string): unknown {
  const rev = revs.get(key) ?? 0;
  return values.has(key) ? { key, value: values.get(key), rev } : { key, rev };
}

function fits(next: Model, now: Model, keys: number, bytes: number): boolean {
  const hasKeys = keys === 0 || next.values.size <= keys || next.values.size <= now.values.size;
  const weight = weigh(next.values);
  return hasKeys && (bytes === 0 || weight <= bytes || weight <= weigh(now.values));
}

function weigh(values: ReadonlyMap<string, unknown>): number {
  let bytes = 0;
  for (const [key, value] of values) {
    bytes += Buffer.byteLength(key + (typeof value === 'string' ? value : JSON.stringify(value)));
  }
  return bytes;
}
