import { HEALTHY_MS } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import { CloseCode, isFinal } from '../../protocol/close-codes.ts';
import type { Line, LineEnd, LineListener } from '../transports/line.ts';
import { Attempt } from './attempt.ts';
import type { Death, Evidence } from './evidence.ts';
import { ProbeTimes } from './probe-times.ts';
import type { Kind, Rung } from './rungs.ts';

/** What the ladder tells; about the line in use alone. */
export interface LadderListener {
  /** This is the line from now on; the one before, if there was one, is being closed. */
  moved(line: Attempt): void;
  /** No rung leads anywhere. */
  failed(end: LineEnd): void;
  /** A sign of life. */
  heard(): void;
  /** A beat was answered. */
  echoed(): void;
  message(text: string): void;
  closed(end: LineEnd): void;
  /** What is known about the transports changed. */
  learned(): void;
}

export interface LadderOptions {
  readonly rungs: readonly Rung[];
  readonly evidence: Evidence;
  readonly clock: Clock;
  /** Opens a line on a rung. */
  readonly open: (rung: Rung, listener: LineListener) => Line;
  /** How long until a better rung is tried again; it doubles with each failure. In ms. */
  readonly reprobeMs: number;
  /** False while nobody looks at the page: better rungs can wait. */
  readonly isAttended: () => boolean;
  /** When the page was last hidden, frozen or offline; ms since 1970. */
  readonly disturbedAt: () => number;
}

/** Nothing that takes longer is worth waiting for. */
const DEADLINE_MS = 60_000;

/** What began before the network healed may never notice: the race is run again after so long. */
const RERUN_MS = 15_000;

/** A head start is a few round trips, never seconds. */
const HEAD_START_TRIPS = 3;
const HEAD_START_MS = { unknown: 200, least: 100, most: 1000 } as const;

/** How long a rung may take to open while a worse one works: the handshake of WebSocket costs nothing. */
const WEBSOCKET_GRACE_MS = 20_000;
const GRACE_MS = 3000;

/** How long our own transports have for themselves. */
const STOCK_MS = 8000;

/** A page that was hidden or offline so shortly before a line was cut may have been the cause. */
const EXCUSE_MS = 2000;

/** Kinds whose attempts each hold one of the few connections that browsers make to a server. */
const STUCK: ReadonlySet<Kind> = new Set<Kind>(['stream', 'poll']);

const UNREACHED: LineEnd = { code: CloseCode.abnormal, reason: 'no transport opened', isClean: false };

/**
 * Finds the best way to the server, and goes on looking for a better one.
 *
 * Rungs race: the next one starts when the one before has failed or used up its head start. The first to open is
 * used at once, and counts as good when a beat was answered; until then the worse ones go on, and if one of them
 * is answered first, it takes over. The better ones go on after that too: a rung that is only slow is not blocked.
 * A better rung takes over when it has proved itself; what was blocked is tried again in the background.
 */
export class Ladder {
  readonly #options: LadderOptions;
  readonly #listener: LadderListener;
  readonly #attempts = new Set<Attempt>();
  readonly #probes: ProbeTimes;
  #current: Attempt | null = null;
  #queue: Rung[] = [];
  /** Kinds that were started since the last dial or probe. */
  readonly #started = new Set<Kind>();
  #lastEnd: LineEnd = UNREACHED;
  #isProbeOverdue = false;
  /** Who did not open while nothing else did: nobody is to blame when nothing works. */
  #misses: (() => void)[] = [];
  #graces = new Map<Attempt, () => void>();
  #cancelHeadStart: () => void = () => undefined;
  #cancelDeadline: () => void = () => undefined;
  #cancelRerun: () => void = () => undefined;
  #cancelLasting: () => void = () => undefined;

  constructor(options: LadderOptions, listener: LadderListener) {
    this.#options = options;
    this.#listener = listener;
    this.#probes = new ProbeTimes(options.clock, options.reprobeMs, () => this.#probe());
  }

  /** When better rungs are tried next, ms since 1970; `null`: they need not be, or are being tried. */
  get nextProbeAt(): number | null {
    return this.#probes.nextAt;
  }

