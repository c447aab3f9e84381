import { describe, expect, it } from 'vitest';
import { ManualClock } from '../test/manual-clock.ts';
import type { TransportName } from '../types.ts';
import { Dialing, type DialListener, type Rung } from './dialing.ts';
import type { Line, LineEnd, LineListener } from './line.ts';

const CUT: LineEnd = { code: 1006, reason: 'cut', isClean: false };

/** A transport in the test's hands. */
class HandLine implements Line {
  readonly canBeat = true;
  readonly backlog = 0;
  readonly listener: LineListener;
  isClosed = false;

  constructor(listener: LineListener) {
    this.listener = listener;
  }

  send(): void {}

  beat(): void {}

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

function start(rungs: number): { clock: ManualClock; lines: HandLine[]; told: unknown[]; dialing: Dialing } {
  const clock = new ManualClock();
  const lines: HandLine[] = [];
  const told: unknown[] = [];
  const rung: Rung = (listener) => {
    const line = new HandLine(listener);
    lines.push(line);
    return line;
  };
  const listener: DialListener = {
    opened: (line: Line, transport: TransportName) =>
      told.push(['opened', lines.indexOf(line as HandLine), transport]),
    failed: (end) => told.push(['failed', end.reason]),
    heard: () => told.push('heard'),
    beatAnswered: () => told.push('beat'),
    message: (text) => told.push(text),
    closed: (end) => told.push(['closed', end.reason]),
  };
  const dialing = new Dialing(Array<Rung>(rungs).fill(rung), 3000, clock, listener);
  return { clock, lines, told, dialing };
}

describe('Dialing', () => {
  it('goes on to the next rung at once when one fails', () => {
    const { lines, told } = start(2);
    lines[0]?.listener.closed(CUT);
    expect(lines).toHaveLength(2);
    lines[1]?.listener.opened('xhr-polling');
    expect(told).toEqual([['opened', 1, 'xhr-polling']]);
  });

  it('starts the next rung beside one that is silent, and takes whichever opens first', () => {
    const { clock, lines, told } = start(2);
    clock.advance(2999);
    expect(lines).toHaveLength(1);
    clock.advance(1);
    expect(lines).toHaveLength(2);
    lines[0]?.listener.opened('websocket');
    expect(told).toEqual([['opened', 0, 'websocket']]);
    expect(lines.map((line) => line.isClosed)).toEqual([false, true]);
  });

  it('waits for the slow one when the other fails', () => {
    const { clock, lines, told } = start(2);
    clock.advance(3000);
    lines[1]?.listener.closed(CUT);
    expect(told).toEqual([]);
    lines[0]?.listener.opened('websocket');
    expect(told).toEqual([['opened', 0, 'websocket']]);
  });

  it('fails once, when all have failed', () => {
    const { lines, told } = start(2);
    lines[0]?.listener.closed(CUT);
    lines[1]?.listener.closed({ ...CUT, reason: 'refused' });
    expect(told).toEqual([['failed', 'refused']]);
  });

  it('tries no further when the server says not to come back', () => {
    const { lines, told } = start(2);
    lines[0]?.listener.closed({ code: 4501, reason: 'unauthorized', isClean: true });
    expect(lines).toHaveLength(1);
    expect(told).toEqual([['failed', 'unauthorized']]);
  });

  it('gives up after a minute', () => {
    const { clock, lines, told } = start(2);
    clock.advance(60_000);
    expect(told).toEqual([['failed', 'no transport opened in time']]);
    expect(lines.every((line) => line.isClosed)).toBe(true);
    expect(clock.alarms).toBe(0);
  });

  it('passes on what the winner says, and nothing that others say', () => {
    const { clock, lines, told } = start(2);
    clock.advance(3000);
    lines[1]?.listener.opened('eventsource');
    lines[0]?.listener.message('from the loser');
    lines[1]?.listener.heard();
    lines[1]?.listener.message('hello');
    lines[1]?.listener.closed(CUT);
    expect(told).toEqual([['opened', 1, 'eventsource'], 'heard', 'hello', ['closed', 'cut']]);
  });

  it('leaves neither timer nor line behind when it is abandoned', () => {
    const { clock, lines, told, dialing } = start(2);
    clock.advance(3000);
    dialing.abandon();
    expect([clock.alarms, ...lines.map((line) => line.isClosed)]).toEqual([0, true, true]);
    expect(told).toEqual([]);
  });
});
