/** How long a test waits for what must come. Generous: it is only ever used up by a failure. */
const PATIENCE_MS = 8_000;

/** What came in and was not read yet, in order. */
export class Inbox<T> {
  readonly #name: string;
  readonly #items: T[] = [];
  readonly #readers: { take(item: T): void; fail(error: Error): void }[] = [];
  #end: string | undefined;
  #handler: ((item: T) => void) | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    if (this.#handler !== undefined) return this.#handler(item);
    const reader = this.#readers.shift();
    if (reader === undefined) this.#items.push(item);
    else reader.take(item);
  }

  /** Hands everything that came, and whatever comes from now on, to a handler. */
  pipe(handler: (item: T) => void): void {
    this.#handler = handler;
    for (const item of this.#items.splice(0)) handler(item);
  }

  /** Nothing more will come; whoever waits is told why. */
  end(reason: string): void {
    this.#end ??= reason;
    for (const reader of this.#readers.splice(0)) reader.fail(new Error(`${this.#name} ended: ${this.#end}`));
  }

  /** The oldest unread item, or the next one to come, however long that takes if `isPatient`. */
  next(isPatient = false): Promise<T> {
    if (this.#items.length > 0) return Promise.resolve(this.#items.shift() as T);
    if (this.#end !== undefined) return Promise.reject(new Error(`${this.#name} ended: ${this.#end}`));
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#readers.splice(this.#readers.indexOf(reader), 1);
        reject(new Error(`${this.#name}: nothing came within ${PATIENCE_MS} ms`));
      };
      const patience = isPatient ? undefined : setTimeout(giveUp, PATIENCE_MS);
      const reader = {
        take(item: T): void {
          clearTimeout(patience);
          resolve(item);
        },
        fail(error: Error): void {
          clearTimeout(patience);
          reject(error);
        },
      };
      this.#readers.push(reader);
    });
  }
}

/** Waits for a promise as long as {@link Inbox.next} would, so that a failure names what did not happen. */
export async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  let patience: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        patience = setTimeout(() => reject(new Error(`${what}: not within ${PATIENCE_MS} ms`)), PATIENCE_MS);
      }),
    ]);
  } finally {
    clearTimeout(patience);
  }
}
