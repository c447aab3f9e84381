import { describe, expect, it } from 'vitest';
import { checked, found, reported } from './test/reported.ts';
import { verdictOf } from './verdict.ts';

const NO_UPGRADE = found('upgrade-removed', 'Something removes the Upgrade header');
const IDLE_CUT = found('idle-cut', 'Idle connections are cut after about 30 s', 'warn');
const ADVICE = {
  transports: ['xhr-streaming', 'xhr-polling'],
  heartbeatMs: 12_000,
  why: 'So it is.',
} as const;
const BLOCKED = reported({
  checks: [checked('reach', 'pass'), checked('websocket', 'fail')],
  findings: [NO_UPGRADE, IDLE_CUT],
  advice: ADVICE,
});

describe('the verdict', () => {
  it('is good when nothing is in the way', () => {
    expect(verdictOf(reported())).toEqual({
      tone: 'good',
      headline: 'Everything gets through.',
      more: 'WebSocket works, and a message is back after 1.3 ms.',
    });
  });

  it('stays good when there is only something good to know', () => {
    expect(verdictOf(reported({ findings: [found('plain-http', 'No encryption', 'info')] })).tone).toBe(
      'good',
    );
  });

  it('names the cause when WebSocket does not get through, and says what works', () => {
    expect(verdictOf(BLOCKED)).toEqual({
      tone: 'warn',
      headline: 'WebSocket does not get through: something removes the Upgrade header.',
      more: 'Roomplex works here all the same, over streaming. One thing more to know below.',
    });
  });

  it('names what is worst where WebSocket gets through', () => {
    expect(verdictOf(reported({ findings: [IDLE_CUT] }))).toEqual({
      tone: 'warn',
      headline: 'Idle connections are cut after about 30 s.',
      more: 'Roomplex works here all the same, over WebSocket.',
    });
  });

  it('is bad when no way works', () => {
    const verdict = verdictOf({ ...BLOCKED, advice: { ...ADVICE, transports: [] } });
    expect(verdict).toEqual({
      tone: 'bad',
      headline: 'No way to the server works.',
      more: 'Something removes the Upgrade header. So it is.',
    });
  });

  it('tells a server that is away from a device that is offline', () => {
    const away = reported({ checks: [checked('reach', 'fail')] });
    expect(verdictOf(away).headline).toBe('The server cannot be reached.');
    expect(verdictOf(away, false).headline).toBe('This device is offline.');
  });

  it('leaves names at the beginning of a cause as they are', () => {
    const named = { ...BLOCKED, findings: [found('h2', 'HTTP/2 is in the way')] };
    expect(verdictOf(named).headline).toBe('WebSocket does not get through: HTTP/2 is in the way.');
  });
});
