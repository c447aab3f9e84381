import { describe, expect, it } from 'vitest';
import { ManualClock } from '../test/manual-clock.ts';
import type { TransportName } from '../types.ts';
import { Grudges } from './grudges.ts';
import type { LineEnd } from './line.ts';

const CUT: LineEnd = { code: 1006, reason: '', isClean: false };
const GOODBYE: LineEnd = { code: 1001, reason: 'server going away', isClean: true };
const BOTH: readonly TransportName[] = ['websocket', 'xhr-polling'];

describe('Grudges', () => {
  it('passes over a transport that was cut twice soon after it opened', () => {
    const grudges = new Grudges(new ManualClock());
    grudges.ended('websocket', 50, CUT);
    expect(grudges.worthTrying(BOTH)).toEqual(BOTH);
    grudges.ended('websocket', 50, CUT);
    expect(grudges.worthTrying(BOTH)).toEqual(['xhr-polling']);
  });

  it('holds nothing against a server that says goodbye', () => {
    const grudges = new Grudges(new ManualClock());
    for (let i = 0; i < 5; i++) grudges.ended('websocket', 50, GOODBYE);
    expect(grudges.worthTrying(BOTH)).toEqual(BOTH);
  });

  it('forgets what was when a line has lasted', () => {
    const grudges = new Grudges(new ManualClock());
    grudges.ended('websocket', 50, CUT);
    grudges.ended('websocket', 10_000, CUT);
    grudges.ended('websocket', 50, CUT);
    expect(grudges.worthTrying(BOTH)).toEqual(BOTH);
  });

  it('starts over when no transport is left', () => {
    const grudges = new Grudges(new ManualClock());
    for (const transport of BOTH) for (let i = 0; i < 2; i++) grudges.ended(transport, 50, CUT);
    expect(grudges.worthTrying(BOTH)).toEqual(BOTH);
    grudges.ended('websocket', 50, CUT);
    expect(grudges.worthTrying(BOTH)).toEqual(BOTH);
  });

  it('gives every transport another chance after a while, or when told to', () => {
    const clock = new ManualClock();
    const grudges = new Grudges(clock);
    for (let i = 0; i < 2; i++) grudges.ended('websocket', 50, CUT);
    clock.advance(600_001);
    expect(grudges.worthTrying(BOTH)).toEqual(BOTH);
    grudges.ended('websocket', 50, CUT);
    expect(grudges.worthTrying(BOTH)).toEqual(['xhr-polling']);
    grudges.forgive();
    expect(grudges.worthTrying(BOTH)).toEqual(BOTH);
  });
});
