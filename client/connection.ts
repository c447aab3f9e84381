import { CloseCode, isFinal, mayReconnect } from '../protocol/close-codes.ts';
import { Backoff, HEALTHY_MS } from './backoff.ts';
import type { Environment } from './environment.ts';
import { RoomplexError } from './errors.ts';
import type { Attempt } from './ladder/attempt.ts';
import { Evidence } from './ladder/evidence.ts';
import { findingsOf } from './ladder/findings.ts';
import { Ladder } from './ladder/ladder.ts';
import { Memory } from './ladder/memory.ts';
import { askNetworkName } from './ladder/network-name.ts';
import { rungsOf, type Rung } from './ladder/rungs.ts';
import { LongestText } from './longest-text.ts';
import { Pulse } from './pulse.ts';
import type { Slots } from './slots/slots.ts';
import type { LineEnd, LineRequest } from './transports/line.ts';
import { openLine, type LineEnvironment } from './transports/open-line.ts';
import type { ClientState, RetryInfo, TransportFinding, TransportName } from './types.ts';

/** What a connection tells its client. State and transport are up to date when it calls. */
export interface ConnectionListener {
  /** {@link Connection.state} changed. */
  changed(): void;
  /** It stays open, on another line: sessions have to begin anew. */
  moved(): void;
  message(text: string): void;
  /** The server closes the connection because of a message as long as this, the longest that it was sent. */
  refusedUnread(text: string): void;
  /** Something the application may want to tell. */
  failed(error: RoomplexError): void;
  /** {@link Connection.findings} changed. */
  learned(): void;
}

export interface ConnectionOptions {
  /** Absolute, with the query that every request gets. */
  readonly url: URL;
  readonly transports: readonly TransportName[];
  /** How long the line may be silent before the server is asked for a sign of life; 0: as long as it likes. */
  readonly heartbeatMs: number;
  /** How long until better transports are tried again, at first. */
  readonly reprobeMs: number;
}

/** More waiting to leave than this, and sending is refused. */
const BACKLOG_LIMIT = 16 * 1024 * 1024;

/** A try to connect that takes longer is begun anew when there is reason to think that the network is back. */
const STALE_TRY_MS = 3000;

/** A line that was answered and lived this long: where lines are cut often, waiting longer each time is no cure. */
const USEFUL_MS = 1000;

/** How often the server is asked to give signs of life by itself: hidden pages cannot ask for them in time. */
const SERVER_HEARTBEAT_MS = 15_000;

/** The same where the client cannot ask at all. */
const STOCK_HEARTBEAT_MS = 4000;

/** A line that cannot be asked is dead after so many heartbeats of the server. */
const SILENT_HEARTBEATS = 2.5;

type State =
  | { readonly type: 'connecting'; readonly since: number }
  | {
      readonly type: 'open';
      readonly line: Attempt;
      readonly pulse: Pulse;
      readonly longest: LongestText;
    }
  | { readonly type: 'waiting'; readonly retry: RetryInfo; readonly cancel: () => void }
  | { readonly type: 'closed'; readonly error: RoomplexError };

/** The one connection to the server, over whichever line works best: found, watched, and found again. */
export class Connection {
  readonly #environment: Environment;
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #backoff: Backoff;
  readonly #rungs: readonly Rung[];
  readonly #evidence: Evidence;
  readonly #ladder: Ladder;
  readonly #stopListeningForWake: () => void;
  #hasAskedNetwork = false;
  #state: State;

