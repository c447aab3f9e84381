import { describe, expect, it } from 'vitest';
import type { SetEntry } from '../../protocol/rooms.ts';
import { ChangeClaims } from './change-claims.ts';
import { auditState, type StateEvidence, type StateSnapshot } from './state-audit.ts';

const EPOCH = 'e';

/** In the order of their revisions, from 1; `null`: nobody knows whether it happened. */
type Wanted = readonly (readonly [entry: SetEntry, rev: number | null])[];

const WANTED: Wanted = [
  [{ key: 'n', value: 1, ifRev: 0 }, 1],
  [{ key: 'n', value: 2, ifRev: 1 }, 2],
  [{ key: 'topic', value: 'tea' }, 3],
  [{ key: 'topic' }, 4],
];

function claim(wanted: Wanted = WANTED): ChangeClaims {
  const claims = new ChangeClaims();
  for (const [entry, rev] of wanted) {
    const sent = claims.sent([entry]);
    if (rev === null) claims.settled(sent, { type: 'unknown' });
    else claims.settled(sent, { type: 'accepted', revision: { epoch: EPOCH, rev } });
  }
  return claims;
}

function snapshot(changes: Partial<StateSnapshot> = {}): StateSnapshot {
  return {
    who: 'bob',
    epoch: EPOCH,
    rev: 4,
    entries: [{ key: 'n', value: 2, rev: 2 }],
    newest: 4,
    ...changes,
  };
}

function faults(changes: Partial<StateEvidence> = {}): string[] {
  const evidence = { room: 'r', claims: claim(), snapshots: [], seen: [], end: snapshot(), counters: ['n'] };
  return auditState({ ...evidence, ...changes }).faults.map(({ kind, what }) => `${kind}: ${what}`);
}

