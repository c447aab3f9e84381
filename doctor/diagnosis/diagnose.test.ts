import { describe, expect, it } from 'vitest';
import type { IdleFacts, Quiet } from '../checks/idle.ts';
import type { LifeFacts } from '../checks/life.ts';
import type { CheckId, FactsOf, Known } from '../facts.ts';
import { CLEAN, FAILED_HANDSHAKE, OPEN_WEBSOCKET, PASSING } from '../test/known.ts';
import { diagnose } from './diagnose.ts';

function find(known: Known): readonly string[] {
  const client = { kind: 'node', agent: 'Node 20.19', proxy: false } as const;
  return diagnose({ known, client, url: new URL('https://rooms.example/') }).map(({ id }) => id);
}

/** A clean path, with some facts of one check changed. */
function but<Id extends CheckId>(id: Id, facts: Partial<FactsOf[Id]>, known: Known = CLEAN): Known {
  return { ...known, [id]: { ...known[id], ...facts } };
}

function without(id: CheckId, known: Known = CLEAN): Known {
  return Object.fromEntries(Object.entries(known).filter(([name]) => name !== id));
}

const HANDSHAKE_FAILED = without('websocket-size', { ...CLEAN, websocket: FAILED_HANDSHAKE });

function closed(quietMs: number, cutMs: number): Quiet {
  return { quietMs, fate: 'closed', cutMs };
}

function stays(quietMs: number): Quiet {
  return { quietMs, fate: 'lived', cutMs: null };
}

function idle(transport: IdleFacts['transport'], ...lines: Quiet[]): IdleFacts {
  return { transport, lines };
}

function busy(...ages: (number | null)[]): LifeFacts {
  const lines = ages.map((age) => ({
    transport: 'websocket' as const,
    livedMs: age ?? 66_000,
    isCut: age !== null,
  }));
  return { lines };
}

