import { describe, expect, it } from 'vitest';
import { asksForBeat, readPostNumber, readSessionWishes, saysGoodbye } from './session-wishes.ts';

describe('wishes of a session', () => {
  it.each([
    ['', undefined],
    ['c=x&t=1', undefined],
    ['heartbeat=5000', 5000],
    ['c=x&heartbeat=5000', 5000],
    ['heartbeat=99', 100],
    ['heartbeat=0', 100],
    ['heartbeat=-7', 100],
    ['heartbeat=120001', 120_000],
    ['heartbeat=99999999999999999999999', 120_000],
    ['heartbeat=', undefined],
    ['heartbeat=soon', undefined],
    ['heartbeat=1e3', undefined],
    ['heartbeat=Infinity', undefined],
    ['noheartbeat=700', undefined],
  ])('%s asks for a heartbeat of %s', (query, heartbeatMs) => {
    expect(readSessionWishes(query).heartbeatMs).toBe(heartbeatMs);
  });

  it.each([
    ['padding=4096', 4096],
    ['padding=-1', 0],
    ['padding=131073', 131_072],
    ['padding=much', 0],
  ])('%s asks for %i bytes of padding', (query, padding) => {
    expect(readSessionWishes(query).padding).toBe(padding);
  });

  it.each([
    ['wait=0', 0],
    ['seen=1&wait=300', 300],
    ['wait=-1', 0],
    ['wait=999999', 120_000],
    ['wait=', undefined],
    ['await=5', undefined],
  ])('%s asks for an answer within %s ms', (query, waitMs) => {
    expect(readSessionWishes(query).waitMs).toBe(waitMs);
  });

  it.each([
    ['away=20000', 20_000],
    ['away=0', 5000],
    ['away=90001', 90_000],
    ['away=long', undefined],
    ['', undefined],
  ])('%s asks to be waited for %s ms', (query, awayMs) => {
    expect(readSessionWishes(query).awayMs).toBe(awayMs);
  });

  it.each([
    ['beat', true],
    ['heartbeat=5000&beat', true],
    ['beat=1', true],
    ['heartbeat=5000', false],
    ['', false],
  ])('%s asks for a beat: %s', (query, asks) => {
    expect(asksForBeat(query)).toBe(asks);
  });

  it.each([
    ['seen=0', 0],
    ['heartbeat=5000&seen=17&t=3', 17],
    ['seen=', undefined],
    ['seen=some', undefined],
    ['unseen=3', undefined],
  ])('%s says that so many frames were read: %s', (query, seen) => {
    expect(readSessionWishes(query).seen).toBe(seen);
  });

  it.each([
    ['n=1', 1],
    ['token=n&n=20&beat', 20],
    ['n=0', 0],
    ['n=x', 0],
    ['n=-4', 0],
    ['token=1', undefined],
    ['', undefined],
  ])('%s numbers a body %s', (query, number) => {
    expect(readPostNumber(query)).toBe(number);
  });

  it.each([
    ['n=1&bye', true],
    ['goodbye', false],
    ['', false],
  ])('%s says goodbye: %s', (query, says) => {
    expect(saysGoodbye(query)).toBe(says);
  });
});
