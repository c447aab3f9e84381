import type { RoomEvent } from '../../../protocol/rooms.ts';
import { fenceMark, type Fenced } from './fence.ts';
import type { Line } from './line.ts';

/** An answer: `ACK` or `ERROR`, its body, and what came before it. */
export interface Called {
  readonly kind: string;
  readonly body: unknown;
  readonly before: unknown[][];
}

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

  /** The same, where other frames may come before the answer: they come along. */
  async call(event: string, argument: unknown): Promise<Called> {
    const id = `call-${++this.#asks}`;
    this.say(event, argument, id);
    const before: unknown[][] = [];
    for (;;) {
      const frame = await this.next();
      const [kind, body] = frame;
      const isAnswer =
        kind === 'ACK' ? body === id : kind === 'ERROR' && (body as { id?: unknown }).id === id;
      if (isAnswer) return { kind: String(kind), body: kind === 'ACK' ? frame[2] : body, before };
      before.push(frame);
    }
  }

  /** What the next `count` frames say, all of them `EVENT`s. */
  async events(count: number): Promise<RoomEvent[]> {
    const events: RoomEvent[] = [];
    while (events.length < count) {
      const [event, body] = await this.next();
      if (event !== 'EVENT')
        throw new Error(`${String(event)} instead of a message: ${JSON.stringify(body)}`);
      events.push(body as RoomEvent);
    }
    return events;
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
