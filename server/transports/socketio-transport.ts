import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Server as Engine, Socket as Line } from 'engine.io';
import type { ConnectionSurroundings } from '../connection/queued-connection.ts';
import { limitBody } from './body-limit.ts';
import type { ConnectionRegistry } from './connection-registry.ts';
import type { Endpoints } from './endpoints.ts';
import type { OriginPolicy } from './origin-policy.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { senderOf } from './request-sender.ts';
import { SessionOwner } from './session-owner.ts';
import type { SessionsByAddress } from './sessions-by-address.ts';
import { createEngine } from './socketio-engine.ts';
import { readOldPolling } from './socketio-old-polling.ts';
import { paceLine, type PaceLimits } from './socketio-pace.ts';
import { SocketIONamespaces } from './socketio-namespaces.ts';

/** What the Socket.IO transport is made of. */
export interface SocketIOSurroundings extends ConnectionSurroundings {
  readonly endpoints: Endpoints;
  readonly registry: ConnectionRegistry;
  readonly heartbeatMs: number;
  /** Bytes of one request body; 0 lifts it. */
  readonly bodyLimit: number;
  /** Lines, whether they are in a namespace or not; 0 lifts it. */
  readonly lineLimit: number;
  /** What one line may say at once. */
  readonly pace: PaceLimits;
  /** How many polling sessions come from where. */
  readonly sessions: SessionsByAddress;
}

/** Why a request gets no further, and in whose words it is counted. */
interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly body: string;
}

/**
 * Socket.IO at `/socket.io/`, served by the packages `socket.io` and `engine.io`. Before them stands what they
 * lack: origins, limits on lines and on sessions over HTTP, and sessions that belong to whoever opened them.
 */
export class SocketIOTransport {
  readonly #surroundings: SocketIOSurroundings;
  readonly #engine: Engine;
  /** The namespace looks again, at the rules of its own gateway. */
  readonly #origins: OriginPolicy;
  readonly #owners = new Map<string, SessionOwner>();

  constructor(surroundings: SocketIOSurroundings) {
    this.#surroundings = surroundings;
    const { endpoints, registry, heartbeatMs, bodyLimit } = surroundings;
    this.#origins = endpoints.anyOrigins();
    const messageLimit = largestLimit(endpoints, surroundings.messageLimit);
    this.#engine = createEngine({ heartbeatMs, bodyLimit, messageLimit });
    this.#engine.on('connection', (line: Line) => this.#remember(line));
    new SocketIONamespaces(this.#engine, endpoints, registry, surroundings);
  }

  /** True for every address below `/socket.io`. */
  owns(url: string): boolean {
    return PATH.test(url);
  }

  /** Answers a polling request. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const { counters, bodyLimit } = this.#surroundings;
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
    this.#allowOrigin(request, response);
    const refusal = this.#examine(request);
    if (refusal !== undefined) {
      counters.ignore('socket.io', refusal.reason);
      response.writeHead(refusal.status).end(refusal.body);
    } else if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
    } else {
      const onRefused = (): void => counters.ignore('socket.io', 'body-too-big');
      if (request.method === 'POST') {
        const isChunked = request.headers['transfer-encoding'] !== undefined;
        // engine.io counts what comes in chunks itself, and does not expect to be overtaken.
        if (!isChunked && limitBody(request, response, bodyLimit, onRefused)) return;
        response.once('finish', () => {
          if (response.statusCode === 413) onRefused();
        });
      }
      this.#engine.handleRequest(request, response);
    }
  }

  /** Takes a WebSocket, which is a line of its own or the continuation of one over HTTP. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.#examine(request);
    if (refusal === undefined) {
      this.#engine.handleUpgrade(request, socket, head);
      return;
    }
    this.#surroundings.counters.ignore('socket.io', refusal.reason);
    refuseUpgrade(socket, refusal);
  }

  /** Ends all lines, those too that are in no namespace. */
  close(): void {
    this.#engine.close();
  }

  #examine(request: IncomingMessage): Refusal | undefined {
    if (this.#origins.judge(request) === 'refused') {
      return { status: 403, reason: 'foreign-origin', body: 'This origin is not allowed.\n' };
    }
    const { registry, lineLimit, sessions } = this.#surroundings;
    const query = queryOf(request);
    const sid = query.getAll('sid').at(-1) ?? '';
    if (sid !== '') {
      const owner = this.#owners.get(sid);
      // The ids of old clients tell their session's to all their peers (S1 §3.5).
      if (owner === undefined || owner.is(request, request.headers.origin)) return undefined;
      return { status: 403, reason: 'not-the-owner', body: 'This session is not yours.\n' };
    }
    if (registry.isFull || (lineLimit !== 0 && this.#engine.clientsCount >= lineLimit)) {
      return {
        status: 503,
        reason: 'too-many-connections',
        body: 'Too many connections; try again later.\n',
      };
    }
    const isPolling = query.getAll('transport').at(-1) !== 'websocket';
    if (isPolling && sessions.isCrowded(senderOf(request).address)) {
      return { status: 503, reason: 'too-many-sessions', body: 'Too many sessions; try again later.\n' };
    }
    return undefined;
  }

  /** Credentials only together with an origin that has a name we trust, as for SockJS. */
  #allowOrigin(request: IncomingMessage, response: ServerResponse): void {
    const { origin, 'access-control-request-headers': wanted } = request.headers;
    const verdict = this.#origins.judge(request);
    if (origin === undefined || verdict === 'refused') return;
    response.setHeader('Vary', 'Origin');
    if (verdict === 'foreign' || origin === 'null') {
      response.setHeader('Access-Control-Allow-Origin', '*');
    } else {
      response.setHeader('Access-Control-Allow-Origin', origin);
      response.setHeader('Access-Control-Allow-Credentials', 'true');
    }
    if (request.method !== 'OPTIONS') return;
    response.setHeader('Access-Control-Allow-Methods', 'OPTIONS, GET, POST');
    response.setHeader('Access-Control-Max-Age', '86400');
    if (wanted !== undefined) response.setHeader('Access-Control-Allow-Headers', wanted);
  }

  #remember(line: Line): void {
    const { sid } = line.transport;
    this.#owners.set(sid, new SessionOwner(line.request, line.request.headers.origin));
    line.once('close', () => this.#owners.delete(sid));
    readOldPolling(line);
    paceLine(line, this.#surroundings.counters, this.#surroundings.pace);
    if (line.transport.name !== 'polling') return;
    const { sessions } = this.#surroundings;
    const { address } = senderOf(line.request);
    sessions.add(address);
    let isCounted = true;
    const forget = (): void => {
      if (isCounted) sessions.remove(address);
      isCounted = false;
    };
    line.once('upgrade', forget);
    line.once('close', forget);
  }
}

const PATH = /^\/socket\.io(?:[/?]|$)/;

function queryOf({ url = '' }: IncomingMessage): URLSearchParams {
  const mark = url.indexOf('?');
  return new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1));
}

/** Bytes of the largest message that any gateway takes; 0 when one takes all. */
function largestLimit(endpoints: Endpoints, common: number): number {
  const limits = Array.from(endpoints.mounts(), ({ gateway }) => gateway.messageLimit ?? common);
  return limits.includes(0) ? 0 : Math.max(common, ...limits);
}