describe('the audit of a state', () => {
  it('finds nothing wrong where all went well, and counts what was accepted', () => {
    expect(faults()).toEqual([]);
    const evidence = { room: 'r', claims: claim(), snapshots: [], seen: [], end: snapshot(), counters: [] };
    expect(auditState(evidence).count('changes')).toBe(4);
  });

  it('minds an accepted change that a later look does not show', () => {
    const end = snapshot({ entries: [{ key: 'n', value: 1, rev: 1 }] });
    expect(faults({ end, counters: [] })).toEqual([
      'wrong state: r: bob saw the state at 4, with n of 1, although it was changed at 2',
    ]);
    expect(faults({ end: snapshot({ entries: [] }), counters: [] })).toEqual([
      'wrong state: r: bob saw the state at 4 without n, which was set at 2',
    ]);
  });

  it('minds a look that is older than what had been accepted before it', () => {
    const early = snapshot({ rev: 1, newest: 2, entries: [{ key: 'n', value: 1, rev: 1 }] });
    expect(faults({ snapshots: [early] })).toEqual([
      'wrong state: r: bob saw the state at 1, although 2 had been accepted',
    ]);
    expect(faults({ snapshots: [{ ...early, newest: 1 }] })).toEqual([]);
  });

  it('minds a value that is another one, and one that nobody set', () => {
    expect(faults({ end: snapshot({ entries: [{ key: 'n', value: 9, rev: 2 }] }), counters: [] })).toEqual([
      'wrong state: r: bob saw the state at 4, with n as 9, not 2',
    ]);
    const entries = [...snapshot().entries, { key: 'ghost', value: 1, rev: 4 }];
    expect(faults({ end: snapshot({ entries }) })).toEqual([
      'wrong state: r: bob saw the state at 4, with ghost as 1 of 4, which nobody was told',
    ]);
  });

  it('minds a key that was taken away and is there', () => {
    const entries = [...snapshot().entries, { key: 'topic', value: 'tea', rev: 3 }];
    expect(faults({ end: snapshot({ entries }) })).toEqual([
      'wrong state: r: bob saw the state at 4, with topic of 3, although it was changed at 4',
    ]);
  });

  it('takes what nobody can tell as it is', () => {
    const claims = claim([...WANTED, [{ key: 'n', value: 3 }, null]]);
    expect(faults({ claims })).toEqual([]);
    expect(faults({ claims, end: snapshot({ rev: 5, entries: [{ key: 'n', value: 3, rev: 5 }] }) })).toEqual(
      [],
    );
  });

  it('minds a change that nobody was answered', () => {
    const claims = claim();
    claims.sent([{ key: 'n', value: 3 }]);
    expect(faults({ claims })).toEqual([
      'unsettled: r: nobody was told what became of [{"key":"n","value":3}]',
    ]);
  });

  it('minds a revision that was given out twice, and one of another epoch', () => {
    const claims = claim([...WANTED, [{ key: 'other', value: 1 }, 4]]);
    expect(faults({ claims })).toContain('wrong state: r: revision 4 was given to two changes');
    expect(faults({ end: snapshot({ epoch: 'f', entries: [] }), counters: [] })).toContain(
      'wrong state: r: revision 1 is of epoch e, not f',
    );
  });

  it('minds a change that came between a condition and what was to happen on it', () => {
    const claims = claim([
      [{ key: 'n', value: 1, ifRev: 0 }, 1],
      [{ key: 'n', value: 2, ifRev: 1 }, 2],
      [{ key: 'n', value: 2, ifRev: 1 }, 3],
    ]);
    const end = snapshot({ rev: 3, newest: 3, entries: [{ key: 'n', value: 2, rev: 3 }] });
    expect(faults({ claims, end })).toEqual([
      'wrong state: r: n was changed at 3 on condition of 1, but was at 2',
      'wrong state: r: n became 2 twice, at last at 3',
    ]);
  });

  it('minds a counter that lost somebody, or counted what nobody did', () => {
    const claims = claim([
      [{ key: 'n', value: 1 }, 1],
      [{ key: 'n', value: 3 }, 2],
    ]);
    const end = snapshot({ rev: 2, newest: 2, entries: [{ key: 'n', value: 3, rev: 2 }] });
    expect(faults({ claims, end })).toEqual(['wrong state: r: n is 3, but nobody made it 2']);
  });

  describe('as it was followed', () => {
    const seen = { who: 'eve', epoch: EPOCH, rev: 2, previous: 1, entries: [{ key: 'n', value: 2 }] };

    it('believes a change that was accepted', () => {
      expect(faults({ seen: [seen] })).toEqual([]);
    });

    it('minds a revision that was left out or told again', () => {
      expect(faults({ seen: [{ ...seen, previous: 0 }] })).toEqual([
        'wrong state: r: eve was told of revision 2 after 0',
      ]);
      expect(faults({ seen: [{ ...seen, previous: 2 }] })).toEqual([
        'wrong state: r: eve was told of revision 2 after 2',
      ]);
    });

    it('minds one that came to nothing, and one that was told differently', () => {
      const claims = claim([...WANTED, [{ key: 'n', value: 3 }, null], [{ key: 'n', value: 4 }, null]]);
      const fifth = { ...seen, rev: 5, previous: 4, entries: [{ key: 'n', value: 3 }] };
      const other = { ...fifth, who: 'bob', entries: [{ key: 'n', value: 4 }] };
      const end = snapshot({ rev: 5, entries: [{ key: 'n', value: 3, rev: 5 }] });
      expect(faults({ claims, end, seen: [fifth] })).toEqual([]);
      expect(faults({ claims, seen: [fifth] })).toEqual([
        'wrong state: r: eve was told of revision 5, but the last is 4',
      ]);
      expect(faults({ claims, end, seen: [fifth, other] })).toEqual([
        'wrong state: r: bob was told [{"key":"n","value":4}] for revision 5, others [{"key":"n","value":3}]',
      ]);
    });

    it('minds one that was another one', () => {
      expect(faults({ seen: [{ ...seen, entries: [{ key: 'n', value: 7 }] }] })).toEqual([
        'wrong state: r: eve was told [{"key":"n","value":7}] for revision 2, which nobody asked for',
      ]);
    });
  });
});
