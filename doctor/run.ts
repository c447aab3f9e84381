import type { CheckSpec, Outcome } from './check-spec.ts';
import { advise } from './advice.ts';
import { clock } from './checks/clock.ts';
import { cookies } from './checks/cookies.ts';
import { fresh } from './checks/fresh.ts';
import { hold } from './checks/hold.ts';
import { idleStream, idleWebSocket } from './checks/idle.ts';
import { life } from './checks/life.ts';
import { mirror } from './checks/mirror.ts';
import { nodes } from './checks/nodes.ts';
import { origin } from './checks/origin.ts';
import { postSize } from './checks/post-size.ts';
import { post } from './checks/post.ts';
import { reach } from './checks/reach.ts';
import { steady } from './checks/steady.ts';
import { streamEvents, streamText } from './checks/stream.ts';
import { tls } from './checks/tls.ts';
import { eventSource, xhrPolling, xhrStreaming } from './checks/transport.ts';
import { webrtc } from './checks/webrtc.ts';
import { webSocketSize } from './checks/websocket-size.ts';
import { websocket } from './checks/websocket.ts';
import { diagnose } from './diagnosis/diagnose.ts';
import type { DoctorEnvironment } from './environment.ts';
import { Path } from './path.ts';
import type { Check, CheckStatus, Facts, Report } from './report.ts';
import { serverRoot } from './server-root.ts';

/** What may be chosen. */
export interface ExamineOptions {
  /** Also look for idle cuts, which takes as long as {@link ExamineOptions.longestIdleMs}. Default false. */
  readonly full?: boolean;
  /** The longest quiet that is tried. Default 66 000; more than 110 000 tells no more. */
  readonly longestIdleMs?: number;
  /** Ends the examination: its promise rejects with the reason. */
  readonly signal?: AbortSignal;
}

/** Told at the beginning (`changed` is `null`), and after each change of a check. `checks` are all, in order. */
export type ProgressListener = (checks: readonly Check[], changed: Check | null) => void;

const LONGEST_IDLE_MS = 66_000;

/** A round trip on a long way, ms. */
const LONG_MS = 1200;

/** So often is tried again what fails where requests fail by chance. */
const TRIES_OF_ERRING = 4;

/** One after another; those of one phase side by side, for they do not disturb each other. */
const PHASES: readonly (readonly CheckSpec[])[] = [
  [reach],
  [steady, fresh, mirror, tls, cookies],
  [post, origin, clock, websocket, xhrStreaming, eventSource, xhrPolling, nodes],
  [hold, streamText, streamEvents, webrtc],
  [postSize, webSocketSize],
];

const FULL_PHASES: readonly (readonly CheckSpec[])[] = [...PHASES, [idleWebSocket, idleStream, life]];

/**
 * Examines the way to the server at `url`, the root under which Roomplex is mounted. What does not work is in the
 * report; it rejects only when it was aborted or the URL is none.
 */
export async function examine(
  url: string | URL,
  environment: DoctorEnvironment,
  {
    full = false,
    longestIdleMs = LONGEST_IDLE_MS,
    signal = new AbortController().signal,
  }: ExamineOptions = {},
  onProgress: ProgressListener = () => undefined,
): Promise<Report> {
  const examination = new Examination(
    new Path(serverRoot(url), environment, signal, longestIdleMs),
    full ? FULL_PHASES : PHASES,
    onProgress,
  );
  return await examination.run();
}

class Examination {
  readonly #path: Path;
  readonly #phases: readonly (readonly CheckSpec[])[];
  readonly #onProgress: ProgressListener;
  readonly #checks: Map<string, Check>;

  constructor(path: Path, phases: readonly (readonly CheckSpec[])[], onProgress: ProgressListener) {
    this.#path = path;
    this.#phases = phases;
    this.#onProgress = onProgress;
    this.#checks = new Map(phases.flat().map(({ id, title }) => [id, waiting(id, title)]));
  }

  async run(): Promise<Report> {
    const { base, environment, signal } = this.#path;
    const at = environment.clock.now();
    const startedAt = environment.ticks();
    signal.throwIfAborted();
    this.#onProgress(this.#all(), null);
    const waiting = [...this.#phases];
    for (let phase = waiting.shift(); phase !== undefined; phase = waiting.shift()) {
      // On a long way time goes by without anything under way, so that two phases do not disturb each other.
      const isLong = this.#path.pace.roundTripMs > LONG_MS && this.#path.known.steady !== undefined;
      const beside = isLong && phase.includes(hold) ? (waiting.shift() ?? []) : [];
      await Promise.all([...phase, ...beside].map((spec) => this.#check(spec)));
    }
    const { known } = this.#path;
    const findings = diagnose({ known, url: base, client: environment.client }, environment.rules);
    return {
      format: 'roomplex-doctor',
      version: 1,
      at,
      durationMs: Math.round(environment.ticks() - startedAt),
      url: `${base.origin}${base.pathname}`,
      client: environment.client,
      checks: this.#all(),
      findings,
      advice: advise(known, findings),
    };
  }

  async #check(spec: CheckSpec): Promise<void> {
    if (this.#path.known.reach?.isSockJS === false) {
      this.#change(spec, { status: 'skip', detail: 'The server was not reached.' });
      return;
    }
    const { ticks } = this.#path.environment;
    const startedAt = ticks();
    this.#change(spec, { status: 'running', detail: '' });
    const outcome = await this.#again(spec);
    const durationMs = Math.round(ticks() - startedAt);
    const facts: Facts = 'facts' in outcome ? outcome.facts : {};
    if ('facts' in outcome) this.#path.known = { ...this.#path.known, [spec.id]: outcome.facts };
    this.#change(spec, { status: outcome.status, detail: outcome.detail, facts, durationMs });
  }

  /** Once is chance; and more than once, where requests fail by chance. */
  async #again(spec: CheckSpec): Promise<Outcome<Facts>> {
    const first = await spec.run(this.#path);
    let last = first;
    for (let more = this.#path.isErring ? TRIES_OF_ERRING : 1; more > 0; more--) {
      if (last.status !== 'fail' || spec.isRepeated === false || last.isCertain === true) return last;
      this.#change(spec, { status: 'running', detail: `${last.detail} It is tried again.` });
      last = await spec.run(this.#path);
      if (last.status === 'pass')
        return { ...last, status: 'warn', detail: `${last.detail} Not at the first try: ${first.detail}` };
    }
    return last;
  }

  #change({ id, title }: CheckSpec, change: Partial<Check> & { readonly status: CheckStatus }): void {
    const check = { ...(this.#checks.get(id) ?? waiting(id, title)), ...change };
    this.#checks.set(id, check);
    this.#onProgress(this.#all(), check);
  }

  #all(): readonly Check[] {
    return [...this.#checks.values()];
  }
}

function waiting(id: string, title: string): Check {
  return { id, title, status: 'waiting', durationMs: 0, detail: '', facts: {} };
}
