import type { Clock } from './clock.ts';
import type { Slots } from './slots/slots.ts';
import type { TextStore } from './ladder/memory.ts';
import type { SockJSConstructor } from './transports/sockjs.ts';
import type { WebSocketConstructor } from './transports/websocket.ts';

/** The secret by which a server knows a client again. */
export interface MemberKey {
  readonly value: string;
  /** The client is closed, and nobody is to come back in its place. */
  release(): void;
}

/** What differs between a browser, Node and a test. */
export interface Environment {
  readonly clock: Clock;
  /** Answers like `Math.random`. */
  readonly random: () => number;
  /** Makes the URL given to `connect` absolute. */
  resolveUrl(url: string | URL): URL;
  /** The platform's own, or one like it. */
  readonly fetch: typeof globalThis.fetch;
  loadWebSocket(): Promise<WebSocketConstructor>;
  /** What is left when neither WebSocket nor `fetch` gets through; rejects where there is no page. */
  loadSockJS(server: URL): Promise<SockJSConstructor>;
  /** For one client alone; where a page was loaded again, the one that the client had before. */
  holdMemberKey(url: URL): MemberKey;
  /** Where the paths to servers are remembered; `null` where nothing can be. */
  storage(): TextStore | null;
  /** Who may keep a response of that server open. */
  slots(server: URL): Slots;
  /** What kind of network this is, such as `wifi`, where the platform tells; else empty. */
  networkKind(): string;
  /** False while nobody can be looking, as in a hidden page. */
  isAttended(): boolean;
  /** When the page was last hidden, frozen or offline; ms since 1970, `-Infinity` for never. */
  disturbedAt(): number;
  /** Calls back when the network may be there again, or be another one, or the page is looked at again. */
  onWake(listener: (mayBeOtherNetwork: boolean) => void): () => void;
}
