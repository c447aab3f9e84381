import type { TransportName } from '../client/types.ts';
import { seconds } from './answer.ts';
import { idleEnd } from './diagnosis/lasting.ts';
import { works } from './diagnosis/works.ts';
import { type TriedTransport, TRANSPORTS } from './checks/line-openers.ts';
import { kibibytes } from './checks/size-ladder.ts';
import type { Known } from './facts.ts';
import type { Advice, Finding } from './report.ts';

const USUAL_HEARTBEAT_MS = 25_000;
const SHORTEST_HEARTBEAT_MS = 1000;
/** Something is said twice before what is quiet is cut. */
const SHARE_OF_IDLE = 0.4;

/** Streams on which answers come so much later are behind polls, ms. */
const LAZY_MS = 60;

/** Settings that suit what was found. */
export function advise(known: Known, findings: readonly Finding[]): Advice {
  const streamsLag = (name: TriedTransport): boolean => {
    const facts = name === 'websocket' || name === 'xhr-polling' ? undefined : known[name];
    return (facts?.lagMs ?? 0) > LAZY_MS;
  };
  const working = TRANSPORTS.filter((name) => works(known, name));
  const transports: readonly TransportName[] = [
    ...working.filter((name) => !streamsLag(name)),
    ...working.filter(streamsLag),
  ];
  const idle = idleEnd(known);
  const heartbeatMs =
    idle === null
      ? USUAL_HEARTBEAT_MS
      : Math.min(USUAL_HEARTBEAT_MS, Math.max(SHORTEST_HEARTBEAT_MS, Math.floor((idle.afterMs * SHARE_OF_IDLE) / 100) * 100));
  const size = known['post-size'];
  const limit = size !== undefined && size.refusedBytes !== null ? size.passedBytes : undefined;
  return {
    transports,
    heartbeatMs,
    ...(limit === undefined ? {} : { postLimitBytes: limit }),
    why: reason(transports, findings, idle?.afterMs, limit),
  };
}

function reason(
  transports: readonly TransportName[],
  findings: readonly Finding[],
  idleMs: number | undefined,
  limit: number | undefined,
): string {
  const [best] = transports;
  if (best === undefined) {
    const [worst] = findings;
    return worst === undefined ? 'No connection works.' : `No connection works: ${lower(worst.title)}.`;
  }
  const said = [best === 'websocket' ? 'WebSocket works, and is the best there is.' : `WebSocket does not work; ${best} does.`];
  if (idleMs !== undefined)
    said.push(`What is idle is gone after about ${seconds(idleMs)}, so the heartbeat is shorter than that.`);
  if (limit !== undefined) said.push(`Requests must stay below ${kibibytes(limit)}.`);
  return said.join(' ');
}

function lower(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}
