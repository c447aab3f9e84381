import { validateHeaderValue } from 'node:http';
import type { HttpAnswer, HttpRequest, HttpRoute } from '../http-exchange.ts';
import type { ApiAccess } from './api-access.ts';
import { jsonAnswer, jsonObjectAnswer } from './api-answers.ts';
import { readFields, type Fields } from './api-fields.ts';

/** What the API can do; refuses by returning why. */
export interface TokenApiActions {
  broadcast(message: string): void;
  /** Remote address and token of each live connection. */
  clients(): Iterable<readonly [remote: string, token: string]>;
  register(token: string, isRegistered: boolean): string | undefined;
  registered(): Promise<Iterable<readonly [token: string, isRegistered: boolean]>>;
}

/** What {@link TokenApi} is made with. */
export interface TokenApiOptions {
  readonly path: string;
  /** Bytes of a body; 0 lifts it. */
  readonly bodyLimit: number;
  readonly access: ApiAccess;
  /** Value of `Access-Control-Allow-Headers`; `*` stands for the list of the original. */
  readonly allowHeaders: string;
}

/** The broker's HTTP API (S4 §5): `POST`, or `GET` with a query that names a method. */
export class TokenApi implements HttpRoute {
  readonly path: string;
  readonly bodyLimit: number;
  readonly #access: ApiAccess;
  readonly #allowHeaders: string;
  readonly #actions: TokenApiActions;

  /** @throws Error when `allowHeaders` cannot stand in a header. */
  constructor({ path, bodyLimit, access, allowHeaders }: TokenApiOptions, actions: TokenApiActions) {
    this.path = path;
    this.bodyLimit = bodyLimit;
    this.#access = access;
    this.#allowHeaders = allowHeaders === '*' ? USUAL_HEADERS : allowHeaders;
    validateHeaderValue('Access-Control-Allow-Headers', this.#allowHeaders);
    this.#actions = actions;
  }

  /** A plain `GET` at the same address is for whoever has a page there. */
  wants(method: string, query: string): boolean {
    return !READS.includes(method) || new URLSearchParams(query).has('method');
  }

  changesSomething(method: string, query: string): boolean {
    if (READS.includes(method)) return CHANGES.includes(new URLSearchParams(query).get('method') ?? '');
    return method !== 'OPTIONS';
  }

  async answer(request: HttpRequest): Promise<HttpAnswer> {
    const answer = await this.#answer(request);
    return { ...answer, headers: { ...this.#corsHeaders(request), ...answer.headers } };
  }

  async #answer(request: HttpRequest): Promise<HttpAnswer> {
    const { method } = request;
    // Browsers ask without credentials whether they may ask.
    if (method === 'OPTIONS') return { status: 200 };
    if (method !== 'POST' && !READS.includes(method)) {
      return jsonAnswer({ error: 'method not allowed' }, 405, { Allow: 'GET, HEAD, POST, OPTIONS' });
    }
    const refusal = this.#access.refusal(request);
    if (refusal !== undefined) return refusal;
    const fields = readFields(request);
    if (fields === undefined) return jsonAnswer({ error: 'the body is no JSON object' }, 400);
    return this.#run(fields);
  }

  async #run(fields: Fields): Promise<HttpAnswer> {
    switch (fields('method') ?? '') {
      case 'broadcast':
        this.#actions.broadcast(fields('message') ?? '');
        return DONE;
      case 'get_clients':
        return jsonObjectAnswer(this.#actions.clients());
      case 'registerToken':
        return this.#register(fields, true);
      case 'unregisterToken':
        return this.#register(fields, false);
      case 'registeredTokenList':
        return jsonObjectAnswer(await this.#actions.registered());
      default:
        return jsonAnswer({ error: 'unknown method' }, 400);
    }
  }

  /** The original reads `token`, its documentation says `message` (S4 §1.6). None at all is no error there. */
  #register(fields: Fields, isRegistered: boolean): HttpAnswer {
    const token = (fields('token') || fields('message') || '').trim();
    const refusal = token === '' ? undefined : this.#actions.register(token, isRegistered);
    return refusal === undefined ? DONE : jsonAnswer({ error: refusal }, 400);
  }

  #corsHeaders({ grantedOrigin }: HttpRequest): Record<string, string> {
    return {
      ...(grantedOrigin !== undefined && { 'Access-Control-Allow-Origin': grantedOrigin }),
      ...(grantedOrigin !== '*' && { Vary: 'Origin' }),
      'Access-Control-Allow-Methods': 'POST, GET, OPTIONS, PUT, DELETE',
      'Access-Control-Allow-Headers': this.#allowHeaders,
    };
  }
}

const READS: readonly string[] = ['GET', 'HEAD'];
const CHANGES: readonly string[] = ['broadcast', 'registerToken', 'unregisterToken'];
const USUAL_HEADERS = 'Accept, Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, Authorization';
/** The original answers nothing at all. */
const DONE: HttpAnswer = { status: 200, headers: { 'Cache-Control': 'no-store' } };
