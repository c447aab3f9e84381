/** The token broker at `/ws` and its HTTP API (docs/token-broker.md). */
export interface TokenBrokerOptions {
  /**
   * Whoever comes is let in and may take any token, and a token is the same as the room of that name elsewhere.
   * Otherwise only registered tokens may be taken. @default false
   */
  readonly allowUnregistered?: boolean;
  /** Tokens that are registered (`true`) or not from the start. @default none */
  readonly registered?: ReadonlyMap<string, boolean>;
  /** Address of more such tokens, as a JSON object or an array; fetched at the start. @default none */
  readonly registeredTokensUrl?: string;
  /** How long a fetch may take, in ms. @default 10000 */
  readonly fetchTimeoutMs?: number;
  /** Time between two fetches, in ms; 0: there is only the first. @default 0 */
  readonly refreshMs?: number;
  /** Connections whose token is unregistered are closed with 4001. @default false */
  readonly kickOnUnregister?: boolean;
  /** Origins that browsers may come from to `/ws` and the API, beside those the server allows; `*` allows all. @default [] */
  readonly origins?: readonly string[];
  /** Messages leave as JSON strings with a line end, byte for byte as the original sends them. @default false */
  readonly jsonFrames?: boolean;
  /** A sender is told `Error:REASON` when what it said is ignored. @default false */
  readonly notices?: boolean;
  /** Where the HTTP API answers; `false`: nowhere. A plain `GET` there stays with whoever else answers it. @default '/' */
  readonly apiPath?: string | false;
  /** When set, the API wants it as a bearer token. @default none */
  readonly apiKey?: string;
  /** Who may use the API when no key is set. @default 'anywhere' */
  readonly apiFrom?: 'anywhere' | 'this-machine';
  /** `Access-Control-Allow-Headers` of the API; `*` stands for the list of the original. @default '*' */
  readonly allowHeaders?: string;
}

/** The token broker, for server code. */
export interface TokenBroker {
  /**
   * Says `body` to everyone whose token is among the receivers, such as `abc1,group/`. Returns how many
   * connections are meant.
   */
  publish(receivers: string, body: string): number;
  /** The live connections, in the order in which they came; `remote` is unique. */
  clients(): { readonly id: string; readonly remote: string; readonly token: string }[];
  /** @throws Error when it is no token, or there are too many. */
  registerToken(token: string): void;
  /** @throws Error when it is no token, or there are too many. */
  unregisterToken(token: string): void;
  /** Every token that was ever registered or unregistered, in order. */
  registeredTokens(): Map<string, boolean>;
}
