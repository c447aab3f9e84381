import { seconds } from '../amounts.ts';
import { objectOf } from '../answer.ts';
import { defineCheck, type Outcome } from '../check-spec.ts';
import type { HandshakeAnswer } from '../environment.ts';
import { randomId } from '../../client/random-id.ts';
import type { Path } from '../path.ts';
import { TriedLine } from '../tried-line.ts';
import { type HandshakeWatch, webSocketOpener } from './line-openers.ts';

export type WebSocketFacts = {
  /** Until the handshake was answered with 101; `null`: it was not. */
  readonly handshakeMs: number | null;
  /** Until the server's greeting was there. */
  readonly openMs: number | null;
  /** A message there and back. */
  readonly echoMs: number | null;
  /** How long it lived, where it ended by itself. */
  readonly livedMs: number | null;
  readonly closeCode: number | null;
  /** How the handshake arrived at the server; `unknown` where the server does not tell. */
  readonly arrived: 'upgrade' | 'plain' | 'no' | 'unknown';
  /** What the server answered. */
  readonly answer: number | null;
  /** What came back, where the platform can tell. */
  readonly status: number | null;
  /** The proxy refused to open a tunnel for it. */
  readonly isTunnelRefused: boolean;
  /** It ended without waiting for us to lose patience. */
  readonly isRefused: boolean;
};

const MORE_HANDSHAKES = 4;

/** A WebSocket, from the handshake to an echo. */
export const websocket = defineCheck({
  id: 'websocket',
  title: 'WebSocket',
  async run(path): Promise<Outcome<WebSocketFacts>> {
    const watch: HandshakeWatch = { url: '', answeredMs: null };
    const sighting = randomId();
    const line = new TriedLine(path, webSocketOpener(25_000, sighting, watch));
    try {
      const isOpen = await line.opens(path.pace.patience(2000, 6));
      const echoMs = isOpen ? await line.echo(16, path.pace.patience(1500, 4)) : null;
      const isAnswered = watch.answeredMs !== null;
      const isRefused = !isAnswered && line.end !== null;
      const seen = echoMs === null && !isAnswered ? await lookFor(path, sighting, isRefused) : null;
      const asked = isRefused ? await askAgain(path, watch.url) : null;
      const facts: WebSocketFacts = {
        handshakeMs: rounded(watch.answeredMs),
        openMs: rounded(line.openMs),
        echoMs: rounded(echoMs),
        livedMs: line.openMs === null ? null : rounded(line.livedMs),
        closeCode: line.end?.code ?? null,
        arrived: isAnswered ? 'upgrade' : arrivedAs(seen, asked),
        answer: isAnswered ? 101 : (seen?.answer ?? null),
        status: asked?.status ?? null,
        isTunnelRefused: asked?.isTunnelRefused ?? false,
        isRefused,
      };
      if (echoMs !== null && facts.openMs !== null) {
        const detail = `It opens in ${seconds(facts.openMs)} and echoes in ${seconds(echoMs)}.`;
        return { status: 'pass', detail, facts };
      }
      return { status: 'fail', detail: describe(facts), facts };
    } finally {
      await line.close();
    }
  },
});

/** What the server says to a handshake that arrives as an ordinary request. */
const NO_UPGRADE = 'Not a valid websocket request';

function arrivedAs(seen: Sighting | null, asked: HandshakeAnswer | null): WebSocketFacts['arrived'] {
  const arrived = seen?.arrived ?? 'unknown';
  return arrived !== 'upgrade' && asked?.text.startsWith(NO_UPGRADE) === true ? 'plain' : arrived;
}

interface Sighting {
  readonly arrived: WebSocketFacts['arrived'];
  readonly answer: number | null;
}

/**
 * What the server says of the handshake. Where there are several servers, the one that is asked need not be the one
 * it went to: handshakes that are refused at once are cheap, and a few more of them get around.
 */
async function lookFor(path: Path, id: string, mayRepeat: boolean): Promise<Sighting> {
  let sighting = await askFor(path, id);
  for (let i = 0; mayRepeat && sighting.arrived === 'no' && i < MORE_HANDSHAKES; i++) {
    const line = new TriedLine(path, webSocketOpener(0, id));
    await line.opens(path.pace.patience(1000, 4));
    await line.close();
    sighting = await askFor(path, id);
  }
  return sighting;
}

async function askFor(path: Path, id: string): Promise<Sighting> {
  const answer = await path.ask(path.at('doctor/sighting', { id }));
  const seen = answer.status === 200 ? objectOf(answer)?.['seen'] : undefined;
  return Array.isArray(seen) ? readSightings(seen) : { arrived: 'unknown', answer: null };
}

function readSightings(seen: readonly unknown[]): Sighting {
  const all = seen.filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null);
  const upgrade = all.find(({ kind }) => kind === 'upgrade');
  const found = upgrade ?? all[0];
  const answer = typeof found?.['answer'] === 'number' ? found['answer'] : null;
  return { arrived: upgrade ? 'upgrade' : found ? 'plain' : 'no', answer };
}

/** Browsers do not tell with which status a handshake was refused; Node can ask. */
async function askAgain(path: Path, url: string): Promise<HandshakeAnswer | null> {
  const { clock, extras } = path.environment;
  if (extras.tryHandshake === undefined || url === '') return null;
  const patience = new AbortController();
  const cancel = clock.after(path.pace.patience(1000, 4), () => {
    patience.abort();
  });
  const answer = await extras.tryHandshake(url, AbortSignal.any([path.signal, patience.signal]));
  cancel();
  return answer;
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}

function describe(facts: WebSocketFacts): string {
  const { answer, arrived, handshakeMs, isTunnelRefused, livedMs, openMs, status } = facts;
  if (livedMs !== null) return `It was cut ${seconds(livedMs)} after it had opened.`;
  if (openMs !== null) return 'It opens, but what is sent does not come back.';
  if (handshakeMs !== null) return 'The handshake passes, but nothing that the server says.';
  if (arrived === 'plain') return 'The handshake arrives at the server without its Upgrade header.';
  if (arrived === 'upgrade') {
    if (answer === 101) return 'The server agrees to the handshake, but its answer does not come back.';
    return `The server refuses the handshake${answer === null ? '' : ` with ${answer}`}.`;
  }
  if (isTunnelRefused) return `The proxy refuses to open a tunnel for it: the answer is ${String(status)}.`;
  const before = arrived === 'no' ? ' before it reaches the server' : '';
  if (status !== null) return `The handshake is refused with ${status}${before}.`;
  if (facts.isRefused) return `The handshake is refused${before}.`;
  return `The handshake is never answered${arrived === 'no' ? ', and never reaches the server' : ''}.`;
}
