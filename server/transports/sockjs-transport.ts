import type { IncomingMessage, ServerResponse } from 'node:http';
import { CloseCode } from '../../protocol/close-codes.ts';
import type { Connection, ConnectionRequest } from '../connection/connection.ts';
import type { Wire } from '../connection/wire.ts';
import { isEntrance, judgesOrigins, type Admission, type Entrance } from '../gateways/gateway.ts';
import type { HttpAnswer } from '../gateways/http-exchange.ts';
import { admissionRequest } from './admission-request.ts';
import { limitBody } from './body-limit.ts';
import type { ConnectionRegistry } from './connection-registry.ts';
import type { EndpointMatch } from './endpoints.ts';
import { HttpConnection, type HttpSurroundings } from './http-connection.ts';
import type { RefusedPages } from './refused-pages.ts';
import { senderOf } from './request-sender.ts';
import { markOpener, SessionOwner } from './session-owner.ts';
import type { SessionsByAddress } from './sessions-by-address.ts';
import { giveToken, isVouchedFor } from './vouched-origin.ts';
import { asksForBeat, readPostNumber, readSessionWishes, saysGoodbye } from './session-wishes.ts';
import { sockjsListener, type SockJSConnection, type SockJSHandler } from './sockjs-package.ts';
import { padStream } from './stream-padding.ts';

/** What the SockJS transport is made of. */
export interface SockJSSurroundings extends HttpSurroundings {
  readonly wire: Wire<string>;
  readonly registry: ConnectionRegistry;
  readonly heartbeatMs: number;
  /** Bytes of one request body; 0 lifts it. */
  readonly bodyLimit: number;
  /** How many come from where. */
  readonly sessions: SessionsByAddress;
  readonly refusedPages: RefusedPages;
  readonly log: (severity: string, line: string) => void;
}

/** One session, from its first request until the package forgets it. */
interface SessionRecord {
  readonly owner: SessionOwner;
  readonly address: string;
  readonly match: EndpointMatch;
  /** The gateway's way in; a promise while it still makes up its mind. */
  entrance: Entrance | Promise<Entrance | undefined>;
  connection: HttpConnection | undefined;
}

/**
 * SockJS over HTTP (xhr-streaming, eventsource, htmlfile, polling, jsonp, and the iframe page), served by the
 * `sockjs` package. Around it stands what it lacks: origins, body and session limits, sessions that belong to
 * their base URL and to whoever opened them, and safe answers.
 */
export class SockJSTransport {
  readonly #surroundings: SockJSSurroundings;
  readonly #listeners = new Map<string, SockJSHandler>();
  /** By the id under which the package knows the session. */
  readonly #sessions = new Map<string, SessionRecord>();

  constructor(surroundings: SockJSSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Answers a request under a gateway's path. */
  handle(match: EndpointMatch, request: IncomingMessage, response: ServerResponse): void {
    const { counters, bodyLimit, refusedPages } = this.#surroundings;
    response.setHeader('X-Content-Type-Options', 'nosniff');
    nameContentTypeOfErrors(response);
    const verdict = match.origins.judge(request);
    const isOriginAllowed = verdict !== 'refused';
    if (!isOriginAllowed && !judgesOrigins(match.gateway)) {
      counters.ignore('sockjs', 'foreign-origin');
      refusedPages.note(request);
      answer(response, 403, 'This origin is not allowed.\n');
      return;
    }
    giveToken(request, response);
    const session = SESSION_PATH.exec(match.rest);
    const { origin } = request.headers;
    const onRefused = (): void => {
      counters.ignore('sockjs', 'body-too-big');
      if (session?.[3] === 'jsonp_send')
        this.#endSession(sessionId(match, session[2] ?? ''), request, origin);
    };
    if (request.method === 'POST' && limitBody(request, response, bodyLimit, onRefused)) return;
    // The package answers a named origin together with credentials; only one that has a name we trust gets both.
    if (verdict === 'foreign' || !isOriginAllowed || origin === 'null') delete request.headers.origin;
    if (session === null) {
      // The package greets at the base URL itself and leaves it unanswered with a query behind it.
      if (match.rest === '' || match.rest === '/') request.url = match.path;
      this.#listener(match)(request, response);
    } else {
      this.#handleSession(match, session, request, response, { origin, isOriginAllowed });
    }
  }

  /** What a refused form held is lost, and its sender cannot see the answer: the session must not go on. */
  #endSession(id: string, request: IncomingMessage, origin: string | undefined): void {
    const record = this.#sessions.get(id);
    if (record?.owner.is(request, origin)) record.connection?.close(CloseCode.tooBig, 'body too big');
  }

