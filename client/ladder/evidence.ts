import { HEALTHY_MS } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import type { PostLimit } from '../transports/line.ts';
import { LAG_MS } from './lag-meter.ts';
import type { Deaths, Memory, TransportRecord } from './memory.ts';
import type { Kind, Rung } from './rungs.ts';
import type { Advice, Verdict } from './verdict.ts';

/** How long a verdict against a transport stands. Networks change. */
const FRESH_MS = 600_000;

/** How long a cut of idle connections is minded. */
const CUT_FRESH_MS = 3_600_000;

/** So many points, and a kind of transport counts as one that dies young. */
const DOUBT_POINTS = 2;

/** A death so soon is two points at once: nothing but a middlebox does that. */
const INFANT_MS = 1000;

/** Whoever is doubted has to live at least so long, beating. */
const LEAST_SURVIVAL_MS = 3000;

/** A cut after less quiet than this is no matter of quiet. */
const QUIET_MS = 500;

const SHORTEST_HEARTBEAT_MS = 250;
const LARGEST_POST = 65_536;

/** How a line ended that had been in use. */
export interface Death {
  readonly livedMs: number;
  /** How long nothing had moved on it, in either direction. */
  readonly quietMs: number;
  /** The page was hidden, frozen or offline around then, so the transport is not to blame. */
  readonly isExcused: boolean;
}

/** What is known about the transports on the way to one server, from what happened on it and nothing else. */
export class Evidence {
  /** What one POST may carry here; lines write to it. */
  readonly postLimit: PostLimit;
  readonly #clock: Clock;
  readonly #memory: Memory;
  readonly #records = new Map<string, TransportRecord>();
  readonly #deaths = new Map<string, Deaths>();
  readonly #advice: Advice | null;
  #network: string | null;
  #roundTripMs: number | null;
  #idleCut: { readonly ms: number; readonly at: number } | null;
  /** Before the latest cut. */
  #lastQuietMs: number | null = null;
  #silences = 0;

