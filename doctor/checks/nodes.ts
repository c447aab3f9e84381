import { sessionUrl } from '../../client/transports/session-url.ts';
import { defineCheck, skipped } from '../check-spec.ts';
import type { Path } from '../path.ts';

const ROUNDS = 8;
/** Where an answer was lost: once is chance. */
const MORE_ROUNDS = 20;
/** After that no further round begins, ms. */
const BUDGET_MS = 2500;

export type NodesFacts = {
  /** Messages sent into sessions. */
  readonly sent: number;
  /** The server that was asked did not know the session. */
  readonly unknown: number;
  readonly polled: number;
  /** The connection broke before the answer to a poll was there. */
  readonly lost: number;
  /** At least one session could be opened. */
  readonly isOpened: boolean;
};

/** Sessions by polling, request by request: they must all come to where the session is known, and be answered. */
export const nodes = defineCheck({
  id: 'nodes',
  title: 'One session stays on one server',
  async run(path) {
    const facts = await pollSessions(path);
    if (!facts.isOpened) return skipped('No session could be opened.');
    const { lost, polled, sent, unknown } = facts;
    if (unknown > 0)
      return { status: 'fail', detail: `${unknown} of ${sent} times the session was not known.`, facts };
    if (lost > 0) return { status: 'warn', detail: `${lost} of ${polled} polls were not answered.`, facts };
    return { status: 'pass', detail: 'The session was known each time.', facts };
  },
});

async function pollSessions(path: Path): Promise<NodesFacts> {
  const { ticks } = path.environment;
  const end = ticks() + BUDGET_MS;
  const counts = { sent: 0, unknown: 0, polled: 0, lost: 0, isOpened: false };
  const headers = { 'content-type': 'text/plain' };
  let session: URL | null = null;
  const ask = (url: URL, name: string, body = '') => {
    const below = new URL(url);
    below.pathname += `/${name}`;
    return path.ask(below, { method: 'POST', headers, body });
  };
  for (let i = 0; i < (counts.lost > 0 ? MORE_ROUNDS : ROUNDS) && ticks() < end; i++) {
    if (session !== null) {
      const { failure, status } = await ask(session, 'xhr_send', '["hi"]');
      if (failure === null) counts.sent++;
      if (status === 404) counts.unknown++;
    }
    const url: URL = session ?? sessionUrl(path.at('echo'));
    // Not known where it went: a poll there would open another session, or wait for long.
    if (counts.unknown > 0) continue;
    const { failure, status, text } = await ask(url, 'xhr');
    counts.polled++;
    if (failure === 'broken') counts.lost++;
    const isGoing = status === 200 && /^[oah]/.test(text);
    if (session !== null && text.startsWith('o')) counts.unknown++;
    counts.isOpened ||= isGoing;
    session = isGoing ? url : null;
  }
  return counts;
}
