import { CloseCode } from '../../../protocol/close-codes.ts';
import { isToken, splitMessage, UNREGISTERED } from '../../../protocol/tokens.ts';
import type { Connection, ConnectionHandler } from '../../connection/connection.ts';
import { HubError } from '../../hub/errors.ts';
import type { Hub } from '../../hub/hub.ts';
import { SHARED_SPACE } from '../../hub/spaces.ts';
import type { Counters } from '../../telemetry/counters.ts';
import type { Admission, AdmissionRequest, Entrance, GuardedGateway } from '../gateway.ts';
import type { HttpRoute } from '../http-exchange.ts';
import type { TokenBrokerOptions } from '../token-broker.ts';
import { ApiAccess } from './api-access.ts';
import { Clients, remoteOf } from './clients.ts';
import { RegisteredTokens } from './registered-tokens.ts';
import { TokenApi } from './token-api.ts';
import { TokenFormat } from './token-format.ts';
import { TokenListSource } from './token-list-source.ts';
import { TokenRooms } from './token-rooms.ts';
import { TokensSession, type TokensSurroundings } from './tokens-session.ts';

/** What the broker has in common with the rest of the server. */
export interface TokensCommon {
  readonly hub: Hub;
  readonly counters: Counters;
  readonly limits: {
    /** Bytes of one message, and of a request to the API. */
    readonly message: number;
    /** Characters of a token. */
    readonly room: number;
    /** Entries in the list of registered tokens. */
    readonly tokens: number;
    /** Bytes of what one connection said that may wait for its turn. */
    readonly pending: number;
  };
  readonly log: { warn(message: string, fields?: Record<string, unknown>): void };
}

/** `/ws`: messages to whoever has one of the tokens they name, and the HTTP API that goes with it (S4). */
export class TokensGateway implements GuardedGateway {
  readonly name = 'ws';
  readonly origins: readonly string[];
  readonly routes: readonly HttpRoute[];
  readonly #isOpen: boolean;
  readonly #counters: Counters;
  readonly #lengthLimit: number;
  readonly #rooms: TokenRooms;
  readonly #registered: RegisteredTokens;
  readonly #source: TokenListSource | undefined;
  readonly #clients = new Clients();
  readonly #surroundings: TokensSurroundings;