  constructor(environment: Environment, options: ConnectionOptions, listener: ConnectionListener) {
    const { clock, random } = environment;
    const lineEnvironment: LineEnvironment = { ...environment, slots: (url) => this.#watchSlots(url) };
    this.#environment = environment;
    this.#options = options;
    this.#listener = listener;
    this.#backoff = new Backoff(random, clock);
    this.#rungs = rungsOf(options.transports);
    this.#evidence = new Evidence(
      new Memory(environment.storage(), options.url, environment.networkKind()),
      clock,
    );
    this.#ladder = new Ladder(
      {
        rungs: this.#rungs,
        evidence: this.#evidence,
        clock,
        reprobeMs: options.reprobeMs,
        isAttended: () => environment.isAttended(),
        disturbedAt: () => environment.disturbedAt(),
        open: (rung, lineListener) => {
          const heartbeatMs = (): number => this.#serverHeartbeatMs(rung);
          const request: LineRequest = {
            url: options.url,
            get heartbeatMs() {
              return heartbeatMs();
            },
            postLimit: this.#evidence.postLimit,
          };
          return openLine(rung.way, request, lineEnvironment, lineListener);
        },
      },
      {
        moved: (line) => this.#moved(line),
        failed: (end) => {
          this.#again(end, new RoomplexError('unreachable', describe('the server cannot be reached', end)));
        },
        heard: () => {
          if (this.#state.type === 'open') this.#state.pulse.heard();
        },
        echoed: () => this.#echoed(),
        message: (text) => {
          if (this.#state.type !== 'open') return;
          this.#state.pulse.heard();
          this.#listener.message(text);
        },
        closed: (end) => this.#lost(end),
        learned: () => this.#listener.learned(),
      },
    );
    this.#stopListeningForWake = environment.onWake((isOtherNetwork) => this.#wake(isOtherNetwork));
    this.#state = { type: 'connecting', since: clock.now() };
    this.#ladder.dial();
  }

  get state(): ClientState {
    return this.#state.type;
  }

  get transport(): TransportName | null {
    return this.#state.type === 'open' ? this.#state.line.transport : null;
  }

  get retry(): RetryInfo | null {
    return this.#state.type === 'waiting' ? this.#state.retry : null;
  }

  /** What is known about each transport, best first. */
  get findings(): readonly TransportFinding[] {
    const isBrief = this.#state.type === 'open' && this.#state.line.line.isBrief;
    return findingsOf(this.#rungs, this.#evidence, this.transport, isBrief, this.#ladder.nextProbeAt);
  }

  /** Why it is closed. */
  get error(): RoomplexError | null {
    return this.#state.type === 'closed' ? this.#state.error : null;
  }

  /** True when the network takes less than is sent, and more would only fill memory. */
  get isCongested(): boolean {
    return this.#state.type === 'open' && this.#state.line.line.backlog > BACKLOG_LIMIT;
  }

  /** Does nothing unless it is open. */
  send(text: string): void {
    if (this.#state.type !== 'open') return;
    this.#state.longest.add(text);
    this.#state.pulse.sends(text.length);
    this.#state.line.send(text);
  }

  /** Nothing answers for so long: if nothing else was heard either, though there must have been, the line is lost. */
  doubt(ms: number): void {
    const { heartbeatMs } = this.#options;
    if (this.#state.type === 'open' && heartbeatMs > 0 && heartbeatMs < ms) this.#state.pulse.doubt(ms);
  }

  /** Ends the wait, if there is one; and has another look at better transports. */
  reconnect(): void {
    this.#evidence.forgive();
    if (this.#state.type === 'open') this.#ladder.probeSoon();
    else this.#tryNow();
  }

  async close(): Promise<void> {
    const state = this.#state;
    if (state.type === 'closed') return;
    this.#enterClosed(new RoomplexError('closed', 'the client was closed'));
    if (state.type === 'waiting') state.cancel();
    if (state.type === 'open') state.pulse.stop();
    await this.#ladder.abandon();
  }

  #tryNow(): void {
    const state = this.#state;
    if (state.type === 'waiting') {
      state.cancel();
      this.#connect();
    } else if (state.type === 'connecting' && this.#environment.clock.now() - state.since > STALE_TRY_MS) {
      // A try that began when there was no network may go on for long without noticing that there is one.
      this.#dial();
    }
  }

  /** What a slot means to a line, it finds out itself; it may also mean another line. */
  #watchSlots(url: URL): Slots {
    const slots = this.#environment.slots(url);
    return {
      isAttended: () => slots.isAttended(),
      ask: (isForStream, changed, gone) => {
        const turned = (): void => {
          changed();
          if (
            !isForStream &&
            slot.isHeld === true &&
            this.#state.type === 'open' &&
            !this.#state.line.line.isBrief
          ) {
            this.#ladder.slotGiven();
          }
          this.#listener.learned();
        };
        const slot = slots.ask(isForStream, turned, gone);
        return slot;
      },
    };
  }

  #connect(): void {
    this.#dial();
    if (this.#state.type === 'connecting') this.#listener.changed();
  }

  #dial(): void {
    this.#state = { type: 'connecting', since: this.#environment.clock.now() };
    this.#ladder.dial();
  }

  #serverHeartbeatMs({ kind }: Rung): number {
    const { heartbeatMs } = this.#options;
    if (heartbeatMs === 0) return 0;
    return this.#evidence.heartbeatMs(kind === 'stock' ? STOCK_HEARTBEAT_MS : SERVER_HEARTBEAT_MS);
  }

  #moved(line: Attempt): void {
    const state = this.#state;
    const hasEchoed = line.firstEchoMs !== null;
    this.#state = {
      type: 'open',
      line,
      pulse: this.#startPulse(line, hasEchoed),
      longest: new LongestText(),
    };
    if (state.type === 'open') {
      state.pulse.stop();
      this.#listener.moved();
    } else this.#listener.changed();
  }

  #startPulse(line: Attempt, hasEchoed: boolean): Pulse {
    const { heartbeatMs } = this.#options;
    const beatMs = this.#evidence.heartbeatMs(heartbeatMs);
    const times = {
      beatMs,
      patienceMs: this.#evidence.patienceMs(heartbeatMs),
      silenceMs: heartbeatMs === 0 ? Infinity : this.#serverHeartbeatMs(line.rung) * SILENT_HEARTBEATS,
    };
    const canBeat = line.line.canBeat && heartbeatMs > 0;
    return new Pulse(this.#environment.clock, times, canBeat ? (hasEchoed ? 'answered' : 'sent') : 'never', {
      beat: () => line.beat(),
      dead: (reason) => void this.#ladder.giveUp({ code: CloseCode.abnormal, reason, isClean: false }),
    });
  }

  #echoed(): void {
    const state = this.#state;
    if (state.type !== 'open') return;
    state.pulse.answered();
    if (this.#hasAskedNetwork || !this.#evidence.hasComplaints) return;
    this.#hasAskedNetwork = true;
    void askNetworkName(this.#environment.fetch, this.#options.url).then((name) => {
      if (name !== null && this.#evidence.isAt(name)) this.#ladder.probeSoon();
    });
  }

  #lost(end: LineEnd): void {
    const state = this.#state;
    if (state.type !== 'open') return;
    const { line, pulse, longest } = state;
    pulse.stop();
    if (end.code === CloseCode.tooBig && longest.text !== null) this.#listener.refusedUnread(longest.text);
    // Whoever was told of it may have closed the client.
    if (this.#state !== state) return;
    this.#backoff.lived(line.livedMs, line.firstEchoMs === null ? HEALTHY_MS : USEFUL_MS);
    this.#again(end, null);
    if (end.isClean || line.hasEchoed) return;
    const what = describe(`${line.transport} opened, and nothing passed`, end);
    this.#listener.failed(new RoomplexError('unreachable', what));
  }

  #again(end: LineEnd, error: RoomplexError | null): void {
    // Before a line is open only the server's plain word counts; a network may fail in any way.
    if (end.isClean && (error === null ? !mayReconnect(end.code) : isFinal(end.code))) {
      const refusal = new RoomplexError('refused', describe('the server ended the connection', end));
      this.#enterClosed(refusal);
      this.#listener.failed(refusal);
      return;
    }
    const { clock } = this.#environment;
    const { attempt, delayMs } = this.#backoff.next();
    const cancel = clock.after(delayMs, () => {
      this.#connect();
    });
    this.#state = { type: 'waiting', retry: { attempt, at: clock.now() + delayMs }, cancel };
    this.#listener.changed();
    if (error !== null) this.#listener.failed(error);
  }

  #wake(isOtherNetwork: boolean): void {
    if (isOtherNetwork) {
      this.#hasAskedNetwork = false;
      this.#evidence.forgive();
    }
    if (this.#state.type !== 'open') this.#tryNow();
    else {
      this.#state.pulse.wake();
      if (isOtherNetwork) this.#ladder.probeSoon();
      else this.#ladder.wake();
    }
  }

  #enterClosed(error: RoomplexError): void {
    this.#stopListeningForWake();
    this.#state = { type: 'closed', error };
    this.#listener.changed();
  }
}

function describe(what: string, end: LineEnd): string {
  return end.reason === '' ? `${what}: code ${end.code}` : `${what}: ${end.reason}, code ${end.code}`;
}