describe('the diagnosis', () => {
  it.each<[id: string, known: Known]>([
    ['unreachable', but('reach', { isSockJS: false, status: null, failure: 'timeout' })],
    ['unreachable', but('reach', { isSockJS: false, status: 502 })],
    [
      'certificate-refused',
      but('reach', { isSockJS: false, status: null, failure: 'broken', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    ],
    ['captive-portal', but('reach', { isSockJS: false, isHtml: true })],
    ['captive-portal', but('websocket', { status: 200 }, HANDSHAKE_FAILED)],
    ['not-roomplex', but('reach', { isSockJS: false, status: 404 })],
    ['origin-refused', but('origin', { isTrusted: false, verdict: 'refused' })],
    [
      'origin-refused',
      but('reach', { isSockJS: false, status: null, failure: 'broken', isForbiddenToPages: true }),
    ],
    ['connect-refused', but('websocket', { isTunnelRefused: true, status: 403 }, HANDSHAKE_FAILED)],
    ['upgrade-removed', but('websocket', { arrived: 'plain', answer: 400, status: 400 }, HANDSHAKE_FAILED)],
    ['websocket-refused', but('websocket', { status: 403 }, HANDSHAKE_FAILED)],
    ['websocket-refused', but('websocket', { arrived: 'unknown' }, HANDSHAKE_FAILED)],
    ['websocket-refused-by-server', but('websocket', { arrived: 'upgrade', answer: 403 }, HANDSHAKE_FAILED)],
    ['websocket-unanswered', but('websocket', { isRefused: false, closeCode: null }, HANDSHAKE_FAILED)],
    ['websocket-answer-lost', but('websocket', { arrived: 'upgrade', answer: 101 }, HANDSHAKE_FAILED)],
    ['websocket-mute', { ...HANDSHAKE_FAILED, websocket: { ...OPEN_WEBSOCKET, openMs: null, echoMs: null } }],
    ['websocket-mute', { ...HANDSHAKE_FAILED, websocket: { ...OPEN_WEBSOCKET, echoMs: null } }],
    [
      'websocket-killed',
      { ...HANDSHAKE_FAILED, websocket: { ...OPEN_WEBSOCKET, echoMs: null, livedMs: 3, closeCode: 1006 } },
    ],
    ['websocket-killed', but('hold', { lines: [{ transport: 'websocket', fate: 'closed', livedMs: 210 }] })],
    ['message-limit', but('websocket-size', { passedBytes: 65_536, refusedBytes: 69_000 })],
    ['post-refused', but('post', { isAnswered: false, status: 405, isIntact: null })],
    ['body-limit', but('post-size', { passedBytes: 1024, refusedBytes: 1080, status: 413 })],
    ['bodies-altered', but('post', { isIntact: false, arrivedBytes: 580 })],
    ['cached', but('fresh', { different: 1 })],
    ['no-affinity', but('nodes', { unknown: 3 })],
    ['answers-lost', but('nodes', { lost: 2 })],
    ['responses-buffered', { ...CLEAN, 'stream-text': { ...PASSING, course: 'collected' } }],
    [
      'responses-buffered',
      { ...CLEAN, 'stream-events': { ...PASSING, course: 'silent', chunks: 0, status: null } },
    ],
    ['beginnings-held', { ...CLEAN, 'stream-text': { ...PASSING, course: 'collected', heldBytes: 65_536 } }],
    ['responses-in-lumps', but('stream-text', { course: 'lumps' })],
    [
      'small-frames-held',
      but('xhr-streaming', { lagMs: 198 }, but('stream-text', { course: 'lags', lagMs: 204 })),
    ],
    [
      'event-stream-refused',
      but('stream-events', { course: 'refused', status: 403 }, without('eventsource')),
    ],
    ['responses-cut', but('stream-text', { course: 'cut', ms: 2003, chunks: 8 })],
    ['compressed', but('stream-text', { isCompressed: true })],
    ['slow', but('steady', { roundTripMs: 1500, plainMs: 1480 })],
    ['lossy', but('steady', { asked: 34, stalls: 5 })],
    ['clock-skew', but('clock', { skewMs: -3_600_000 })],
    ['host-changed', but('mirror', { isHostKept: false })],
    ['proxied', but('mirror', { traces: ['via'] })],
    ['no-mirror', without('mirror')],
    ['cookies-off', { ...CLEAN, cookies: { areKept: false } }],
    ['webrtc-blocked', { ...CLEAN, webrtc: { candidates: [] } }],
    ['lines-cut', but('steady', { broke: 4 })],
    ['lines-cut', { ...CLEAN, life: busy(8000, 7950, null) }],
    [
      'idle-cut',
      {
        ...CLEAN,
        'idle-stream': idle('xhr-streaming', stays(22_000), closed(33_000, 30_010), closed(48_000, 30_004)),
      },
    ],
    [
      'idle-silent',
      {
        ...CLEAN,
        'idle-websocket': idle('websocket', stays(5500), { quietMs: 11_000, fate: 'dead', cutMs: null }),
      },
    ],
  ])('calls it %s, and nothing else', (id, known) => {
    expect(find(known)).toEqual([id]);
  });

  it('calls it narrow when all that is large is slow, and not a long way', () => {
    const narrow = but(
      'post-size',
      { bytesPerSecond: 8100 },
      but('websocket-size', { bytesPerSecond: 7900 }),
    );
    expect(find(but('steady', { plainMs: 310 }, narrow))).toEqual(['narrow']);
  });

  it('guesses in a browser that a proxy refuses a tunnel', () => {
    const known = but('mirror', { traces: ['via', 'x-forwarded-for'] }, HANDSHAKE_FAILED);
    const client = { kind: 'browser', agent: 'Chromium 141', proxy: null } as const;
    const findings = diagnose({ known, client, url: new URL('http://rooms.example:3000/') });
    expect(findings.map(({ id }) => id)).toEqual(['connect-refused', 'proxied']);
  });

  it('finds nothing on a clean path', () => {
    expect(find(CLEAN)).toEqual([]);
  });

  it.each<[what: string, known: Known]>([
    [
      'a round trip of 2 s',
      but(
        'steady',
        { asked: 8, roundTripMs: 2003, plainMs: 2001 },
        but('websocket', { handshakeMs: 4000, openMs: 4010, echoMs: 2002 }),
      ),
    ],
    [
      'jitter and stalls',
      but('steady', { asked: 40, roundTripMs: 210, stalls: 6, late: 1 }, but('stream-text', { lagMs: 85 })),
    ],
    ['a narrow way', but('post-size', { bytesPerSecond: 8000, isCutShort: true, passedBytes: 16_384 })],
  ])('calls nothing blocked on %s', (_, known) => {
    const client = { kind: 'browser', agent: 'Firefox 140', proxy: null } as const;
    const findings = diagnose({ known, client, url: new URL('https://rooms.example/') });
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('takes a late stream for a crooked path when answers to beats are not late', () => {
    expect(find(but('stream-text', { course: 'lags', lagMs: 204 }))).toEqual([]);
  });

  it('does not take a limited life for an idle cut', () => {
    const known = {
      ...CLEAN,
      'idle-websocket': idle('websocket', stays(5500), closed(11_000, 7990)),
      life: busy(8000, 8003),
    };
    expect(find(known)).toEqual(['lines-cut']);
  });

  it('takes one that was closed while longer quiet was survived for an accident', () => {
    expect(
      find({ ...CLEAN, 'idle-websocket': idle('websocket', closed(11_000, 6000), stays(22_000)) }),
    ).toEqual([]);
  });

  it('blames nobody for what breaks where everything breaks', () => {
    const unsteady = but('steady', { broke: 3 }, HANDSHAKE_FAILED);
    const known = but(
      'post',
      { isAnswered: false, status: null },
      but('stream-text', { course: 'cut' }, unsteady),
    );
    expect(find(known)).toEqual(['lines-cut']);
  });

  it('puts the worst first', () => {
    const known = but(
      'mirror',
      { traces: ['via'] },
      but('fresh', { different: 1 }, but('post', { isIntact: false })),
    );
    expect(find(known)).toEqual(['bodies-altered', 'cached', 'proxied']);
  });
});
