import { once } from 'node:events';
import { WebSocket } from 'ws';

const PAUSE_MS = 25;

/** Asks `/echo`, which needs no store, again and again; the slowest answer says for how long nothing else was done. */
export class EchoWatch {
  readonly #socket: WebSocket;
  /** `undefined` while no answer is awaited. */
  #askedAt: number | undefined;
  #slowestMs = 0;
  #pause: NodeJS.Timeout | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', () => {
      this.#note();
      this.#pause = setTimeout(() => this.#ask(), PAUSE_MS);
    });
    this.#ask();
  }

  static async start(port: number): Promise<EchoWatch> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/echo`);
    await once(socket, 'open');
    return new EchoWatch(socket);
  }

  /** Ends it. Gives the ms that the slowest answer took, one that has not come yet included. */
  stop(): number {
    clearTimeout(this.#pause);
    this.#note();
    this.#socket.terminate();
    return this.#slowestMs;
  }

  #ask(): void {
    this.#askedAt = performance.now();
    this.#socket.send('still there?');
  }

  #note(): void {
    if (this.#askedAt !== undefined)
      this.#slowestMs = Math.max(this.#slowestMs, performance.now() - this.#askedAt);
    this.#askedAt = undefined;
  }
}
