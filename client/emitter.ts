type Listeners<Events> = { [E in keyof Events]: (...args: never[]) => void };

interface Entry {
  readonly listener: (...args: never[]) => void;
}

/**
 * Calls listeners in the order they came. One that throws harms neither the others nor the caller: its error
 * goes where uncaught errors go.
 */
export class Emitter<Events extends Listeners<Events>> {
  readonly #entries = new Map<keyof Events, Set<Entry>>();
  readonly #report: (error: unknown) => void;

  constructor(report: (error: unknown) => void = reportUncaught) {
    this.#report = report;
  }

  /** Adds a listener; the function returned takes it away. */
  on<E extends keyof Events>(event: E, listener: Events[E]): () => void {
    const entry: Entry = { listener };
    let entries = this.#entries.get(event);
    if (entries === undefined) {
      entries = new Set();
      this.#entries.set(event, entries);
    }
    entries.add(entry);
    return () => void entries.delete(entry);
  }

  emit<E extends keyof Events>(event: E, ...args: Parameters<Events[E]>): void {
    const entries = this.#entries.get(event);
    if (entries === undefined) return;
    // A copy: listeners added meanwhile are not called, and those taken away are not called either.
    for (const entry of Array.from(entries)) {
      if (!entries.has(entry)) continue;
      try {
        (entry.listener as (...args: Parameters<Events[E]>) => void)(...args);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}

function reportUncaught(error: unknown): void {
  if (typeof reportError === 'function') {
    reportError(error);
    return;
  }
  queueMicrotask(() => {
    throw error;
  });
}
