import type { Check, Report } from './report.ts';
import type { TransportName } from '../client/types.ts';

/** How a whole examination came out. */
export interface Verdict {
  readonly tone: 'good' | 'warn' | 'bad';
  /** One short sentence. */
  readonly headline: string;
  /** One or two more: what works, what to expect. */
  readonly more: string;
}

/** The ways to the server by which people may know them; those of last resort go by their names. */
const WAYS: Readonly<Partial<Record<TransportName, string>>> = {
  websocket: 'WebSocket',
  'xhr-streaming': 'streaming',
  eventsource: 'streaming as events',
  'xhr-polling': 'polling',
};

/** Says in a sentence or two how it went. `isOnline`: what the device thinks of its network. */
export function verdictOf(report: Report, isOnline = true): Verdict {
  const { checks, findings, advice } = report;
  const [best] = advice.transports;
  const isUnreached = checks.some(isNotReached);
  const cause = findings.find(({ id, severity }) => severity === 'fail' && id !== 'unreachable');
  if (isUnreached && isOnline && cause !== undefined && best === undefined) {
    return { tone: 'bad', headline: `${cause.title}.`, more: 'So nothing else could be tried.' };
  }
  if (isUnreached) {
    return {
      tone: 'bad',
      headline: isOnline ? 'The server cannot be reached.' : 'This device is offline.',
      more: isOnline
        ? 'Not even an ordinary request gets an answer, so nothing else could be tried.'
        : 'Once it has a network again, start once more.',
    };
  }
  const [worst, ...others] = findings.filter(({ severity }) => severity !== 'info');
  if (best === undefined) {
    return {
      tone: 'bad',
      headline: 'No way to the server works.',
      more: worst === undefined ? advice.why : `${worst.title}. ${advice.why}`,
    };
  }
  if (worst === undefined) {
    return { tone: 'good', headline: 'Everything gets through.', more: `${speedOf(report, best)}` };
  }
  const isBlocked = best !== 'websocket' && isFailed(report, 'websocket');
  return {
    tone: 'warn',
    headline: isBlocked ? `WebSocket does not get through: ${lowerFirst(worst.title)}.` : `${worst.title}.`,
    more: [
      `Roomplex works here all the same, over ${WAYS[best] ?? best}.`,
      ...(others.length === 0
        ? []
        : [`${others.length === 1 ? 'One thing' : `${others.length} things`} more to know below.`]),
    ].join(' '),
  };
}

function speedOf(report: Report, best: TransportName): string {
  const echo = report.checks.find(({ id }) => id === best)?.facts['echoMs'];
  const time = typeof echo === 'number' ? `, and a message is back after ${formatEcho(echo)}` : '';
  return `${upperFirst(WAYS[best] ?? best)} works${time}.`;
}

/** Nothing came back; who was answered by somebody else is not so far off. */
function isNotReached({ facts, id, status }: Check): boolean {
  return id === 'reach' && status === 'fail' && (facts['status'] ?? null) === null;
}

function isFailed({ checks }: Report, id: string): boolean {
  return checks.some((check) => check.id === id && check.status === 'fail');
}

function formatEcho(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** Names such as `HTTP/2` and `WebSocket` keep their capitals. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]+(?![A-Za-z])/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
