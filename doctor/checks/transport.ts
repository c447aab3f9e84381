import { seconds } from '../amounts.ts';
import { type CheckSpec, type Outcome, defineCheck } from '../check-spec.ts';
import { median } from '../median.ts';
import { TriedLine } from '../tried-line.ts';
import { openerOf } from './line-openers.ts';

const BEATS = 3;
/** On a way so long one has to do, ms. */
const LONG_MS = 1000;

export type TransportFacts = {
  /** Until the server's greeting was there. */
  readonly openMs: number | null;
  /** A message there and back. */
  readonly echoMs: number | null;
  /** How much later answers come on it than those to ordinary requests; `null` where nothing tells. */
  readonly lagMs: number | null;
  /** How long it lived, where it ended by itself. */
  readonly livedMs: number | null;
  /** The status of the answer that ended it. */
  readonly status: number | null;
};

type HttpCheckId = 'xhr-streaming' | 'eventsource' | 'xhr-polling';

function transportCheck<Id extends HttpCheckId>(id: Id, title: string): CheckSpec<Id> {
  const run: CheckSpec<HttpCheckId>['run'] = async (path): Promise<Outcome<TransportFacts>> => {
    const line = new TriedLine(path, openerOf(id, 25_000));
    try {
      const isOpen = await line.opens(path.pace.patience(2000, 6));
      const echoMs = isOpen ? await line.echo(16, path.pace.patience(1500, 6)) : null;
      const lags: number[] = [];
      const beats = echoMs !== null && echoMs > LONG_MS ? 1 : BEATS;
      for (let i = 0; echoMs !== null && i < beats; i++) {
        const lag = await line.lag(path.pace.patience(1500, 4));
        if (lag === null) break;
        lags.push(lag);
      }
      const [, status] = /\bstatus (\d{3})\b/.exec(line.end?.reason ?? '') ?? [];
      const facts: TransportFacts = {
        openMs: rounded(line.openMs),
        echoMs: rounded(echoMs),
        lagMs: rounded(median(lags)),
        livedMs: line.openMs === null ? null : rounded(line.livedMs),
        status: status === undefined ? null : Number(status),
      };
      return { status: echoMs === null ? 'fail' : 'pass', detail: describe(facts), facts };
    } finally {
      await line.close();
    }
  };
  return defineCheck<Id>({ id, title, run });
}

export const xhrStreaming = transportCheck('xhr-streaming', 'Streaming');
export const eventSource = transportCheck('eventsource', 'Streaming as events');
export const xhrPolling = transportCheck('xhr-polling', 'Polling');

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}

function describe({ echoMs, lagMs, livedMs, openMs, status }: TransportFacts): string {
  if (openMs !== null && echoMs !== null) {
    const lag = lagMs !== null && lagMs > 50 ? ` Answers lag ${seconds(lagMs)} behind.` : '';
    return `It opens in ${seconds(openMs)} and echoes in ${seconds(echoMs)}.${lag}`;
  }
  const answered = status === null ? '' : `: the answer was ${status}`;
  if (livedMs !== null) return `It was cut ${seconds(livedMs)} after it had opened${answered}.`;
  if (openMs !== null) return 'It opens, but what is sent does not come back.';
  return status === null ? 'It does not open.' : `It does not open${answered}.`;
}