  #handleSession(
    match: EndpointMatch,
    [, server, name, transport]: RegExpExecArray,
    request: IncomingMessage,
    response: ServerResponse,
    { origin, isOriginAllowed }: { readonly origin: string | undefined; readonly isOriginAllowed: boolean },
  ): void {
    const { counters, registry, sessions } = this.#surroundings;
    const id = sessionId(match, name ?? '');
    const record = this.#sessions.get(id);
    // An origin that the server refuses can only go on with what it opened itself.
    const isOwner =
      record?.owner.is(request, origin) === true && (isOriginAllowed || record.owner.origin === origin);
    if (record !== undefined && request.method !== 'OPTIONS' && !isOwner) {
      counters.ignore('sockjs', 'not-the-owner');
      answer(response, 404, '404 Error: Page not found\n');
      return;
    }
    if (request.method !== 'OPTIONS') record?.connection?.heard();
    const receives = OPENS.get(transport ?? '') === request.method;
    const opens = record === undefined && receives;
    if (receives && hasLongCallback(match.query)) {
      answer(response, 500, 'invalid "callback" parameter');
      return;
    }
    const { heartbeatMs, padding, seen, waitMs, awayMs } = readSessionWishes(match.query);
    const forward = (): void => {
      const connection = record?.connection;
      if (receives && connection?.comes(seen) === false) {
        answer(response, 404, '404 Error: Page not found\n');
        return;
      }
      const isPost = transport === 'xhr_send' && request.method === 'POST';
      const { posts } = connection ?? {};
      const number = isPost && posts !== undefined ? readPostNumber(match.query) : undefined;
      if (number !== undefined) {
        if (number === 0 || posts?.skips(number) === true) {
          counters.ignore('sockjs', 'wrong-number');
          answer(response, 404, '404 Error: Page not found\n');
          return;
        }
        // Before the package has read the body to its end and hands out what it holds.
        request.once('end', () => posts?.begin(number));
      }
      if (transport === 'htmlfile') keepInsideScript(response);
      padStream(response, transport ?? '', padding);
      // nginx then hands on at once what it would collect.
      if (receives) response.setHeader('X-Accel-Buffering', 'no');
      if (receives) {
        connection?.setHeartbeat(heartbeatMs);
        connection?.setAway(awayMs);
      }
      request.url = `${match.path}/${server}/${id}/${transport}${match.query === '' ? '' : `?${match.query}`}`;
      this.#listener(match)(request, response);
      if (receives) connection?.resume(waitMs);
      if (isPost && connection !== undefined) {
        // After the package has read the body to its end and handed out what it holds.
        request.once('end', () => {
          const isTaken = response.statusCode === 204;
          posts?.end(isTaken);
          if (isTaken && asksForBeat(match.query)) connection.oweBeat();
          if (isTaken && posts !== undefined && saysGoodbye(match.query)) connection.leave();
        });
      }
    };
    if (!opens) {
      const entrance = record?.entrance;
      if (entrance instanceof Promise) this.#hold(entrance, request, response, forward);
      else forward();
      return;
    }
    const { address } = senderOf(request);
    const isCrowded = sessions.isCrowded(address);
    if (isCrowded || registry.isFull) {
      counters.ignore('sockjs', isCrowded ? 'too-many-sessions' : 'too-many-connections');
      answer(response, 503, 'Too many sessions; try again later.\n');
      return;
    }
    this.#open(id, match, request, response, { address, origin, isOriginAllowed, forward });
  }

  /** The first request of a session: remembers whose it is, and asks the gateway where it wants to be asked. */
  #open(
    id: string,
    match: EndpointMatch,
    request: IncomingMessage,
    response: ServerResponse,
    {
      address,
      origin,
      isOriginAllowed,
      forward,
    }: {
      readonly address: string;
      readonly origin: string | undefined;
      readonly isOriginAllowed: boolean;
      readonly forward: () => void;
    },
  ): void {
    const { gateway } = match;
    const known: ConnectionRequest = {
      path: match.path,
      query: match.query,
      remoteAddress: address,
      remotePort: request.socket.remotePort ?? 0,
      cookie: request.headers.cookie ?? '',
      origin,
    };
    const begin = (): void => {
      forward();
      // The package opens a session on the next tick, unless it found fault with the request.
      setImmediate(() => {
        if (this.#sessions.get(id)?.connection === undefined) this.#forget(id);
      });
    };
    const isOurs = readSessionWishes(match.query).heartbeatMs !== undefined;
    const mark = isOurs && isVouchedFor(request) ? markOpener(request, response) : undefined;
    const owner = new SessionOwner(request, origin, mark);
    if ('accept' in gateway) {
      const entrance = { accept: (connection: Connection) => gateway.accept(connection, known) };
      this.#remember(id, { owner, address, match, entrance, connection: undefined });
      begin();
      return;
    }
    const asked = admissionRequest(known, request, isOriginAllowed);
    const entrance = (async () => gateway.admit(asked))().then(
      (admission) => this.#admitted(id, admission, response),
      (error: unknown) => {
        this.#surroundings.onFault(error);
        return this.#admitted(id, { status: 500 }, response);
      },
    );
    this.#remember(id, { owner, address, match, entrance, connection: undefined });
    this.#hold(entrance, request, response, begin);
  }

  /** Keeps the way in for when the package has made the session, or answers why there is none. */
  #admitted(id: string, admission: Admission, response: ServerResponse): Entrance | undefined {
    const record = this.#sessions.get(id);
    if (isEntrance(admission)) {
      if (record !== undefined) record.entrance = admission;
      return admission;
    }
    if (record !== undefined) this.#surroundings.counters.ignore(record.match.gateway.name, 'not-admitted');
    this.#forget(id);
    writeAnswer(response, admission);
    return undefined;
  }

  /** Goes on with a request once the gateway has let its sender in. */
  #hold(
    entrance: Promise<Entrance | undefined>,
    request: IncomingMessage,
    response: ServerResponse,
    forward: () => void,
  ): void {
    request.pause();
    void entrance.then((given) => {
      if (given !== undefined) forward();
      else if (!response.headersSent) answer(response, 404, '404 Error: Page not found\n');
      request.resume();
    });
  }

  #remember(id: string, record: SessionRecord): void {
    this.#surroundings.sessions.add(record.address);
    this.#sessions.set(id, record);
  }

  #forget(id: string): void {
    const record = this.#sessions.get(id);
    if (record === undefined) return;
    this.#sessions.delete(id);
    this.#surroundings.sessions.remove(record.address);
  }

  #accept(sockjs: SockJSConnection): void {
    const id = sockjs._session.session_id ?? '';
    const record = this.#sessions.get(id);
    if (record === undefined || record.entrance instanceof Promise) {
      sockjs._session.close(CloseCode.internalError, 'session lost');
      return;
    }
    const { registry, wire } = this.#surroundings;
    const connection = new HttpConnection(record.match.gateway, sockjs, wire, this.#surroundings);
    registry.add(connection);
    // Not when the connection is gone: the session may linger on for its close frame to be fetched.
    sockjs.once('close', () => this.#forget(id));
    record.connection = connection;
    const { heartbeatMs, seen } = readSessionWishes(record.match.query);
    if (seen !== undefined && MADE_GOOD.has(connection.transport)) connection.makeGood();
    connection.setHeartbeat(heartbeatMs);
    connection.handTo(record.entrance.accept(connection));
    connection.resume();
  }

  #listener({ path }: EndpointMatch): SockJSHandler {
    let listener = this.#listeners.get(path);
    if (listener === undefined) {
      const { heartbeatMs, log } = this.#surroundings;
      // Relative to the iframe page, so that it holds under a sub-path too.
      const up = '../'.repeat(path.split('/').length - 1);
      listener = sockjsListener({
        prefix: path,
        clientUrl: `${up}client/sockjs.min.js`,
        heartbeatMs,
        onConnection: (connection) => this.#accept(connection),
        log,
      });
      this.#listeners.set(path, listener);
    }
    return listener;
  }
}

