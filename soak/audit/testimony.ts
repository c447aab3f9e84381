import type { Gap, Position } from '../../protocol/rooms.ts';

/** One thing that a reader was told, in the order in which it was told. */
export type Told =
  | {
      readonly type: 'message';
      readonly id: string;
      readonly position: Position;
      /** It was said before the reader (re)joined. */
      readonly isReplayed: boolean;
    }
  | { readonly type: 'gap'; readonly gap: GapTold };

/** A gap as a reader is told of it; a client library may know more reasons than the server. */
export interface GapTold {
  readonly reason: string;
  readonly missing: Gap['missing'];
}

/** What one reader saw of a room from its first join on. */
export class Testimony {
  readonly reader: string;
  readonly #told: Told[] = [];
  readonly #waiting = new Set<() => void>();
  #start: Position | undefined;
  #reached = 0;
  #hasLeft = false;

  constructor(reader: string) {
    this.reader = reader;
  }

  /** Where the stream stood when it first joined. */
  get start(): Position | undefined {
    return this.#start;
  }

  get told(): readonly Told[] {
    return this.#told;
  }

  /** It left on purpose, and is owed nothing of what was said afterwards. */
  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  /** The greatest offset it has seen. */
  get reached(): number {
    return this.#reached;
  }

  /** Only the first join counts; where later ones go on is for the reader to know. */
  joined(at: Position): void {
    if (this.#start !== undefined) return;
    this.#start = at;
    this.#reach(at.offset);
  }

  message(id: string, position: Position, isReplayed: boolean): void {
    this.#told.push({ type: 'message', id, position, isReplayed });
    this.#reach(position.offset);
  }

  gap(gap: GapTold): void {
    this.#told.push({ type: 'gap', gap });
  }

  left(): void {
    this.#hasLeft = true;
    for (const check of this.#waiting) check();
  }

  /** Resolves when it has seen the offset or a greater one, or has left; false when that took longer than `withinMs`. */
  async reaches(offset: number, withinMs: number): Promise<boolean> {
    if (this.#isThrough(offset)) return true;
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.#isThrough(offset)) end(true);
      };
      const timer = setTimeout(() => end(false), withinMs);
      const end = (isThere: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(isThere);
      };
      this.#waiting.add(check);
    });
  }

  #isThrough(offset: number): boolean {
    return this.#hasLeft || this.#reached >= offset;
  }

  #reach(offset: number): void {
    this.#reached = Math.max(this.#reached, offset);
    for (const check of this.#waiting) check();
  }
}
