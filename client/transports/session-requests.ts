import type { LineRequest } from './line.ts';
import { LostAnswer } from './retries.ts';
import { addQuery, heartbeatQuery, sessionUrl } from './session-url.ts';

/** A request that asks what the server has to say. */
export interface Receiving {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly accept: string;
}

/**
 * What every request is. Browsers refuse an answer to any origin, as a public server gives it, where credentials went
 * to another.
 */
const MANNERS = { cache: 'no-store', credentials: 'same-origin', priority: 'high' } as const;

const OVER = 'the session is over';

const TEXT = { 'content-type': 'text/plain' };

/** The HTTP requests of one SockJS session, a new one. They end with it. */
export class SessionRequests {
  readonly #url: URL;
  readonly #request: LineRequest;
  readonly #fetch: typeof globalThis.fetch;
  /** One for each request: a signal that many of them share would gather their listeners. */
  readonly #underWay = new Set<AbortController>();
  /** The one that receives. */
  #receiving: AbortController | null = null;
  #isAborted = false;
  #asked = 0;

  constructor(request: LineRequest, fetch: typeof globalThis.fetch) {
    this.#url = sessionUrl(request.url);
    this.#request = request;
    this.#fetch = fetch;
  }

  /**
   * Resolves when the response is read, with false when it was interrupted. Rejects with plain words when it is not to
   * be had. `seen`: how many message frames of the session were read before. `wishes`: what else is asked for, as a
   * query.
   */
  async receive(
    { method, path, accept }: Receiving,
    seen: number,
    wishes: string,
    read: (response: Response) => Promise<void>,
  ): Promise<boolean> {
    // There are caches that keep what they must not store.
    const fresh = method === 'GET' ? `t=${(this.#asked++).toString(36)}` : '';
    if (this.#isAborted) throw new Error(OVER);
    const url = addQuery(this.#pathTo(path), heartbeatQuery(this.#request), `seen=${seen}`, wishes, fresh);
    const headers = method === 'GET' ? { accept } : { accept, ...TEXT };
    const receiving = new AbortController();
    this.#receiving = receiving;
    try {
      await this.#ask(url, { method, headers }, read, receiving);
      return true;
    } catch (error) {
      if (this.#receiving === receiving || this.#isAborted) throw error;
      return false;
    }
  }

  /** Ends the one that receives, if there is one; what of it was not read whole is there for the next. */
  interrupt(): void {
    const receiving = this.#receiving;
    this.#receiving = null;
    receiving?.abort();
  }

  /**
   * Resolves with the status when the server has taken note of the body, the `number`th of the session. What was taken
   * under this number before is not taken again.
   */
  async post(body: string, number: number, isBeat: boolean): Promise<number> {
    if (this.#isAborted) throw new Error(OVER);
    return await this.#post(body, [`n=${number}`, isBeat ? 'beat' : '']);
  }

  /**
   * Ends those under way, and the session. Resolves when the server has taken note, or will not. The page may go
   * meanwhile.
   */
  async leave(number: number): Promise<void> {
    this.abort();
    await this.#post('[]', [`n=${number}`, 'bye'], { keepalive: true }).catch(() => undefined);
  }

  /** Ends those under way, and lets no other begin. */
  abort(): void {
    this.#isAborted = true;
    for (const request of this.#underWay) request.abort();
    this.#underWay.clear();
  }

  async #post(body: string, query: readonly string[], more: RequestInit = {}): Promise<number> {
    const url = addQuery(this.#pathTo('xhr_send'), ...query);
    let status = 0;
    await this.#ask(url, { method: 'POST', headers: TEXT, body, ...more }, async (response) => {
      ({ status } = response);
      if (isPassing(status)) throw new LostAnswer(`HTTP status ${status}`);
      // A login page, for one, says 200 too; the server itself has nothing to say there.
      if (response.ok && (await textOf(response)) !== '') throw new Error('something else answered');
    });
    return status;
  }

  #pathTo(path: string): URL {
    const url = new URL(this.#url);
    url.pathname += `/${path}`;
    return url;
  }

  async #ask(
    url: URL,
    init: RequestInit,
    read: (response: Response) => Promise<void>,
    controller = new AbortController(),
  ): Promise<void> {
    this.#underWay.add(controller);
    // A platform's own `fetch` must not be called on anything.
    const fetch = this.#fetch;
    try {
      const response = await fetch(url.href, { ...MANNERS, ...init, signal: controller.signal }).catch(
        (error: unknown) => {
          throw new LostAnswer(`no answer: ${causeOf(error)}`);
        },
      );
      await read(response);
      // What nobody reads would hold its connection.
      if (response.body !== null && !response.bodyUsed) controller.abort();
    } catch (error) {
      controller.abort();
      throw this.#isAborted ? new Error(OVER) : error;
    } finally {
      this.#underWay.delete(controller);
    }
  }
}

async function textOf(response: Response): Promise<string> {
  return await response.text().catch((error: unknown) => {
    throw new LostAnswer(`the answer broke off: ${causeOf(error)}`);
  });
}

/** What proxies say while they do not reach the server: the request may be sent again, numbered as it is. */
export function isPassing(status: number): boolean {
  return status >= 502 && status <= 504;
}

/** What went wrong with a request; Node tells it one level down. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, code } = (error.cause ?? {}) as { readonly message?: unknown; readonly code?: unknown };
  // Where several addresses were tried, the error that holds them all has no words of its own.
  return [message, code, error.message].find((words) => typeof words === 'string' && words !== '') as string;
}