  constructor(memory: Memory, clock: Clock) {
    this.#memory = memory;
    this.#clock = clock;
    const known = memory.read();
    for (const [name, record] of known?.transports ?? []) this.#records.set(name, record);
    for (const [kind, deaths] of known?.deaths ?? []) this.#deaths.set(kind, deaths);
    this.#network = known?.network ?? null;
    this.#roundTripMs = known?.roundTripMs ?? null;
    this.#idleCut = known?.idleCut ?? null;
    this.#advice = known?.advice ?? null;
    this.postLimit = { bytes: this.#advice?.postLimitBytes ?? known?.postLimit ?? LARGEST_POST };
  }

  /** Of an echo, in ms; `null`: not measured yet. */
  get roundTripMs(): number | null {
    return this.#roundTripMs;
  }

  /** Something speaks against a transport, so it matters which network this is. */
  get hasComplaints(): boolean {
    return [...this.#records.keys()].some((name) => this.record(name)?.verdict !== 'good');
  }

  /** What was found out about a transport and still counts. */
  record(name: string): TransportRecord | undefined {
    const record = this.#records.get(name);
    return record === undefined || this.#isStale(record.at, FRESH_MS) ? undefined : record;
  }

  /** Those to try first come first. */
  order(rungs: readonly Rung[]): Rung[] {
    return rungs.toSorted((a, b) => this.standing(a) - this.standing(b));
  }

  /** The lower the better: what speaks against a transport weighs more than what it would be worth. */
  standing(rung: Rung): number {
    return this.#complaint(rung) * 100 + (this.#advisedRank(rung) ?? rung.rank);
  }

  /** It is of a kind that opens and then dies young. */
  isDoubted({ kind }: Rung): boolean {
    const deaths = this.#deaths.get(kind);
    return deaths !== undefined && deaths.points >= DOUBT_POINTS && !this.#isStale(deaths.at, FRESH_MS);
  }

  /** How long it has to live before it is trusted again, in ms: longer than it did, where it is doubted. */
  survivalMs(rung: Rung): number {
    const livedMs = this.#deaths.get(rung.kind)?.livedMs ?? 0;
    return this.isDoubted(rung) ? Math.min(Math.max(livedMs * 3, LEAST_SURVIVAL_MS), HEALTHY_MS) : 0;
  }

  /**
   * An echo came back. `lagMs`: by how much what is streamed arrives later than need be, at its best; `null` where
   * nothing is streamed or that is not known yet. True when that is news, and too much.
   */
  echoed(rung: Rung, roundTripMs: number, lagMs: number | null): boolean {
    const known = this.#roundTripMs;
    this.#roundTripMs = Math.round(known === null ? roundTripMs : known * 0.7 + roundTripMs * 0.3);
    const isLaggy = lagMs !== null && lagMs > LAG_MS;
    const verdict = isLaggy ? 'laggy' : 'good';
    const before = this.record(rung.name)?.verdict;
    // Until it is known better, what was laggy before still is.
    if (before === verdict || (before === 'laggy' && rung.kind === 'stream' && lagMs === null)) return false;
    const reason = isLaggy ? `what is streamed arrives ${Math.round(lagMs)} ms late` : 'it works';
    this.#judge(rung, verdict, reason);
    return isLaggy;
  }

  /** It did not open, or nothing passes. */
  failed(rung: Rung, verdict: 'failed' | 'mute', reason: string): void {
    this.#judge(rung, verdict, reason);
  }

  /** A line that was in use is gone, and nobody had said goodbye. */
  died(rung: Rung, { livedMs, quietMs, isExcused }: Death): void {
    const now = this.#clock.now();
    if (livedMs > quietMs) this.#cutAfter(quietMs);
    if (!isExcused && livedMs < HEALTHY_MS) {
      const before = this.#isDoubtStale(rung.kind) ? 0 : (this.#deaths.get(rung.kind)?.points ?? 0);
      const points = before + (livedMs < INFANT_MS ? DOUBT_POINTS : 1);
      this.#deaths.set(rung.kind, { points, livedMs, at: now });
      const seconds = livedMs < INFANT_MS ? `${livedMs} ms` : `${Math.round(livedMs / 1000)} s`;
      if (points >= DOUBT_POINTS) this.#judge(rung, 'cut', `it was cut after ${seconds}`);
    }
    this.#save();
  }

  /** Something was cut after so much quiet that the line survived. */
  interrupted(quietMs: number): void {
    this.#cutAfter(quietMs);
    this.#save();
  }

  /** It went silent without a word. Each time patience doubles: a slow line must not be cut again and again. */
  silent(): void {
    this.#silences = Math.min(this.#silences + 1, 3);
  }

  /** It has held for long enough to speak for its kind. */
  lasted({ kind }: Rung): void {
    this.#silences = 0;
    if (this.#deaths.delete(kind)) this.#save();
  }

  /** How long an unanswered beat may take, in ms. */
  patienceMs(heartbeatMs: number): number {
    return Math.max(heartbeatMs, Math.min(4 * (this.#roundTripMs ?? 0), 20_000)) * 2 ** this.#silences;
  }

  /** As often as a line needs it to live here, and at least as often as asked; in ms. */
  heartbeatMs(atMost: number): number {
    const advised = this.#advice?.heartbeatMs ?? Infinity;
    const needed = Math.max(SHORTEST_HEARTBEAT_MS, Math.floor(this.#cutMs() * 0.45));
    return Math.min(atMost, advised, needed);
  }

  /** What the server calls the network this is. True when it is another one than before, and all is forgotten. */
  isAt(network: string): boolean {
    const isOther = this.#network !== null && this.#network !== network;
    this.#network = network;
    if (isOther) this.#forget();
    this.#save();
    return isOther;
  }

  /** Nothing works, so no transport is to blame; or the network may be another one. */
  forgive(): void {
    this.#forget();
    this.#save();
  }

  #forget(): void {
    for (const [name, { verdict }] of this.#records) if (verdict !== 'good') this.#records.delete(name);
    this.#deaths.clear();
    this.postLimit.bytes = this.#advice?.postLimitBytes ?? LARGEST_POST;
    this.#silences = 0;
  }

  #complaint(rung: Rung): number {
    // Frames and scripts fare no better than what our own transports do, and take longer to find that out.
    if (rung.kind === 'stock') return 2;
    if (this.isDoubted(rung)) return 2;
    const verdict = this.record(rung.name)?.verdict;
    if (verdict === 'failed' || verdict === 'mute' || verdict === 'cut') return 2;
    if (verdict === 'laggy') return 1;
    return verdict === 'good' || this.#advice === null || this.#advisedRank(rung) !== null ? 0 : 2;
  }

  /** The place that the doctor gave it; `null`: none, or it is known better since. */
  #advisedRank({ name }: Rung): number | null {
    if (this.#advice === null || this.record(name) !== undefined) return null;
    const rank = this.#advice.transports.indexOf(name);
    return rank === -1 ? null : rank;
  }

  #judge(rung: Rung, verdict: Verdict, reason: string): void {
    this.#records.set(rung.name, { verdict, reason, at: this.#clock.now() });
    this.#save();
  }

  /** Two cuts after as much quiet are a rule; one alone is chance, and a cut after far less refutes the rule. */
  #cutAfter(quietMs: number): void {
    if (quietMs < QUIET_MS) return;
    const last = this.#lastQuietMs;
    this.#lastQuietMs = quietMs;
    const isAlike = last !== null && Math.abs(quietMs - last) <= Math.max(quietMs, last) * 0.2;
    if (isAlike) this.#idleCut = { ms: Math.min(quietMs, last), at: this.#clock.now() };
    else if (quietMs < this.#cutMs() * 0.6) this.#idleCut = null;
  }

  #cutMs(): number {
    const cut = this.#idleCut;
    return cut === null || this.#isStale(cut.at, CUT_FRESH_MS) ? Infinity : cut.ms;
  }

  #isDoubtStale(kind: Kind): boolean {
    return this.#isStale(this.#deaths.get(kind)?.at ?? -Infinity, FRESH_MS);
  }

  /** What lies in the future was written by a clock that has been set back. */
  #isStale(at: number, ms: number): boolean {
    const age = this.#clock.now() - at;
    return age > ms || age < -ms;
  }

  #save(): void {
    this.#memory.write({
      network: this.#network,
      transports: [...this.#records],
      deaths: [...this.#deaths],
      roundTripMs: this.#roundTripMs,
      idleCut: this.#idleCut,
      postLimit: this.postLimit.bytes,
    });
  }
}