  /** Looks for a line; there is none. */
  dial(): void {
    const { evidence, rungs, clock } = this.#options;
    void this.abandon();
    this.#lastEnd = UNREACHED;
    this.#cancelDeadline = clock.after(DEADLINE_MS, () => {
      this.#fail({ ...UNREACHED, reason: 'no transport opened in time' });
    });
    this.#started.clear();
    this.#queue = evidence.order(rungs);
    this.#startNext();
    this.#scheduleRerun();
  }

  /** Handshakes that only take long go on meanwhile; requests would keep new ones from being made. */
  #scheduleRerun(): void {
    const { evidence, rungs, clock } = this.#options;
    this.#cancelRerun = clock.after(RERUN_MS, () => {
      for (const attempt of this.#attempts) if (STUCK.has(attempt.rung.kind)) this.#drop(attempt);
      const isTried = [...this.#attempts].some(({ rung }) => rung.kind === 'stock');
      this.#started.clear();
      this.#queue = evidence.order(rungs.filter(({ kind }) => kind !== 'stock' || !isTried));
      this.#startNext();
      this.#scheduleRerun();
    });
  }

  /** Gives everything up, the line in use too; nothing more is told of it. Resolves when that is closed. */
  async abandon(): Promise<void> {
    const current = this.#current;
    this.#current = null;
    this.#stop();
    await current?.retire();
  }

  /** The network may be another one: better rungs are tried now. */
  probeSoon(): void {
    this.#probes.reset();
    this.#probe();
  }

  /** The page is looked at again: what was put off is done now. */
  wake(): void {
    if (this.#isProbeOverdue) this.#probe();
  }

  /** A poll may be kept open from now on: so may a stream in its place, if nothing speaks against one. */
  slotGiven(): void {
    const { evidence, isAttended } = this.#options;
    const rung = this.#current?.rung;
    if (rung?.kind !== 'poll' || !isAttended()) return;
    if ([...this.#attempts].some(({ rung: { kind } }) => kind === 'stream')) return;
    this.#seek((other) => other.kind === 'stream' && evidence.standing(other) < evidence.standing(rung));
  }

  /** The line in use was taken for dead. */
  async giveUp(end: LineEnd): Promise<void> {
    const current = this.#current;
    if (current === null) return;
    const retired = current.retire();
    this.#options.evidence.silent();
    this.#lost(current, end, { livedMs: current.livedMs - current.quietMs, quietMs: 0 });
    await retired;
  }

  #probe(): void {
    const current = this.#current;
    if (current === null) return;
    this.#isProbeOverdue = !this.#options.isAttended();
    if (!this.#isProbeOverdue) this.#seek((rung) => this.#isBetter(rung, current.rung));
  }

  /** Looks for something better beside the line in use, and beside what is being tried already. */
  #seek(isWanted: (rung: Rung) => boolean): void {
    if (this.#queue.length > 0) return;
    const { rungs, evidence } = this.#options;
    const underWay = [...this.#attempts].map(({ rung }) => rung);
    this.#started.clear();
    for (const { kind } of underWay) this.#started.add(kind);
    this.#queue = evidence.order(rungs.filter((rung) => isWanted(rung) && !underWay.includes(rung)));
    if (this.#queue.length > 0) this.#startNext();
    else this.#settled();
  }

  #startNext(): void {
    this.#cancelHeadStart();
    const rung = this.#queue.shift();
    if (rung === undefined) {
      this.#settled();
      return;
    }
    const { evidence, clock, open } = this.#options;
    const probation = {
      echoes: rung.kind === 'stream' ? 3 : 1,
      survivalMs: evidence.survivalMs(rung),
    };
    const attempt = new Attempt(rung, open, probation, clock, {
      opened: (opened) => this.#opened(opened),
      echoed: (echoed, ms, isFirst) => this.#echoed(echoed, ms, isFirst),
      proved: (proved) => this.#proved(proved),
      heard: (heard) => {
        if (heard === this.#current) this.#listener.heard();
      },
      message: (heard, text) => {
        if (heard === this.#current) this.#listener.message(text);
      },
      interrupted: (interrupted, quietMs) => {
        if (interrupted === this.#current) evidence.interrupted(quietMs);
      },
      closed: (closed, end) => this.#closed(closed, end),
    });
    this.#attempts.add(attempt);
    this.#started.add(rung.kind);
    if (this.#current?.hasEchoed === true) this.#giveGrace(attempt);
    this.#scheduleNext();
  }

  /**
   * One of each kind runs: what holds one stream back mostly holds back both. `sockjs-client` has to be loaded first,
   * and is for when nothing else opens.
   */
  #scheduleNext(): void {
    const next = this.#queue.findIndex(({ kind }) => !this.#started.has(kind));
    if (next === -1) return;
    const delayMs = this.#queue[next]?.kind === 'stock' ? STOCK_MS : this.#headStartMs();
    this.#cancelHeadStart = this.#options.clock.after(delayMs, () => {
      this.#queue.unshift(...this.#queue.splice(next, 1));
      this.#startNext();
    });
  }

  #headStartMs(): number {
    const { roundTripMs } = this.#options.evidence;
    const { unknown, least, most } = HEAD_START_MS;
    return roundTripMs === null ? unknown : Math.min(Math.max(roundTripMs * HEAD_START_TRIPS, least), most);
  }

  #opened(attempt: Attempt): void {
    for (const blame of this.#misses.splice(0)) blame();
    if (this.#current === null) this.#use(attempt);
  }

  #use(attempt: Attempt): void {
    const { clock, evidence } = this.#options;
    const before = this.#current;
    this.#attempts.delete(attempt);
    this.#cancelGrace(attempt);
    this.#cancelDeadline();
    this.#cancelRerun();
    this.#current = attempt;
    this.#cancelLasting();
    this.#cancelLasting = clock.after(HEALTHY_MS, () => evidence.lasted(attempt.rung));
    this.#listener.moved(attempt);
    void before?.retire();
    // Whoever was told may have closed everything.
    if (this.#current === attempt && attempt.hasEchoed) this.#settleFor(attempt);
  }

  #echoed(attempt: Attempt, roundTripMs: number, isFirst: boolean): void {
    const { evidence } = this.#options;
    const isLaggy = evidence.echoed(attempt.rung, roundTripMs, attempt.lagMs);
    if (attempt === this.#current) {
      this.#listener.echoed();
      if (isFirst) this.#settleFor(attempt);
      if (isLaggy) this.#seek((rung) => evidence.standing(rung) < evidence.standing(attempt.rung));
    } else if (isFirst && this.#current?.hasEchoed === false) {
      this.#challenge(roundTripMs);
    }
    this.#listener.learned();
  }

  /** The line in use has not been answered yet, and another one has: it gets a moment more. */
  #challenge(roundTripMs: number): void {
    const { clock, evidence } = this.#options;
    const current = this.#current;
    clock.after(Math.max(250, 2 * roundTripMs), () => {
      if (current !== this.#current || current?.hasEchoed !== false) return;
      const better = this.#bestOf(({ hasEchoed }) => hasEchoed);
      if (better === undefined) return;
      // Whoever is only second has not been found wanting.
      if (better.rung.rank > current.rung.rank) {
        evidence.failed(current.rung, 'mute', 'it opened, and nothing that was sent was answered');
      }
      this.#use(better);
    });
  }

  /** This one works: the worse ones are not needed, and the better ones get some time yet. */
  #settleFor(attempt: Attempt): void {
    const isBetter = (rung: Rung): boolean => this.#isBetter(rung, attempt.rung);
    this.#queue = this.#queue.filter(isBetter);
    this.#cancelHeadStart();
    if (this.#queue.length > 0) this.#scheduleNext();
    for (const other of this.#attempts) {
      if (!isBetter(other.rung)) this.#drop(other);
      else if (other.isProven) this.#proved(other);
      else this.#giveGrace(other);
    }
    this.#settled();
  }

  #isBetter(rung: Rung, than: Rung): boolean {
    const { evidence } = this.#options;
    return rung.rank < than.rank || evidence.standing(rung) < evidence.standing(than);
  }

  #giveGrace(attempt: Attempt): void {
    if (this.#graces.has(attempt)) return;
    const { clock, evidence } = this.#options;
    const { rung, probation } = attempt;
    const current = this.#current;
    const took = current === null ? 0 : (current.openedAt ?? current.startedAt) - current.startedAt;
    const toOpen = rung.kind === 'websocket' ? WEBSOCKET_GRACE_MS : Math.max(GRACE_MS, 4 * took);
    const toProve = probation.survivalMs + probation.echoes * 2 * (evidence.roundTripMs ?? 0);
    const cancel = clock.after(toOpen + toProve, () => {
      evidence.failed(rung, 'mute', `nothing arrived in ${Math.round(toOpen / 1000)} s`);
      this.#drop(attempt);
      this.#goOn();
    });
    this.#graces.set(attempt, cancel);
  }

  #proved(attempt: Attempt): void {
    const current = this.#current;
    if (attempt === current || current === null || !current.hasEchoed) return;
    const { evidence } = this.#options;
    if (
      evidence.standing(attempt.rung) < evidence.standing(current.rung) ||
      evidence.isDoubted(attempt.rung)
    ) {
      evidence.lasted(attempt.rung);
      this.#probes.reset();
      this.#use(attempt);
    } else {
      this.#drop(attempt);
      this.#goOn();
    }
  }

  #closed(attempt: Attempt, end: LineEnd): void {
    if (attempt === this.#current) {
      this.#lost(attempt, end, attempt);
      return;
    }
    this.#drop(attempt);
    // That a script could not be loaded says less than what happened to our own transports.
    if (attempt.rung.kind !== 'stock' || this.#lastEnd === UNREACHED) this.#lastEnd = end;
    if (end.isClean && isFinal(end.code)) {
      this.#fail(end);
      return;
    }
    if (!end.isClean) this.#blame(attempt, end);
    this.#goOn();
  }

  /** Something else works: so it is this one that does not. */
  #blame({ rung, startedAt, openedAt, livedMs, quietMs }: Attempt, { reason }: LineEnd): void {
    const { evidence, disturbedAt } = this.#options;
    if (disturbedAt() >= startedAt) return;
    const blame = (): void => {
      if (openedAt === null) evidence.failed(rung, 'failed', reason === '' ? 'it was refused' : reason);
      else evidence.died(rung, { livedMs, quietMs, isExcused: false });
    };
    if (this.#current === null) this.#misses.push(blame);
    else {
      blame();
      this.#listener.learned();
    }
  }

  #lost(attempt: Attempt, end: LineEnd, { livedMs, quietMs }: Omit<Death, 'isExcused'>): void {
    const { evidence, disturbedAt, clock } = this.#options;
    const standby = end.isClean ? undefined : this.#bestOf(({ openedAt }) => openedAt !== null);
    this.#current = null;
    if (standby === undefined) this.#stop();
    if (!end.isClean && !attempt.hasEchoed && attempt.rung.kind !== 'stock') {
      evidence.failed(attempt.rung, 'mute', end.reason === '' ? 'it was cut at once' : end.reason);
    } else if (!end.isClean) {
      const isExcused = clock.now() - disturbedAt() < Math.min(livedMs, HEALTHY_MS) + EXCUSE_MS;
      evidence.died(attempt.rung, { livedMs, quietMs, isExcused });
    }
    if (standby === undefined) this.#listener.closed(end);
    else this.#use(standby);
  }

  /** The best of the attempts that are beside the line in use, and are like this. */
  #bestOf(isWanted: (attempt: Attempt) => boolean): Attempt | undefined {
    const { evidence } = this.#options;
    const wanted = [...this.#attempts].filter(isWanted);
    return wanted.toSorted((a, b) => evidence.standing(a.rung) - evidence.standing(b.rung))[0];
  }

  /** An attempt came to nothing. */
  #goOn(): void {
    if (this.#queue.length > 0) this.#startNext();
    else if (this.#attempts.size > 0) return;
    else if (this.#current === null) this.#fail(this.#lastEnd);
    else this.#settled();
  }

  /** Nothing is under way: when to look again? */
  #settled(): void {
    const current = this.#current;
    if (current === null || this.#attempts.size > 0 || this.#queue.length > 0) return;
    if (this.#options.rungs.some((rung) => this.#isBetter(rung, current.rung))) this.#probes.again();
    else this.#probes.stop();
    this.#listener.learned();
  }

  #fail(end: LineEnd): void {
    this.#stop();
    this.#options.evidence.forgive();
    this.#listener.failed(end);
  }

  #drop(attempt: Attempt): void {
    this.#attempts.delete(attempt);
    this.#cancelGrace(attempt);
    void attempt.retire();
  }

  #cancelGrace(attempt: Attempt): void {
    this.#graces.get(attempt)?.();
    this.#graces.delete(attempt);
  }

  #stop(): void {
    this.#cancelHeadStart();
    this.#cancelDeadline();
    this.#cancelRerun();
    this.#cancelLasting();
    this.#probes.stop();
    this.#queue = [];
    this.#misses = [];
    for (const attempt of this.#attempts) this.#drop(attempt);
  }
}
