import { WebSocket } from 'ws';
import type { Refusal } from '../../protocol/rooms.ts';

/** The server refused a request. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`${refusal.event} was refused: ${refusal.code}, ${refusal.reason}`);
    this.refusal = refusal;
  }
}

/** The line was lost before the request was answered. */
export class LineLost extends Error {}

/** What comes without being asked for. */
export type OnEvent = (event: string, body: unknown) => void;

interface Waiting {
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One WebSocket to `/layout` that speaks the rooms protocol as its document has it, and knows nothing of the client
 * library. What comes back is handed on in the order in which it came.
 */
export class RawLine {
  readonly #socket: WebSocket;
  readonly #onEvent: OnEvent;
  readonly #waiting = new Map<number, Waiting>();
  /** Resolves when the line is gone. */
  readonly lost: Promise<void>;
  #lastId = 0;

  private constructor(socket: WebSocket, onEvent: OnEvent) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.on('message', (data) => this.#receive((data as Buffer).toString()));
    this.lost = new Promise((resolve) => {
      socket.once('close', () => {
        for (const { reject } of this.#waiting.values()) reject(new LineLost('the line was lost'));
        this.#waiting.clear();
        resolve();
      });
    });
  }

  /** Rejects with a {@link LineLost} when nobody answers. */
  static open(port: number, onEvent: OnEvent): Promise<RawLine> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/layout`, { perMessageDeflate: false });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(new RawLine(socket, onEvent)));
      socket.on('error', (error) => reject(new LineLost(error.message)));
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /**
   * Resolves with what the answer says, in the moment in which it comes: no event that follows it is handed on
   * before. Rejects with {@link Refused} or {@link LineLost}.
   */
  request(
    event: string,
    body: object,
    onAnswer: (answer: unknown) => void = () => undefined,
  ): Promise<unknown> {
    if (!this.isOpen) return Promise.reject(new LineLost('there is no line'));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const answered = (answer: unknown): void => {
        onAnswer(answer);
        resolve(answer);
      };
      this.#waiting.set(id, { resolve: answered, reject });
      this.#socket.send(JSON.stringify([event, body, id]));
    });
  }

  /** Without a word, as a network does it. */
  cut(): void {
    this.#socket.terminate();
  }

  #receive(text: string): void {
    const [event, first, second] = JSON.parse(text) as [string, unknown, unknown];
    if (event === 'ACK') {
      this.#take(first as number)?.resolve(second);
    } else if (event === 'ERROR') {
      const refusal = first as Refusal;
      this.#take(refusal.id as number)?.reject(new Refused(refusal));
    } else {
      this.#onEvent(event, first);
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
