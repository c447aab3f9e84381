import { fenceMark, type Fenced } from './fence.ts';
import type { Line } from './line.ts';

/** A client of `/multiplex` that writes and reads frames as they stand on the wire. */
export class MultiplexClient implements Fenced {
  readonly line: Line;
  readonly #fenceTopic: string;

  private constructor(line: Line, fenceTopic: string) {
    this.line = line;
    this.#fenceTopic = fenceTopic;
  }

  /** `fenceTopic` is a private channel that sends back what it gets. */
  static async over(line: Line, fenceTopic = 'latency'): Promise<MultiplexClient> {
    await line.send(`sub,${fenceTopic}`);
    return new MultiplexClient(line, fenceTopic);
  }

  /** Sends these frames, all in one where the transport has frames of its own. */
  say(...frames: string[]): void {
    void this.line.send(...frames);
  }

  next(): Promise<string> {
    return this.line.next();
  }

  async fence(): Promise<string[]> {
    const expected = `msg,${this.#fenceTopic},${fenceMark()}`;
    this.say(expected);
    const before: string[] = [];
    for (;;) {
      const frame = await this.next();
      if (frame === expected) return before;
      before.push(frame);
    }
  }

  close(): Promise<void> {
    return this.line.close();
  }
}
