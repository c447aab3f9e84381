import { describe, expect, it } from 'vitest';
import { Claims, type Outcome } from './claims.ts';
import type { Findings } from './findings.ts';
import { auditRoom, type RoomEvidence, type RoomHistory } from './room-audit.ts';
import { Testimony } from './testimony.ts';

const EPOCH = 'e';

function accepted(offset: number, epoch = EPOCH): Outcome {
  return { type: 'accepted', position: { epoch, offset } };
}

/** Five messages, `m1` to `m5`, all accepted. */
function claims(changes: Readonly<Record<string, Outcome | undefined>> = {}): Claims {
  const outcomes = new Map<string, Outcome | undefined>(
    [1, 2, 3, 4, 5].map((offset) => [`m${offset}`, accepted(offset)]),
  );
  for (const [id, outcome] of Object.entries(changes)) outcomes.set(id, outcome);
  const made = new Claims();
  for (const [id, outcome] of outcomes) {
    made.sent(id);
    if (outcome !== undefined) made.settled(id, outcome);
  }
  return made;
}

function history(offsets: readonly number[] = [1, 2, 3, 4, 5], first = 1): RoomHistory {
  return { epoch: EPOCH, first, messages: offsets.map((offset) => ({ id: `m${offset}`, offset })) };
}

/** A number is a message heard, `-N` a gap of N that history does not reach back over. */
function reader(told: readonly number[] = [1, 2, 3, 4, 5], epoch = EPOCH): Testimony {
  const testimony = new Testimony('bob');
  testimony.joined({ epoch: EPOCH, offset: 0 });
  for (const offset of told) {
    if (offset < 0) testimony.gap({ reason: 'trimmed', missing: -offset });
    else testimony.message(`m${offset}`, { epoch, offset }, false);
  }
  return testimony;
}

function audit(changes: Partial<RoomEvidence> = {}): Findings {
  return auditRoom({
    room: 'r',
    claims: claims(),
    testimonies: [reader()],
    history: history(),
    mayMiss: ['trimmed'],
    ...changes,
  });
}

function faults(changes: Partial<RoomEvidence>): string[] {
  return audit(changes).faults.map(({ kind, what }) => `${kind}: ${what}`);
}

