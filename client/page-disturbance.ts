import type { Clock } from './clock.ts';

/**
 * Remembers when the page was last hidden, frozen or offline: what is lost around then was not the transport's
 * fault. Without a page, as in a worker, it is `online` and `offline` alone.
 */
export class PageDisturbance {
  readonly #clock: Clock;
  #endedAt = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
    const note = (): void => {
      this.#endedAt = clock.now();
    };
    for (const event of ['online', 'offline', 'pagehide']) globalThis.addEventListener(event, note);
    // It is told of every page that has been loaded, too.
    globalThis.addEventListener('pageshow', (event) => {
      if (event.persisted) note();
    });
    if (typeof document === 'undefined') return;
    for (const event of ['visibilitychange', 'freeze', 'resume']) document.addEventListener(event, note);
  }

  /** ms since 1970: now, while it lasts; `-Infinity`: never. */
  get lastAt(): number {
    return this.isAttended && globalThis.navigator.onLine ? this.#endedAt : this.#clock.now();
  }

  /** Somebody may be looking. */
  get isAttended(): boolean {
    return typeof document === 'undefined' || document.visibilityState === 'visible';
  }
}
