import { systemClock } from '../client/clock.ts';
import type { WebSocketConstructor } from '../client/transports/websocket.ts';
import { browserName } from './browser-name.ts';
import { gatherCandidates } from './candidates.ts';
import type { DoctorEnvironment } from './environment.ts';
import { hexOf } from './hex.ts';

const COOKIE = 'roomplex-doctor';

/** The page that examines. */
export const browserEnvironment: DoctorEnvironment = {
  client: { kind: 'browser', agent: browserName(navigator.userAgent), proxy: null },
  clock: systemClock,
  ticks: () => performance.now(),
  fetch: (input, init) => globalThis.fetch(input, init),
  async loadWebSocket() {
    return globalThis.WebSocket as unknown as WebSocketConstructor;
  },
  // There is none on a page that came over plain http.
  digest: 'subtle' in crypto ? async (bytes) => hexOf(await crypto.subtle.digest('SHA-256', bytes)) : null,
  rules: [],
  extras: {
    pageOrigin: globalThis.location.origin,
    protocolOf(url) {
      const entries = performance.getEntriesByName(url, 'resource');
      const last = entries.at(-1) as PerformanceResourceTiming | undefined;
      return last === undefined || last.nextHopProtocol === '' ? null : last.nextHopProtocol;
    },
    tryCookie() {
      if (typeof document === 'undefined') return false;
      document.cookie = `${COOKIE}=1; SameSite=Strict; Max-Age=60`;
      const isThere = document.cookie.split('; ').includes(`${COOKIE}=1`);
      document.cookie = `${COOKIE}=; SameSite=Strict; Max-Age=0`;
      return isThere;
    },
    ...('RTCPeerConnection' in globalThis ? { gatherCandidates } : {}),
  },
};
