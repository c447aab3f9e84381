import { describe, expect, it } from 'vitest';
import { Roster } from './roster.ts';

const ANN = { id: '1', name: 'ann' };
const BOB = { id: '2', name: 'bob', info: { hat: 'red' } };
const CAT = { id: '3', name: 'cat' };

describe('Roster', () => {
  it('lists members in the order they came', () => {
    const roster = new Roster();
    roster.replace([ANN, BOB]);
    roster.apply({ joins: [CAT], leaves: [ANN] });
    expect(roster.list).toEqual([BOB, CAT]);
  });

  it('hands out the same list until it changes', () => {
    const roster = new Roster();
    roster.replace([ANN]);
    const { list } = roster;
    roster.apply({ joins: [ANN], leaves: [CAT] });
    expect(roster.list).toBe(list);
    roster.apply({ joins: [BOB], leaves: [] });
    expect(list).toEqual([ANN]);
    expect(roster.list).toEqual([ANN, BOB]);
  });

  it('answers the difference to a whole list', () => {
    const roster = new Roster();
    expect(roster.replace([ANN, BOB])).toEqual({ joins: [ANN, BOB], leaves: [] });
    expect(roster.replace([BOB, CAT])).toEqual({ joins: [CAT], leaves: [ANN] });
    expect(roster.replace([{ ...BOB, info: { hat: 'red' } }, CAT])).toBeNull();
  });

  it('answers only what is news', () => {
    const roster = new Roster();
    roster.replace([ANN, BOB]);
    expect(roster.apply({ joins: [ANN], leaves: [CAT] })).toBeNull();
    const renamed = { id: '1', name: 'anna' };
    expect(roster.apply({ joins: [renamed, CAT], leaves: [BOB, BOB] })).toEqual({
      joins: [renamed, CAT],
      leaves: [BOB],
    });
  });

  it('keeps ids that are names of object properties', () => {
    const roster = new Roster();
    const odd = { id: '__proto__', name: 'constructor' };
    expect(roster.apply({ joins: [odd], leaves: [] })).toEqual({ joins: [odd], leaves: [] });
    expect(roster.list).toEqual([odd]);
  });
});
