import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Renders its host once a second, for ages and countdowns; only while `isNeeded` says so. */
export class TickController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #isNeeded: () => boolean;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(host: ReactiveControllerHost, isNeeded: () => boolean = () => true) {
    this.#host = host;
    this.#isNeeded = isNeeded;
    host.addController(this);
  }

  hostConnected(): void {
    this.#timer = setInterval(() => {
      if (this.#isNeeded()) this.#host.requestUpdate();
    }, 1_000);
  }

  hostDisconnected(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }
}
