import type { Clock } from '../client/clock.ts';
import type { WebSocketConstructor } from '../client/transports/websocket.ts';
import type { Rule } from './diagnosis/rule.ts';
import type { ClientFacts } from './report.ts';

/** What differs between a browser, Node and a test. */
export interface DoctorEnvironment {
  readonly client: ClientFacts;
  readonly clock: Clock;
  /** ms that only ever grow, in fractions. */
  readonly ticks: () => number;
  readonly fetch: typeof fetch;
  readonly loadWebSocket: () => Promise<WebSocketConstructor>;
  /** SHA-256 in hex; `null` where the platform has none, as on a page that came over plain http. */
  readonly digest: ((bytes: Uint8Array<ArrayBuffer>) => Promise<string>) | null;
  /** What this platform alone can see. */
  readonly extras: Extras;
  /** What this platform alone can name. */
  readonly rules: readonly Rule[];
}

/** What only some platforms can see. */
export interface Extras {
  /** The origin whose page examines. */
  readonly pageOrigin?: string;
  /** Requests may name any `Origin`, so that what a browser would see can be tried. */
  readonly mayNameOrigin?: boolean;
  /** What is named as a proxy, asked for a server that does not exist. */
  readonly lookAtProxy?: () => Promise<ProxyLook>;
  /** How a WebSocket handshake is answered. */
  readonly tryHandshake?: (url: string, signal: AbortSignal) => Promise<HandshakeAnswer>;
  /** Who vouches for the server's certificate. */
  readonly certificateIssuer?: (url: URL) => Promise<string | null>;
  /** ALPN name of the protocol that a request went over: `h2`, `http/1.1`. */
  readonly protocolOf?: (url: string) => string | null;
  /** Whether cookies can be set and read. */
  readonly tryCookie?: () => boolean;
  /** Kinds of WebRTC candidates that were found: `host`, `srflx`, `relay`. */
  readonly gatherCandidates?: (signal: AbortSignal) => Promise<readonly string[]>;
}

/** `proxy`: it may be one. `server`: it answers as if it were the server itself. `silent`: it says nothing. */
export type ProxyLook = 'proxy' | 'server' | 'silent';

/** What comes back for a WebSocket handshake. */
export interface HandshakeAnswer {
  /** `null`: nothing came in time. */
  readonly status: number | null;
  /** It was the proxy that answered, and refused to open a tunnel. */
  readonly isTunnelRefused: boolean;
  /** The beginning of what came with a refusal. */
  readonly text: string;
}
