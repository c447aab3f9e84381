import { openHttpLine } from '../../client/transports/http-line.ts';
import type { HttpTransport } from '../../client/transports/http-receiver.ts';
import type { LineRequest } from '../../client/transports/line.ts';
import { openWebSocketLine, type WebSocketConstructor } from '../../client/transports/websocket.ts';
import type { Path } from '../path.ts';
import type { LineOpener } from '../tried-line.ts';

/** The transports that can be tried: ours, in the order in which they are worth having. */
export const TRANSPORTS = ['websocket', 'xhr-streaming', 'eventsource', 'xhr-polling'] as const;

export type TriedTransport = (typeof TRANSPORTS)[number];

/** So often the server gives a sign of life where it is not to disturb, ms: as seldom as it can be asked. */
export const SELDOM_MS = 120_000;

/** What a WebSocket line itself does not tell. */
export interface HandshakeWatch {
  /** The address it dialled. */
  url: string;
  /** When the handshake was answered with 101, ms after the start; `null` until then. */
  answeredMs: number | null;
}

/** Sessions over a WebSocket to `/echo`; `sighting` is the id under which the server notes the handshake. */
export function webSocketOpener(heartbeatMs: number, sighting?: string, watch?: HandshakeWatch): LineOpener {
  return (path, listener) => {
    const { clock, loadWebSocket, ticks } = path.environment;
    const startedAt = ticks();
    const load = async (): Promise<WebSocketConstructor> => {
      const Base = await loadWebSocket();
      return watch === undefined ? Base : watched(Base, watch, () => ticks() - startedAt);
    };
    return openWebSocketLine(requestOf(path, heartbeatMs, sighting), load, clock, listener);
  };
}

/** Sessions to `/echo` over that transport. */
export function openerOf(transport: TriedTransport, heartbeatMs: number): LineOpener {
  return transport === 'websocket' ? webSocketOpener(heartbeatMs) : httpOpener(transport, heartbeatMs);
}

function httpOpener(transport: HttpTransport, heartbeatMs: number): LineOpener {
  return (path, listener) => {
    const { clock, fetch } = path.environment;
    return openHttpLine(transport, requestOf(path, heartbeatMs), fetch, clock, listener);
  };
}

function requestOf(path: Path, heartbeatMs: number, sighting?: string): LineRequest {
  const url = path.at('echo', sighting === undefined ? {} : { sighting });
  return { url, heartbeatMs, postLimit: { bytes: Infinity } };
}

/** The same sockets; tells when a handshake is done, and to where it went. */
function watched(
  Base: WebSocketConstructor,
  watch: HandshakeWatch,
  elapsed: () => number,
): WebSocketConstructor {
  return class extends Base {
    constructor(url: string) {
      super(url);
      watch.url = url;
      (this as unknown as EventTarget).addEventListener('open', () => {
        watch.answeredMs = elapsed();
      });
    }
  };
}
