import { describe, expect, it } from 'vitest';
import { Roster } from './roster.ts';

const ANN = { id: '1', name: 'ann' };
const BOB = { id: '2', name: 'bob', info: { hat: 'red' } };
const CAT = { id: '3', name: 'cat' };
const NOBODY = { joins: [], leaves: [] };

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
    roster.replace([ANN, BOB]);
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

  it('says with the causes who left', () => {
    const roster = new Roster();
    roster.replace([ANN, BOB]);
    const leave = { ...BOB, cause: 'timeout' as const };
    expect(roster.apply({ joins: [], leaves: [leave], count: 1 })).toEqual({ joins: [], leaves: [leave] });
    expect(roster.count).toBe(1);
  });

  it('counts without a list in a large room, and names nobody', () => {
    const roster = new Roster();
    roster.replace([ANN, BOB]);
    expect(roster.apply({ joins: [], leaves: [], count: 1001, members: null })).toEqual(NOBODY);
    expect([roster.list, roster.count]).toEqual([[], 1001]);
    expect(roster.apply({ joins: [], leaves: [], count: 1001 })).toBeNull();
    expect(roster.apply({ joins: [], leaves: [], count: 1002 })).toEqual(NOBODY);
    expect([roster.list, roster.count]).toEqual([[], 1002]);
  });

  it('compares a list that can be told again with the last one', () => {
    const roster = new Roster();
    roster.replace([ANN, BOB]);
    roster.replace(null, 1001);
    const change = roster.apply({ joins: [], leaves: [], count: 2, members: [BOB, CAT] });
    expect(change).toEqual({ joins: [CAT], leaves: [ANN] });
    expect([roster.list, roster.count]).toEqual([[BOB, CAT], 2]);
  });

  it('does not take the first list of a large room for newcomers', () => {
    const roster = new Roster();
    roster.replace(null, 1001);
    expect(roster.apply({ joins: [], leaves: [], count: 2, members: [BOB, CAT] })).toEqual(NOBODY);
    expect(roster.list).toEqual([BOB, CAT]);
  });

  it('keeps ids that are names of object properties', () => {
    const roster = new Roster();
    roster.replace([]);
    const odd = { id: '__proto__', name: 'constructor' };
    expect(roster.apply({ joins: [odd], leaves: [] })).toEqual({ joins: [odd], leaves: [] });
    expect(roster.list).toEqual([odd]);
  });
});
