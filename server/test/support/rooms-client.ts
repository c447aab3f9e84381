import { fenceMark, type Fenced } from './fence.ts';
import type { Line } from './line.ts';

/** A client of one of the 2-Immerse namespaces: JSON arrays over any line. */
export class RoomsClient implements Fenced {
  readonly line: Line;
  #asks = 0;

  constructor(line: Line) {
    this.line = line;
  }

  /** Sends `[EVENT, …]`. */
  say(event: string, ...args: unknown[]): void {
    void this.line.send(JSON.stringify([event, ...args]));
  }

  /** Sends `[EVENT, …, ID]` and returns what comes next, which is the answer where nothing else was on its way. */
  async ask(event: string, ...args: unknown[]): Promise<unknown[]> {
    const id = ++this.#asks;
    this.say(event, ...args, id);
    return this.next();
  }

  async next(): Promise<unknown[]> {
    return JSON.parse(await this.line.next()) as unknown[];
  }

  /** The next frame as it stood on the wire. */
  nextText(): Promise<string> {
    return this.line.next();
  }

  /** An event that no namespace knows is always refused, and the refusal carries the id (S1 §2.2). */
  async fence(): Promise<unknown[]> {
    const id = fenceMark();
    this.say('FENCE', {}, id);
    const before: unknown[] = [];
    for (;;) {
      const frame = await this.next();
      const body = frame[1] as { id?: unknown } | undefined;
      if (frame[0] === 'ERROR' && body?.id === id) return before;
      before.push(frame);
    }
  }

  close(): Promise<void> {
    return this.line.close();
  }
}
