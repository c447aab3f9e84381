/** What a client may ask for in the query of the request that opens a SockJS session (docs/protocol.md, "Beats"). */
export interface SessionWishes {
  /** Time between two signs of life, in ms; `undefined`: whatever is usual. */
  readonly heartbeatMs: number | undefined;
  /** How many bytes without meaning a stream should begin with. */
  readonly padding: number;
}

/** What is out of range counts as the nearest, what is no number as not there. */
export function readSessionWishes(query: string): SessionWishes {
  if (!query.includes('heartbeat=') && !query.includes('padding=')) return NO_WISHES;
  const given = new URLSearchParams(query);
  return {
    heartbeatMs: readWithin(given.get('heartbeat'), MIN_HEARTBEAT_MS, MAX_HEARTBEAT_MS),
    padding: readWithin(given.get('padding'), 0, MAX_PADDING) ?? 0,
  };
}

/** True when a request that sends asks for a sign of life besides. */
export function asksForBeat(query: string): boolean {
  return query.includes('beat') && new URLSearchParams(query).has('beat');
}

function readWithin(text: string | null, min: number, max: number): number | undefined {
  return text !== null && NUMBER.test(text) ? Math.min(Math.max(Number(text), min), max) : undefined;
}

const NUMBER = /^-?\d+$/;
const MIN_HEARTBEAT_MS = 100;
const MAX_HEARTBEAT_MS = 120_000;
const MAX_PADDING = 131_072;
const NO_WISHES: SessionWishes = { heartbeatMs: undefined, padding: 0 };
