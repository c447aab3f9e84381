import type { Page, WebSocketRoute } from '@playwright/test';

/** The WebSocket connections of a page, which can be cut. The page must insist on WebSocket. */
export class PageLine {
  readonly #open = new Set<WebSocketRoute>();
  #isCut = false;

  private constructor() {}

  /** Takes the page's connections in hand; before the page goes anywhere. */
  static async of(page: Page): Promise<PageLine> {
    const line = new PageLine();
    await page.routeWebSocket(/\/multiplex\//, (socket) => {
      if (line.#isCut) {
        void socket.close({ code: 1011, reason: 'cut' });
        return;
      }
      line.#open.add(socket);
      socket.connectToServer();
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

  mend(): void {
    this.#isCut = false;
  }
}
