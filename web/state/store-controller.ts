import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Store } from './store.ts';

/** Renders its host again whenever a store changes; the one way elements listen to stores. */
export class StoreController<S extends Store> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #find: () => S | null | undefined;
  #store: S | null = null;
  #release: (() => void) | null = null;

  /** `find` is asked before every render, because a property may hand in another store. */
  constructor(host: ReactiveControllerHost, find: () => S | null | undefined) {
    this.#host = host;
    this.#find = find;
    host.addController(this);
  }

  hostConnected(): void {
    this.#follow();
  }

  hostUpdate(): void {
    this.#follow();
  }

  hostDisconnected(): void {
    this.#release?.();
    this.#release = null;
    this.#store = null;
  }

  #follow(): void {
    const store = this.#find() ?? null;
    if (store === this.#store) return;
    this.#release?.();
    this.#store = store;
    this.#release = store?.subscribe(() => this.#host.requestUpdate()) ?? null;
  }
}
