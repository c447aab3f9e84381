import { describe, expect, it } from 'vitest';
import { auditPresence, type PresenceTold } from './presence-audit.ts';

const BACK: readonly PresenceTold[] = [
  { type: 'leave', name: 'long' },
  { type: 'join', name: 'long' },
];

function faults(told: readonly PresenceTold[]): string[] {
  const expected = new Map([['long', ['leave', 'join'] as const]]);
  const { faults: found } = auditPresence({ room: 'r', told: new Map([['eve', told]]), expected });
  return found.map(({ what }) => what);
}

describe('the audit of presence', () => {
  it('finds nothing wrong where those who were away for long, and only they, are told of', () => {
    expect(faults(BACK)).toEqual([]);
  });

  it('minds a word about somebody who was never away for long', () => {
    expect(faults([...BACK, { type: 'leave', name: 'short' }])).toEqual([
      'r: eve saw of short: leave, not: nothing',
    ]);
  });

  it.each([
    ['a leave that is not told', [], 'nothing'],
    ['a return that is not told', BACK.slice(0, 1), 'leave'],
    ['a leave that is told twice', [...BACK.slice(0, 1), ...BACK], 'leave, leave, join'],
    ['a return before the leave', BACK.toReversed(), 'join, leave'],
  ])('minds %s', (_, told, seen) => {
    expect(faults(told)).toEqual([`r: eve saw of long: ${seen}, not: leave, join`]);
  });
});
