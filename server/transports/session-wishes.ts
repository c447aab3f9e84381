/** What a client asks for in the query of a request that receives (docs/protocol.md, "Beats", "Short polls", "Lost answers"). */
export interface SessionWishes {
  /** Time between two signs of life, in ms; `undefined`: whatever is usual. */
  readonly heartbeatMs: number | undefined;
  /** How many bytes without meaning a stream should begin with. */
  readonly padding: number;
  /** How many message frames of the session it has read; `undefined`: it does not count them. */
  readonly seen: number | undefined;
  /** Within how many ms a poll is to be answered, with whatever there is; `undefined`: when there is something. */
  readonly waitMs: number | undefined;
  /** How many ms the session may be without a response; `undefined`: as long as is usual. */
  readonly awayMs: number | undefined;
}

/** What is out of range counts as the nearest, what is no number as not there. */
export function readSessionWishes(query: string): SessionWishes {
  if (!WISHES.some((wish) => query.includes(wish))) return NO_WISHES;
  const given = new URLSearchParams(query);
  return {
    heartbeatMs: readWithin(given.get('heartbeat'), MIN_HEARTBEAT_MS, MAX_HEARTBEAT_MS),
    padding: readWithin(given.get('padding'), 0, MAX_PADDING) ?? 0,
    seen: readWithin(given.get('seen'), 0, Number.MAX_SAFE_INTEGER),
    waitMs: readWithin(given.get('wait'), 0, MAX_WAIT_MS),
    awayMs: readWithin(given.get('away'), MIN_AWAY_MS, MAX_AWAY_MS),
  };
}

/** True when a request that sends asks for a sign of life besides. */
export function asksForBeat(query: string): boolean {
  return query.includes('beat') && new URLSearchParams(query).has('beat');
}

/** True when a request that sends is the last: the client leaves. */
export function saysGoodbye(query: string): boolean {
  return query.includes('bye') && new URLSearchParams(query).has('bye');
}

/** The number of a request that sends; 0 when that is none, `undefined` when there is none. */
export function readPostNumber(query: string): number | undefined {
  const given = query.includes('n=') ? new URLSearchParams(query).get('n') : null;
  if (given === null) return undefined;
  return readWithin(given, 0, Number.MAX_SAFE_INTEGER) ?? 0;
}

function readWithin(text: string | null, min: number, max: number): number | undefined {
  return text !== null && NUMBER.test(text) ? Math.min(Math.max(Number(text), min), max) : undefined;
}

const NUMBER = /^-?\d+$/;
const MIN_HEARTBEAT_MS = 100;
const MAX_HEARTBEAT_MS = 120_000;
const MAX_PADDING = 131_072;
const MAX_WAIT_MS = 120_000;
/** As long as the `sockjs` package waits for the next response by itself. */
const MIN_AWAY_MS = 5000;
const MAX_AWAY_MS = 90_000;
const WISHES = ['heartbeat=', 'padding=', 'seen=', 'wait=', 'away='];
const NO_WISHES: SessionWishes = {
  heartbeatMs: undefined,
  padding: 0,
  seen: undefined,
  waitMs: undefined,
  awayMs: undefined,
};
