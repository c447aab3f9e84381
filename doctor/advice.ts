import { kibibytes, seconds } from './amounts.ts';
import type { TransportName } from '../client/types.ts';
import { idleEnd } from './diagnosis/lasting.ts';
import { echoes, works } from './diagnosis/works.ts';
import { type TriedTransport, TRANSPORTS } from './checks/line-openers.ts';
import type { Known } from './facts.ts';
import type { Advice, Finding } from './report.ts';

const USUAL_HEARTBEAT_MS = 25_000;
const SHORTEST_HEARTBEAT_MS = 500;
/** Something is said twice before what is quiet is cut. */
const SHARE_OF_IDLE = 0.4;

/** Nothing can be said in less, so a smaller limit is none: something else is wrong. */
const LEAST_POST = 256;

/** Streams on which answers come so much later are behind polls, ms. */
const LAZY_MS = 60;

/** Settings that suit what was found. */
export function advise(known: Known, findings: readonly Finding[]): Advice {
  const streamsLag = (name: TriedTransport): boolean => {
    const facts = name === 'websocket' || name === 'xhr-polling' ? undefined : known[name];
    return (facts?.lagMs ?? 0) > LAZY_MS;
  };
  const lasting = TRANSPORTS.filter((name) => works(known, name));
  // One that is cut now and then is better than none.
  const working = lasting.length > 0 ? lasting : TRANSPORTS.filter((name) => echoes(known, name));
  const transports: readonly TransportName[] = [
    ...working.filter((name) => !streamsLag(name)),
    ...working.filter(streamsLag),
  ];
  const goneMs = Math.min(idleEnd(known)?.afterMs ?? Infinity, cutResponses(known));
  const heartbeatMs = Math.min(
    USUAL_HEARTBEAT_MS,
    Math.max(SHORTEST_HEARTBEAT_MS, rounded(goneMs * SHARE_OF_IDLE)),
  );
  const size = known['post-size'];
  const isLimited = size !== undefined && size.refusedBytes !== null && size.passedBytes >= LEAST_POST;
  const limit = isLimited ? size.passedBytes : undefined;
  return {
    transports,
    heartbeatMs,
    ...(limit === undefined ? {} : { postLimitBytes: limit }),
    why: reason(transports, findings, goneMs, limit),
  };
}

function reason(
  transports: readonly TransportName[],
  findings: readonly Finding[],
  goneMs: number,
  limit: number | undefined,
): string {
  const [best] = transports;
  if (best === undefined) {
    const [worst] = findings;
    return worst === undefined ? 'No connection works.' : `No connection works: ${lower(worst.title)}.`;
  }
  const said = [
    best === 'websocket'
      ? 'WebSocket works, and is the best there is.'
      : `WebSocket does not work; ${best} does.`,
  ];
  if (goneMs < Infinity)
    said.push(
      `What says nothing is gone after about ${seconds(goneMs)}, so the heartbeat is shorter than that.`,
    );
  if (limit !== undefined) said.push(`Requests must stay below ${kibibytes(limit)}.`);
  return said.join(' ');
}

/** After how long responses are cut, however much they say, ms. */
function cutResponses(known: Known): number {
  const streams = [known['stream-text'], known['stream-events']].filter((stream) => stream?.course === 'cut');
  return Math.min(...streams.map((stream) => stream?.ms ?? Infinity));
}

function rounded(ms: number): number {
  return Math.floor(ms / 100) * 100;
}

function lower(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}
