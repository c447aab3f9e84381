import { type Answer, isPassing } from './answer.ts';
import type { DoctorEnvironment } from './environment.ts';
import type { Known } from './facts.ts';
import { Pace } from './pace.ts';

/** So often a request is made again that was answered with what may pass. */
const MORE_TRIES = 3;

const REDIRECTS = [301, 302, 303, 307, 308];

/** The way to one server, with what is known of it; checks walk it. */
export class Path {
  /** Ends in a slash. */
  readonly base: URL;
  readonly environment: DoctorEnvironment;
  readonly pace = new Pace();
  /** Fires when the examination is to end. */
  readonly signal: AbortSignal;
  /** The longest quiet that is tried, ms. */
  readonly longestIdleMs: number;
  /** What the checks before have found out. */
  known: Known = {};
  #pings = 0;
  /** The server is an older one, or another: what every SockJS server has must do. */
  #isMirrorless = false;

  constructor(base: URL, environment: DoctorEnvironment, signal: AbortSignal, longestIdleMs: number) {
    this.base = base;
    this.environment = environment;
    this.signal = signal;
    this.longestIdleMs = longestIdleMs;
  }

  /** Requests are answered with errors now and then: what fails may pass the next time. */
  get isErring(): boolean {
    return Object.keys(this.known.steady?.errors ?? {}).length > 0;
  }

  /** Something below the server's root. */
  at(path: string, query: Readonly<Record<string, string | number>> = {}): URL {
    const url = new URL(path, this.base);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    return url;
  }

  /**
   * Asks, and waits for all of the answer; asks again where it may pass the next time. Redirects are not followed.
   * Rejects only when the examination is to end.
   */
  async ask(url: URL, init: RequestInit = {}, patienceMs = this.pace.patience(4000, 4)): Promise<Answer> {
    for (let tries = 0; ; tries++) {
      const answer = await this.#askOnce(url, init, patienceMs);
      if (!isPassing(answer.status) || tries === MORE_TRIES) return answer;
    }
  }

  async #askOnce(url: URL, init: RequestInit, patienceMs: number): Promise<Answer> {
    const { clock, fetch, ticks } = this.environment;
    const patience = new AbortController();
    const cancel = clock.after(patienceMs, () => {
      patience.abort(new Error('nothing came in time'));
    });
    const sentAt = ticks();
    try {
      const response = await fetch(url, {
        cache: 'no-store',
        redirect: 'manual',
        ...init,
        signal: AbortSignal.any([this.signal, patience.signal]),
      });
      const text = await response.text();
      const type = (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
      const { headers } = response;
      // Pages are told that there is a redirect, and no more.
      const isHidden = response.type === 'opaqueredirect';
      const status = isHidden ? null : response.status;
      const isRedirect = isHidden || REDIRECTS.includes(response.status);
      const ms = ticks() - sentAt;
      return { status, isRedirect, failure: null, code: null, ms, text, type, headers, sentAt };
    } catch (error) {
      this.signal.throwIfAborted();
      const failure = patience.signal.aborted ? 'timeout' : 'broken';
      const ms = ticks() - sentAt;
      const code = failure === 'timeout' ? null : codeOf(error);
      const nothing = { status: null, isRedirect: false, text: '', type: '', headers: new Headers() };
      return { ...nothing, failure, code, ms, sentAt };
    } finally {
      cancel();
    }
  }

  /** A small request whose answer nobody can have kept; asked once, whatever comes of it. */
  async ping(patienceMs = this.pace.patience(4000, 4)): Promise<Answer> {
    const name = this.#isMirrorless ? 'echo/info' : 'doctor/mirror';
    const t = `${++this.#pings}-${Math.round(this.environment.ticks())}`;
    const answer = await this.#askOnce(this.at(name, { t }), {}, patienceMs);
    if (answer.status === 404 || answer.status === 403) this.#isMirrorless = true;
    return answer;
  }

  /** Resolves after so many ms, or when `enough` fires; rejects when the examination is to end. */
  pause(ms: number, enough?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const over = new AbortController();
      const finish = (settle: () => void): void => {
        cancel();
        over.abort();
        settle();
      };
      const stop = (): void => {
        finish(() => {
          reject(this.signal.reason as Error);
        });
      };
      const cancel = this.environment.clock.after(ms, () => {
        finish(resolve);
      });
      const { signal } = over;
      enough?.addEventListener(
        'abort',
        () => {
          finish(resolve);
        },
        { signal },
      );
      this.signal.addEventListener('abort', stop, { signal });
      if (this.signal.aborted) stop();
    });
  }
}

/** Of an error or of what caused it; never its words, which tell addresses. */
function codeOf(error: unknown): string | null {
  const { cause, code } = error as { readonly cause?: unknown; readonly code?: unknown };
  if (typeof code === 'string') return code;
  return typeof cause === 'object' && cause !== null ? codeOf(cause) : null;
}
