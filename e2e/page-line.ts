import type { Page, WebSocketRoute } from '@playwright/test';

/** The WebSocket connections of a page, which can be cut. The page must insist on WebSocket. */
export class PageLine {
  readonly #page: Page;
  readonly #open = new Set<WebSocketRoute>();
  #isCut = false;
  #deafAfter: string | null = null;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Takes the page's connections in hand; before the page goes anywhere. */
  static async of(page: Page): Promise<PageLine> {
    const line = new PageLine(page);
    await page.routeWebSocket(/\/multiplex\//, (socket) => {
      if (line.#isCut) {
        void socket.close({ code: 1011, reason: 'cut' });
        return;
      }
      line.#open.add(socket);
      const server = socket.connectToServer();
      let isDeaf = false;
      socket.onMessage((text) => {
        server.send(text);
        isDeaf ||= line.#deafAfter !== null && String(text).includes(line.#deafAfter);
      });
      server.onMessage((text) => {
        if (!isDeaf) socket.send(text);
      });
    });
    return line;
  }

  /** Cuts what is open, and whatever opens until {@link mend}. */
  async cut(): Promise<void> {
    this.#isCut = true;
    const open = [...this.#open];
    this.#open.clear();
    await Promise.all(open.map((socket) => socket.close({ code: 1011, reason: 'cut' })));
  }

  /** Lets connections through again, and tells the page, as a browser does when its network is back. */
  async mend(): Promise<void> {
    this.#isCut = false;
    this.#deafAfter = null;
    await this.#page.evaluate(() => dispatchEvent(new Event('online')));
  }

  /** Once the page says something that contains `text`, it hears nothing any more on that connection. */
  deafenAfter(text: string): void {
    this.#deafAfter = text;
  }
}
