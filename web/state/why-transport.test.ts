import { describe, expect, it } from 'vitest';
import type { TransportFinding } from '../../client/index.ts';
import { transportReport, whyTransport } from './why-transport.ts';

const NOW = 1_790_000_000_000;

function finding(
  transport: TransportFinding['transport'],
  verdict: TransportFinding['verdict'],
  reason = '',
  retryAt: number | null = null,
): TransportFinding {
  return { transport, verdict, reason, at: NOW, retryAt };
}

describe('why a transport is in use', () => {
  it('is short when it is the best there is', () => {
    const findings = [finding('websocket', 'in use'), finding('xhr-streaming', 'untried')];
    expect(whyTransport(findings, null, NOW)).toEqual({
      summary: 'websocket is the best there is.',
      better: [],
    });
  });

  it('says of each better one why not, and when it is tried again', () => {
    const findings = [
      finding('websocket', 'failed', 'it was refused', NOW + 39_500),
      finding('xhr-streaming', 'laggy', 'what is streamed arrives 900 ms late', NOW - 1),
      finding('eventsource', 'cut', 'it was cut after 200 ms'),
      finding('xhr-polling', 'in use'),
      finding('jsonp-polling', 'untried'),
    ];
    const { summary, better } = whyTransport(findings, null, NOW);
    expect(summary).toBe('xhr-polling is the best that gets through.');
    expect(better.map(({ transport, text }) => `${transport}: ${text}`)).toEqual([
      'websocket: does not open: it was refused; next try in 40 s',
      'xhr-streaming: what is streamed arrives 900 ms late',
      'eventsource: it was cut after 200 ms',
    ]);
    expect(better.every(({ tone }) => tone === 'bad')).toBe(true);
  });

  it('tells what works from what is not known yet', () => {
    const findings = [
      finding('websocket', 'good', 'it works'),
      finding('xhr-streaming', 'untried'),
      finding('eventsource', 'mute'),
      finding('xhr-polling', 'in use', 'it was cut after 3 s'),
    ];
    const { summary, better } = whyTransport(findings, null, NOW);
    expect(summary).toBe('xhr-polling is the best that gets through, though it was cut after 3 s.');
    expect(better.map(({ tone, text }) => [tone, text])).toEqual([
      ['good', 'works'],
      ['waiting', 'not tried yet'],
      ['bad', 'opens, but nothing passes'],
    ]);
  });

  it('says so when nothing has got through', () => {
    const findings = [finding('websocket', 'failed', 'it was refused'), finding('xhr-polling', 'untried')];
    const { summary, better } = whyTransport(findings, null, NOW);
    expect(summary).toBe('No transport has got through so far.');
    expect(better).toHaveLength(2);
  });

  it('is a choice where the user made one', () => {
    expect(whyTransport([finding('xhr-polling', 'in use')], 'xhr-polling', NOW)).toEqual({
      summary: 'You chose xhr-polling for this tab, so no other is tried.',
      better: [],
    });
  });

  it('fits into one paragraph', () => {
    const findings = [finding('websocket', 'failed', 'it was refused'), finding('xhr-streaming', 'in use')];
    const context = { server: 'https://rooms.example/multiplex', roundTripMs: 41.26, losses: 1 };
    expect(transportReport(whyTransport(findings, null, NOW), context)).toBe(
      'Roomplex at https://rooms.example/multiplex: xhr-streaming is the best that gets through. ' +
        'websocket: does not open: it was refused. A round trip takes 41.3 ms. The connection was lost once.',
    );
  });
});