const SESSION_PATH = /^\/([^/.]+)\/([^/.]+)\/([a-z_]+)\/?$/;

/** The transports that open a session, and with which method. */
const OPENS = new Map([
  ['xhr', 'POST'],
  ['xhr_streaming', 'POST'],
  ['eventsource', 'GET'],
  ['htmlfile', 'GET'],
  ['jsonp', 'GET'],
]);

/** Those that may make good what is lost on the way. */
const MADE_GOOD = new Set(['xhr-polling', 'xhr-streaming', 'eventsource']);

/** The package keeps all sessions in one plain object: this name is no property of it, and says the base URL. */
function sessionId(match: EndpointMatch, name: string): string {
  return `${Buffer.from(match.path).toString('base64url')}~${Buffer.from(name).toString('base64url')}`;
}

/** JSONP's rule, which the package does not apply to htmlfile: at most 32 characters. */
function hasLongCallback(query: string): boolean {
  const params = new URLSearchParams(query);
  return (params.get('c') ?? params.get('callback') ?? '').length > 32;
}

function writeAnswer(response: ServerResponse, { status, headers = {}, body = '' }: HttpAnswer): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=UTF-8', ...headers });
  response.end(body);
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=UTF-8', 'Cache-Control': 'no-store' });
  response.end(body);
}

/** The package leaves its error answers without a content type, so that a browser would guess one. */
function nameContentTypeOfErrors(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as WriteHead;
  const named: WriteHead = (status, headers) => {
    if (status >= 400 && !response.hasHeader('Content-Type') && !hasContentType(headers)) {
      response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
    }
    return writeHead(status, headers);
  };
  // The package calls it in this one form only.
  response.writeHead = named as ServerResponse['writeHead'];
}

/**
 * The package writes each htmlfile frame as a script block around a string literal. A `<` in it could end the
 * block and let a message be read as markup, so it leaves as an escape that the literal undoes.
 */
function keepInsideScript(response: ServerResponse): void {
  const write = response.write.bind(response) as (chunk: unknown) => boolean;
  const safe = (chunk: unknown): boolean => {
    const block = typeof chunk === 'string' ? SCRIPT_BLOCK.exec(chunk) : null;
    const literal = block?.[1]?.replaceAll('<', '\\u003c');
    return write(literal === undefined ? chunk : `<script>\np(${literal});\n</script>\r\n`);
  };
  response.write = safe as ServerResponse['write'];
}

const SCRIPT_BLOCK = /^<script>\np\((.*)\);\n<\/script>\r\n$/s;

type WriteHead = (status: number, headers?: object) => ServerResponse;

function hasContentType(headers: object | undefined): boolean {
  return headers !== undefined && Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
}