  constructor(options: TokenBrokerOptions, { hub, counters, limits, log }: TokensCommon) {
    this.origins = options.origins ?? [];
    this.#isOpen = options.allowUnregistered ?? false;
    this.#counters = counters;
    this.#lengthLimit = limits.room;
    // Where tokens must be registered, the other doors to a shared room would be holes (docs/decisions/0010).
    this.#rooms = new TokenRooms(hub, this.#isOpen ? SHARED_SPACE : 'tokens');
    const kicks = options.kickOnUnregister ?? false;
    this.#registered = new RegisteredTokens({
      limit: limits.tokens,
      onUnregistered: (token) => {
        if (kicks) this.#kick(token);
      },
    });
    for (const [token, isRegistered] of options.registered ?? []) this.#registered.set(token, isRegistered);
    this.#source = this.#openSource(options, log);
    this.#surroundings = {
      rooms: this.#rooms,
      format: new TokenFormat(options.jsonFrames ?? false),
      counters,
      hasNotices: options.notices ?? false,
      pendingLimit: limits.pending,
      objection: (token) => this.#objection(token),
    };
    this.routes = this.#makeRoutes(options, limits.message);
  }

  /** With `?RegisterToken=TOKEN` the connection has that token from the start (S4 §3). */
  admit(request: AdmissionRequest): Admission | Promise<Admission> {
    const asked = new URLSearchParams(request.query).get('RegisterToken')?.trim() ?? '';
    const token = asked === '' ? UNREGISTERED : asked;
    const entrance = this.#entrance(token, remoteOf(request));
    const refusal = (): Admission => {
      const reason = this.#objection(token);
      if (reason === undefined) return entrance;
      return { status: reason === BAD_TOKEN ? 400 : 401, body: `error. ${reason}` };
    };
    // Before somebody is turned away, the list must be there.
    const isWaiting = this.#source !== undefined && this.#objection(token) === NOT_REGISTERED;
    return isWaiting ? this.#source.ready.then(refusal) : refusal();
  }

  stop(): void {
    this.#source?.stop();
  }

  /** Publishes to everyone whose token is among the receivers; returns how many are in the rooms meant. */
  publish(receivers: string, body: string): number {
    return this.#rooms.publish(receivers, body, null, (error) => {
      this.#counters.ignore(this.name, error instanceof HubError ? error.code : 'failed');
    });
  }

  /** The live connections, in the order in which they came. */
  clients(): { readonly id: string; readonly remote: string; readonly token: string }[] {
    return [...this.#clients.entries()].map(([remote, { id, token }]) => ({ id, remote, token }));
  }

  /** @throws Error when it is no token, or there are too many. */
  registerToken(token: string): void {
    const refusal = this.#register(token, true);
    if (refusal !== undefined) throw new Error(refusal);
  }

  /** @throws Error when it is no token, or there are too many. */
  unregisterToken(token: string): void {
    const refusal = this.#register(token, false);
    if (refusal !== undefined) throw new Error(refusal);
  }

  /** Every entry of the list, `false` for those that were unregistered. */
  registeredTokens(): Map<string, boolean> {
    return new Map(this.#registered.entries());
  }

  #entrance(token: string, remote: string): Entrance {
    return { accept: (connection) => this.#accept(connection, token, remote) };
  }

  #accept(connection: Connection, token: string, remote: string): ConnectionHandler {
    let key = '';
    try {
      const session = new TokensSession(connection, token, this.#surroundings, () =>
        this.#clients.delete(key),
      );
      key = this.#clients.add(session, remote);
      return session;
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      this.#counters.ignore(this.name, error.code);
      connection.close(CloseCode.policy, error.message);
      return { message: () => undefined, closed: () => undefined };
    }
  }

  #objection(token: string): string | undefined {
    if (!this.#isValid(token)) return BAD_TOKEN;
    return this.#isOpen || this.#registered.has(token) ? undefined : NOT_REGISTERED;
  }

  #isValid(token: string): boolean {
    return isToken(token) && (this.#lengthLimit === 0 || token.length <= this.#lengthLimit);
  }

  #register(token: string, isRegistered: boolean): string | undefined {
    if (!this.#isValid(token)) return BAD_TOKEN;
    return this.#registered.set(token, isRegistered) ? undefined : 'too many tokens';
  }

  #kick(token: string): void {
    for (const member of this.#rooms.holders(token)) {
      // Other doors lead to the room as well; whoever came through one holds no token.
      if (member instanceof TokensSession) member.eject({ cause: 'ejected', reason: 'token unregistered' });
    }
  }

  #openSource(options: TokenBrokerOptions, log: TokensCommon['log']): TokenListSource | undefined {
    const { registeredTokensUrl: url, fetchTimeoutMs = 10_000, refreshMs = 0 } = options;
    if (url === undefined) return undefined;
    return new TokenListSource({
      url,
      timeoutMs: fetchTimeoutMs,
      refreshMs,
      onList: (tokens) => {
        for (const token of tokens.keys()) if (!this.#isValid(token)) tokens.delete(token);
        const left = this.#registered.replaceFetched(tokens);
        if (left > 0) log.warn('some registered tokens are over the limit and were left out', { left });
      },
      onFailure: (reason) => log.warn('the list of registered tokens could not be fetched', { reason }),
    });
  }

  #makeRoutes(
    { apiPath = '/', apiKey, apiFrom, allowHeaders = '*' }: TokenBrokerOptions,
    bodyLimit: number,
  ): HttpRoute[] {
    if (apiPath === false) return [];
    const access = new ApiAccess(apiKey, apiFrom === 'this-machine');
    const api = new TokenApi(
      { path: apiPath, bodyLimit, access, allowHeaders },
      {
        broadcast: (text) => {
          const message = splitMessage(text);
          if (message === undefined) this.#counters.ignore(this.name, 'no-receivers');
          else this.publish(message.receivers, message.body);
        },
        clients: () => {
          const pairs = this.clients().map(({ remote, token }) => [remote, token] as const);
          return pairs.sort(([a], [b]) => (a < b ? -1 : 1));
        },
        register: (token, isRegistered) => this.#register(token, isRegistered),
        registered: async () => {
          await this.#source?.ready;
          return this.#registered.entries();
        },
      },
    );
    return [api];
  }
}

const BAD_TOKEN = 'bad token';
const NOT_REGISTERED = 'unregistered token';
