import { expect, it } from 'vitest';
import { ManualClock } from '../test/manual-clock.ts';
import { Evidence } from './evidence.ts';
import { findingsOf } from './findings.ts';
import { Memory } from './memory.ts';
import { rungsOf } from './rungs.ts';

it('a tab that asks in short turns says why, and why it does not stream', () => {
  const rungs = rungsOf(['websocket', 'xhr-streaming', 'eventsource', 'xhr-polling']);
  const evidence = new Evidence(new Memory(null, new URL('http://server'), ''), new ManualClock());
  const [webSocket, stream] = rungs;
  if (webSocket !== undefined) evidence.failed(webSocket, 'failed', 'it was refused');
  if (stream !== undefined) evidence.echoed(stream, 10, 0);
  const reasons = (isBrief: boolean): string[] =>
    findingsOf(rungs, evidence, 'xhr-polling', isBrief, null).map(({ reason }) => reason);
  expect(reasons(true)).toEqual([
    'it was refused',
    'it works',
    'this browser already holds 3 connections to this server in other tabs',
    'this browser already holds 3 connections to this server in other tabs; this tab asks in short turns',
  ]);
  expect(reasons(false)).toEqual(['it was refused', 'it works', '', '']);
});
