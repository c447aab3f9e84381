import type { StreamFacts } from '../checks/stream.ts';
import type { WebSocketFacts } from '../checks/websocket.ts';
import type { Known } from '../facts.ts';

/** What a WebSocket looks like whose handshake failed without a trace. */
export const FAILED_HANDSHAKE: WebSocketFacts = {
  handshakeMs: null,
  openMs: null,
  echoMs: null,
  livedMs: null,
  closeCode: 1006,
  arrived: 'no',
  answer: null,
  status: null,
  isTunnelRefused: false,
  isRefused: true,
};

/** One that works. */
export const OPEN_WEBSOCKET: WebSocketFacts = {
  ...FAILED_HANDSHAKE,
  handshakeMs: 10,
  openMs: 12,
  echoMs: 2,
  closeCode: null,
  arrived: 'upgrade',
  answer: 101,
  isRefused: false,
};

/** A stream as it should be. */
export const PASSING: StreamFacts = {
  status: 200,
  isCompressed: false,
  chunks: 11,
  expected: 11,
  course: 'passes',
  lagMs: 1,
  ms: 2510,
  heldBytes: null,
};

const OPEN = { openMs: 10, echoMs: 4, lagMs: 1, livedMs: null, status: null };
const SIZES = {
  passedBytes: 122_880,
  refusedBytes: null,
  status: null,
  isCutShort: false,
  bytesPerSecond: null,
};

/** What a quick examination knows of a path on which all is well. */
export const CLEAN: Known = {
  reach: {
    status: 200,
    failure: null,
    code: null,
    firstMs: 12,
    roundTripMs: 4,
    isHtml: false,
    isRedirect: false,
    leadsTo: null,
    isSockJS: true,
    entropy: 1,
    isForbiddenToPages: false,
    issuer: null,
    proxy: null,
  },
  steady: {
    asked: 100,
    broke: 0,
    late: 0,
    errors: {},
    networks: 1,
    servers: 1,
    roundTripMs: 4,
    plainMs: 3,
    stalls: 0,
  },
  fresh: { asked: 3, different: 3, isQueryIgnored: false },
  mirror: { isThere: true, isHostKept: true, http: '1.1', isQueryKept: true, traces: [], isSecure: false },
  post: {
    isAnswered: true,
    status: 200,
    isRedirect: false,
    isHtml: false,
    isIntact: true,
    sentBytes: 600,
    arrivedBytes: 600,
    heldMs: 0,
  },
  origin: { isSame: true, isTrusted: true, verdict: 'trusted' },
  clock: { skewMs: 3, uncertainMs: 2, serverOffsetMs: 1_790_000_000_000 },
  tls: { isEncrypted: false, port: 3000, protocol: null, issuer: null },
  websocket: OPEN_WEBSOCKET,
  'xhr-streaming': OPEN,
  eventsource: OPEN,
  'xhr-polling': OPEN,
  nodes: { sent: 7, unknown: 0, polled: 8, lost: 0, isOpened: true },
  hold: {
    lines: (['websocket', 'xhr-streaming', 'eventsource', 'xhr-polling'] as const).map((transport) => ({
      transport,
      fate: 'lived',
      livedMs: 3000,
      isIdle: false,
    })),
  },
  'stream-text': PASSING,
  'stream-events': PASSING,
  'post-size': SIZES,
  'websocket-size': SIZES,
};
