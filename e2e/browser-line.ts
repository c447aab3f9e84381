import type { JSHandle, Page } from '@playwright/test';

/** What the page keeps of a line. */
interface Kept {
  readonly socket: { send(text: string): void; close(): void };
  readonly inbox: string[];
  ended: string | undefined;
  wake: () => void;
}

/** A line from a page to a gateway: a plain WebSocket, or SockJS with its one transport. */
export class BrowserLine {
  readonly #kept: JSHandle<Kept>;

  private constructor(kept: JSHandle<Kept>) {
    this.#kept = kept;
  }

  /** The page must have the stock client loaded. */
  static async open(page: Page, url: string, transport: string): Promise<BrowserLine> {
    const kept = await page.evaluateHandle(
      ([to, over]) =>
        new Promise<Kept>((resolve, reject) => {
          const { SockJS } = globalThis as unknown as {
            SockJS: new (url: string, reserved: null, options: { transports: string[] }) => WebSocket;
          };
          const isPlain = over === 'a plain WebSocket';
          const socket = isPlain ? new WebSocket(to) : new SockJS(to, null, { transports: [over] });
          const line: Kept = { socket, inbox: [], ended: undefined, wake: () => undefined };
          socket.onmessage = ({ data }) => {
            line.inbox.push(data as string);
            line.wake();
          };
          socket.onclose = ({ code, reason }) => {
            line.ended = `closed with ${code} ${reason}`;
            line.wake();
            reject(new Error(line.ended));
          };
          socket.onopen = () => resolve(line);
        }),
      [url, transport] as const,
    );
    return new BrowserLine(kept);
  }

  async send(...texts: string[]): Promise<void> {
    await this.#kept.evaluate((line, all) => {
      for (const text of all) line.socket.send(text);
    }, texts);
  }

  /** The oldest message that was not read yet, or the next one to come. */
  next(): Promise<string> {
    return this.#kept.evaluate(async (line) => {
      for (;;) {
        const message = line.inbox.shift();
        if (message !== undefined) return message;
        if (line.ended !== undefined) throw new Error(line.ended);
        await new Promise<void>((resolve) => (line.wake = resolve));
      }
    });
  }

  async close(): Promise<void> {
    await this.#kept.evaluate((line) => line.socket.close());
  }
}