describe('the audit of a room', () => {
  it('finds nothing wrong with a room in which all went well, and says how much it looked at', () => {
    const findings = audit({ testimonies: [reader(), reader()] });
    expect(findings.faults).toEqual([]);
    expect(findings.count('sent')).toBe(5);
    expect(findings.count('accepted')).toBe(5);
    expect(findings.count('received')).toBe(10);
    expect(findings.count('epochs')).toBe(1);
  });

  describe('of what was accepted', () => {
    it('misses a message that history does not have', () => {
      expect(faults({ history: history([1, 2, 3, 4]), testimonies: [] })).toEqual([
        'lost: r: m5 was accepted at 5 and is not in history',
      ]);
    });

    it('misses one that history has in another place than was answered', () => {
      expect(faults({ claims: claims({ m2: accepted(3), m3: accepted(2) }) })).toEqual([
        'reordered: r: m2 was accepted at 3 and is at 2',
        'reordered: r: m3 was accepted at 2 and is at 3',
      ]);
    });

    it('takes no offence at one that history is too short for', () => {
      expect(faults({ history: history([3, 4, 5], 3), testimonies: [reader()] })).toEqual([]);
    });

    it('minds one that was accepted in another epoch', () => {
      expect(faults({ claims: claims({ m0: accepted(9, 'other') }) })).toEqual([
        'wrong epoch: r: m0 was accepted in epoch other, not e',
      ]);
      const mayMiss = ['epoch-changed'];
      expect(faults({ claims: claims({ m0: accepted(9, 'other') }), mayMiss })).toEqual([]);
    });

    it('minds one that nobody was told of, and one that was refused and is there', () => {
      expect(faults({ claims: claims({ m2: undefined, m3: { type: 'refused', code: 'limit' } }) })).toEqual([
        'unsettled: r: nobody was told what became of m2',
        'invented: r: m3 was refused and is at 3',
      ]);
    });

    it('minds one that was answered in two ways', () => {
      const twice = claims();
      twice.settled('m2', accepted(2));
      twice.settled('m3', accepted(4));
      twice.settled('m3', accepted(3));
      expect(faults({ claims: twice })).toEqual([
        'doubled: r: m3 was accepted at 3 and at 4',
        'doubled: r: m3 was accepted at 4 and at 3',
      ]);
    });

    it('takes what nobody can tell as it is', () => {
      const unknown: Outcome = { type: 'unknown' };
      expect(faults({ claims: claims({ m2: unknown, m6: unknown }) })).toEqual([]);
    });
  });

  describe('of history', () => {
    it('minds a message that is there twice', () => {
      const messages = [...history().messages, { id: 'm2', offset: 6 }];
      const testimony = reader();
      testimony.message('m2', { epoch: EPOCH, offset: 6 }, false);
      expect(faults({ history: { ...history(), messages }, testimonies: [testimony] })).toEqual([
        'doubled: r: history at 6 repeats m2 of 2',
      ]);
    });

    it('minds a message that nobody sent', () => {
      const messages = [...history().messages, { id: 'ghost', offset: 6 }];
      expect(faults({ history: { ...history(), messages }, testimonies: [] })).toEqual([
        'invented: r: history at 6 has ghost, which nobody sent',
      ]);
    });

    it('minds a hole, and a page in the wrong order', () => {
      expect(
        faults({
          claims: claims({ m3: { type: 'unknown' } }),
          history: history([1, 2, 4, 5]),
          testimonies: [],
        }),
      ).toEqual(['lost: r: history has nothing at 3']);
      expect(faults({ history: history([1, 3, 2, 4, 5]), testimonies: [] })).toContain(
        'reordered: r: history at 2 follows 3',
      );
    });
  });

  describe('of a reader', () => {
    it.each([
      ['loses a message in between', [1, 2, 4, 5], ['lost: r: bob never heard 3, nor that it is missing']],
      ['loses the last message', [1, 2, 3, 4], ['lost: r: bob never heard 5, nor that it is missing']],
      ['hears a message twice', [1, 2, 2, 3, 4, 5], ['doubled: r: bob heard 2 twice']],
      ['hears an old one again', [1, 2, 3, 4, 5, 1], ['doubled: r: bob heard 1 twice']],
      ['hears two in the wrong order', [1, 3, 2, 4, 5], ['reordered: r: bob heard 2 after 3']],
    ])('that %s', (_, told, expected) => {
      expect(faults({ testimonies: [reader(told)] })).toEqual(expected);
    });

    it('that hears something else than history has at that place', () => {
      const testimony = reader([1, 2, 3, 4]);
      testimony.message('m4', { epoch: EPOCH, offset: 5 }, false);
      expect(faults({ testimonies: [testimony] })).toEqual([
        'invented: r: bob heard m4 at 5, where history has m5',
      ]);
    });

    it('that hears what history does not have', () => {
      expect(
        faults({ claims: claims({ m6: { type: 'unknown' } }), testimonies: [reader([1, 2, 3, 4, 5, 6])] }),
      ).toEqual(['invented: r: bob heard m6 at 6, where history has nothing']);
    });

    it('that hears another epoch', () => {
      const testimony = reader([1, 2, 3, 4]);
      testimony.message('m5', { epoch: 'other', offset: 5 }, false);
      expect(faults({ testimonies: [testimony] })).toEqual([
        'wrong epoch: r: bob heard m5 of other while in e',
        'lost: r: bob never heard 5, nor that it is missing',
      ]);
    });

    it('that never got in', () => {
      expect(faults({ testimonies: [new Testimony('bob')] })).toEqual(['lost: r: bob never got in']);
    });

    it('that left is owed nothing of what was said afterwards, but everything before', () => {
      const testimony = reader([1, 2]);
      testimony.left();
      const other = reader([1, 3]);
      other.left();
      expect(faults({ testimonies: [testimony, other] })).toEqual([
        'lost: r: bob never heard 2, nor that it is missing',
      ]);
    });

    it('that came later is owed nothing of what was said before', () => {
      const testimony = new Testimony('late');
      testimony.joined({ epoch: EPOCH, offset: 3 });
      testimony.message('m4', { epoch: EPOCH, offset: 4 }, false);
      testimony.message('m5', { epoch: EPOCH, offset: 5 }, false);
      expect(faults({ testimonies: [testimony] })).toEqual([]);
    });
  });

  describe('of a gap', () => {
    const short = history([4, 5], 4);

    it('believes one that covers exactly what is missing', () => {
      const findings = audit({ history: short, testimonies: [reader([1, -2, 4, 5])] });
      expect(findings.faults).toEqual([]);
      expect(findings.count('gaps')).toBe(1);
      expect(findings.count('missing')).toBe(2);
    });

    it('minds one that is too small', () => {
      expect(faults({ history: short, testimonies: [reader([1, -1, 4, 5])] })).toEqual([
        'lost: r: bob never heard 3, nor that it is missing',
      ]);
    });

    it('minds one that is too large', () => {
      expect(faults({ history: short, testimonies: [reader([-3, 3, 4, 5])] })).toEqual([
        'wrong gap: r: bob heard 3 although it was told not to wait for it',
      ]);
    });

    it('minds one about messages that history still has', () => {
      expect(faults({ testimonies: [reader([1, -2, 4, 5])] })).toEqual([
        'wrong gap: r: bob was told of a gap (trimmed, 2) before 4, but history goes back to 1',
      ]);
    });

    it('minds one of nothing, and one for which there was no reason', () => {
      const testimony = reader();
      testimony.gap({ reason: 'skipped', missing: 0 });
      expect(faults({ testimonies: [testimony] })).toEqual([
        'wrong gap: r: bob was told of a gap (skipped, 0), for which there was no reason',
        'wrong gap: r: bob was told of a gap (skipped, 0), which is none',
        'wrong gap: r: bob was told of a gap (skipped, 0) before 6, but history goes back to 1',
      ]);
    });

    it('lets a reader begin anew in another epoch only after it was told so', () => {
      const testimony = reader([1, 2], 'old');
      const other = new Testimony('eve');
      other.joined({ epoch: 'old', offset: 0 });
      other.message('o1', { epoch: 'old', offset: 1 }, false);
      other.gap({ reason: 'epoch-changed', missing: null });
      for (const offset of [3, 4, 5]) other.message(`m${offset}`, { epoch: EPOCH, offset }, true);
      const mayMiss = ['epoch-changed'];
      expect(faults({ testimonies: [other], mayMiss })).toEqual([]);
      expect(faults({ testimonies: [testimony], mayMiss })).toContain(
        'wrong epoch: r: bob heard m1 of old while in e',
      );
    });
  });
});
