import type { TransportFinding, TransportName } from '../../client/index.ts';
import { formatMs } from '../format.ts';

/** Why a transport is not the one in use, or why it is. */
export interface TransportReason {
  readonly transport: TransportName;
  /** How it is: in use, in the way of nothing, or out of the question for now. */
  readonly tone: 'good' | 'waiting' | 'bad';
  /** A plain phrase without a full stop. */
  readonly text: string;
}

/** What there is to say about the choice of the transport. */
export interface TransportReasons {
  /** One sentence on the whole. */
  readonly summary: string;
  /** Of each transport that would be better than the one in use, best first. */
  readonly better: readonly TransportReason[];
}

/** Puts into words why this transport is in use and no better one. `forced`: the one the user insists on. */
export function whyTransport(
  findings: readonly TransportFinding[],
  forced: TransportName | null,
  now: number,
): TransportReasons {
  const at = findings.findIndex(({ verdict }) => verdict === 'in use');
  const used = findings[at];
  const better = findings.slice(0, at === -1 ? findings.length : at).map((finding) => ({
    transport: finding.transport,
    tone: TONES[finding.verdict],
    text: wordsFor(finding) + nextTry(finding, now),
  }));
  if (forced !== null)
    return { summary: `You chose ${forced} for this tab, so no other is tried.`, better: [] };
  if (used === undefined) return { summary: 'No transport has got through so far.', better };
  const caveat = used.reason === '' ? '' : `, though ${used.reason}`;
  if (better.length === 0) return { summary: `${used.transport} is the best there is${caveat}.`, better: [] };
  return { summary: `${used.transport} is the best that gets through${caveat}.`, better };
}

/** The same in one paragraph, to send to somebody. */
export function transportReport(
  reasons: TransportReasons,
  { server, roundTripMs, losses }: { server: string; roundTripMs: number | null; losses: number },
): string {
  return [
    `Roomplex at ${server}:`,
    reasons.summary,
    ...reasons.better.map(({ transport, text }) => `${transport}: ${text}.`),
    ...(roundTripMs === null ? [] : [`A round trip takes ${formatMs(roundTripMs)} ms.`]),
    `The connection was ${TIMES[losses] ?? `lost ${losses} times`}.`,
  ].join(' ');
}

function wordsFor({ verdict, reason }: TransportFinding): string {
  const isWhole = verdict === 'cut' || verdict === 'laggy';
  if (reason === '' || verdict === 'good') return WORDS[verdict];
  return isWhole ? reason : `${WORDS[verdict]}: ${reason}`;
}

function nextTry({ retryAt }: TransportFinding, now: number): string {
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt - now) / 1_000);
  return seconds <= 0 ? '' : `; next try in ${seconds} s`;
}

const TIMES = ['never lost', 'lost once', 'lost twice'];

const WORDS: Readonly<Record<TransportFinding['verdict'], string>> = {
  'in use': '',
  good: 'works',
  untried: 'not tried yet',
  failed: 'does not open',
  mute: 'opens, but nothing passes',
  cut: 'opens, but is cut soon after',
  laggy: 'what is streamed arrives late',
};

const TONES: Readonly<Record<TransportFinding['verdict'], TransportReason['tone']>> = {
  'in use': 'good',
  good: 'good',
  untried: 'waiting',
  failed: 'bad',
  mute: 'bad',
  cut: 'bad',
  laggy: 'bad',
};
