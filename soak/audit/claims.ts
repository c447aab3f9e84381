import type { Position } from '../../protocol/rooms.ts';

/** What a writer was told of its message. */
export type Outcome =
  | { readonly type: 'accepted'; readonly position: Position }
  | { readonly type: 'refused'; readonly code: string }
  /** That nobody can tell. */
  | { readonly type: 'unknown' };

/** What all writers of one room wanted to say, each message under an id of its own, and what they were told of it. */
export class Claims {
  readonly #outcomes = new Map<string, Outcome | undefined>();
  readonly #contradictions: string[] = [];
  #onAccepted: (() => void) | undefined;

  /** What was answered in two ways. */
  get contradictions(): readonly string[] {
    return this.#contradictions;
  }

  /** A writer is about to send it. */
  sent(id: string): void {
    if (this.#outcomes.has(id)) throw new Error(`${id} was sent before`);
    this.#outcomes.set(id, undefined);
  }

  settled(id: string, outcome: Outcome): void {
    if (!this.#outcomes.has(id)) throw new Error(`${id} was never sent`);
    const before = this.#outcomes.get(id);
    if (before?.type === 'accepted' && outcome.type === 'accepted') {
      const first = before.position.offset;
      const second = outcome.position.offset;
      if (first !== second) this.#contradictions.push(`${id} was accepted at ${first} and at ${second}`);
    }
    this.#outcomes.set(id, outcome);
    if (outcome.type === 'accepted') this.#onAccepted?.();
  }

  /** Resolves in the moment in which the next writer is told that its message was accepted. */
  nextAcceptance(): Promise<void> {
    return new Promise((resolve) => {
      this.#onAccepted = resolve;
    });
  }

  outcomeOf(id: string): Outcome | undefined {
    return this.#outcomes.get(id);
  }

  /** Where it was accepted, if it was. */
  offsetOf(id: string): number | undefined {
    const outcome = this.#outcomes.get(id);
    return outcome?.type === 'accepted' ? outcome.position.offset : undefined;
  }

  has(id: string): boolean {
    return this.#outcomes.has(id);
  }

  /** `undefined` as outcome: the writer has not been told yet. */
  entries(): IterableIterator<[id: string, outcome: Outcome | undefined]> {
    return this.#outcomes.entries();
  }
}
