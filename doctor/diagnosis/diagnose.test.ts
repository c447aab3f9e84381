import { describe, expect, it } from 'vitest';
import type { IdleFacts, Quiet } from '../checks/idle.ts';
import type { LifeFacts } from '../checks/life.ts';
import type { CheckId, FactsOf, Known } from '../facts.ts';
import { CLEAN, FAILED_HANDSHAKE, OPEN_WEBSOCKET, PASSING } from '../test/known.ts';
import { CAUSE_RULES } from './causes.ts';
import { diagnose } from './diagnose.ts';

function find(known: Known): readonly string[] {
  const client = { kind: 'node', agent: 'Node 20.19', proxy: false } as const;
  return diagnose({ known, client, url: new URL('https://rooms.example/') }, CAUSE_RULES).map(({ id }) => id);
}

/** A clean path, with some facts of one check changed. */
function but<Id extends CheckId>(id: Id, facts: Partial<FactsOf[Id]>, known: Known = CLEAN): Known {
  return { ...known, [id]: { ...known[id], ...facts } };
}

/** Nothing was reached, for this reason. */
function unanswered(reach: Partial<FactsOf['reach']>): Known {
  return { reach: { ...CLEAN.reach!, isSockJS: false, status: null, failure: 'broken', ...reach } };
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
    ['no-answer', unanswered({ failure: 'timeout' })],
    ['no-answer', unanswered({ code: 'EHOSTUNREACH' })],
    ['unreachable', unanswered({})],
    ['name-not-found', unanswered({ code: 'ENOTFOUND' })],
    ['name-not-found', unanswered({ code: 'EAI_AGAIN' })],
    ['connection-refused', unanswered({ code: 'ECONNREFUSED' })],
    ['connection-cut', unanswered({ code: 'ECONNRESET' })],
    ['no-http', unanswered({ code: 'HPE_INVALID_CONSTANT' })],
    ['tls-failed', unanswered({ code: 'ERR_SSL_WRONG_VERSION_NUMBER' })],
    ['certificate-refused', unanswered({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })],
    ['certificate-refused', unanswered({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })],
    ['certificate-refused', unanswered({ code: 'CERT_HAS_EXPIRED' })],
    ['certificate-refused', unanswered({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })],
    ['connect-refused', unanswered({ code: 'CONNECT_403' })],
    ['proxy-login', unanswered({ code: 'CONNECT_407' })],
    ['proxy-login', but('reach', { isSockJS: false, status: 407 })],
    ['server-down', unanswered({ code: 'CONNECT_502' })],
    ['server-down', but('reach', { isSockJS: false, status: 502, isHtml: true })],
    ['proxy-unreachable', unanswered({ code: 'PROXY_ECONNREFUSED' })],
    ['proxy-unreachable', unanswered({ failure: 'timeout', proxy: 'silent' })],
    ['not-a-proxy', unanswered({ code: 'PROXY_HPE_INVALID_CONSTANT' })],
    ['not-a-proxy', but('reach', { isSockJS: false, status: 404, proxy: 'server' })],
    ['access-denied', but('reach', { isSockJS: false, status: 403, isHtml: true })],
    ['redirected', but('reach', { isSockJS: false, isRedirect: true, leadsTo: 'https://rooms.example' })],
    ['redirected', but('reach', { isSockJS: false, isRedirect: true, status: null })],
    ['redirected', but('post', { isAnswered: false, isRedirect: true, status: 307, isIntact: null })],
    ['captive-portal', but('reach', { isSockJS: false, isRedirect: true, leadsTo: 'http://login.example' })],
    ['captive-portal', but('reach', { isSockJS: false, isHtml: true })],
    ['captive-portal', but('reach', { isSockJS: false, isHtml: true, status: 511 })],
    ['captive-portal', but('post', { isAnswered: false, isHtml: true, isIntact: null })],
    ['captive-portal', but('websocket', { status: 200 }, HANDSHAKE_FAILED)],
    ['not-roomplex', but('reach', { isSockJS: false, status: 404, isHtml: true })],
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
    [
      'websocket-killed',
      but('hold', { lines: [{ transport: 'websocket', fate: 'closed', livedMs: 210, isIdle: false }] }),
    ],
    ['message-limit', but('websocket-size', { passedBytes: 65_536, refusedBytes: 69_000 })],
    ['post-refused', but('post', { isAnswered: false, status: 405, isIntact: null })],
    ['body-limit', but('post-size', { passedBytes: 1024, refusedBytes: 1080, status: 413 })],
    ['bodies-altered', but('post', { isIntact: false, arrivedBytes: 580 })],
    ['cached', but('fresh', { different: 1 })],
    ['no-affinity', but('nodes', { unknown: 3 })],
    ['answers-lost', but('nodes', { lost: 2 })],
    ['address-changes', but('steady', { networks: 3 }, but('nodes', { unknown: 4 }))],
    ['no-affinity', but('steady', { servers: 2 }, but('nodes', { unknown: 4 }))],
    ['query-removed', but('mirror', { isQueryKept: false })],
    ['posts-held', but('post', { heldMs: 3000 })],
    ['errors-at-random', but('steady', { errors: { '502': 9, '503': 11 } })],
    ['rate-limited', but('steady', { errors: { '429': 60 } })],
    ['unexplained', but('xhr-polling', { echoMs: null, openMs: null, status: 414 })],
    [
      'idle-cut',
      but('hold', { lines: [{ transport: 'websocket', fate: 'closed', livedMs: 2010, isIdle: true }] }),
    ],
    [
      'idle-silent',
      but('hold', { lines: [{ transport: 'eventsource', fate: 'dead', livedMs: 3000, isIdle: true }] }),
    ],
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
    const findings = diagnose({ known, client, url: new URL('http://rooms.example:3000/') }, []);
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
    const findings = diagnose({ known, client, url: new URL('https://rooms.example/') }, []);
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

  it('does not take what went down with an old line for a limit of its own', () => {
    const cut = but('stream-text', { course: 'cut', ms: 1200, chunks: 5 });
    expect(find({ ...cut, life: busy(8000, 8003) })).toEqual(['lines-cut']);
    const alike = but('stream-text', { course: 'cut', ms: 2003, chunks: 8 });
    expect(find({ ...alike, life: busy(2000, 2003) })).toEqual(['responses-cut', 'lines-cut']);
  });

  it('blames nobody else for what waits on a line that died of quiet', () => {
    const dead = but('hold', {
      lines: [{ transport: 'eventsource', fate: 'dead', livedMs: 3000, isIdle: true }],
    });
    const silent = but('stream-text', { course: 'silent', chunks: 0, status: null }, dead);
    expect(find(but('post-size', { refusedBytes: 16_384, status: null }, silent))).toEqual(['idle-silent']);
  });

  it('does not take a lost session for a line that was cut for its quiet', () => {
    const lines = [{ transport: 'xhr-polling', fate: 'closed', livedMs: 20, isIdle: true }] as const;
    expect(find(but('hold', { lines }, but('nodes', { unknown: 3 })))).toEqual(['no-affinity']);
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

  it('takes a refusal that other requests meet as well for chance, and another one for what it is', () => {
    const erring = but('steady', { errors: { '503': 20 } });
    const size = { passedBytes: 16_384, refusedBytes: 20_000 };
    expect(find(but('post-size', { ...size, status: 503 }, erring))).toEqual(['errors-at-random']);
    expect(find(but('post-size', { ...size, status: 413 }, erring))).toEqual([
      'body-limit',
      'errors-at-random',
    ]);
  });

  it('says of certificates what is wrong with them', () => {
    const titles = ['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'SELF_SIGNED_CERT_IN_CHAIN'].map(
      (code) => {
        const client = { kind: 'node', agent: 'Node 20.19', proxy: false } as const;
        const seen = { known: unanswered({ code, issuer: 'Corp CA' }), client, url: new URL('https://a/') };
        const [finding] = diagnose(seen, CAUSE_RULES);
        expect(finding?.evidence).toContain('It is signed by Corp CA.');
        return finding?.title;
      },
    );
    expect(titles).toEqual([
      expect.stringContaining('expired'),
      expect.stringContaining('another name'),
      expect.stringContaining('not known here'),
    ]);
  });

  it('claims no more on a page than a page is told', () => {
    const client = { kind: 'browser', agent: 'Firefox 140', proxy: null } as const;
    const findings = diagnose({ known: unanswered({}), client, url: new URL('https://a/') }, []);
    expect(findings.map(({ id }) => id)).toEqual(['unreachable']);
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
