import { connection, networkKind, storage } from './browser-network.ts';
import { slotsOf } from './browser-slots.ts';
import { systemClock } from './clock.ts';
import type { Environment } from './environment.ts';
import { MemberKeys } from './member-keys.ts';
import { PageDisturbance } from './page-disturbance.ts';
import type { SockJSConstructor } from './transports/sockjs.ts';
import type { WebSocketConstructor } from './transports/websocket.ts';

declare global {
  interface Window {
    /** What `sockjs.min.js` defines. */
    SockJS?: SockJSConstructor;
  }
}

const memberKeys = new MemberKeys(() => sessionStorage, globalThis, systemClock);

/** The page, or the worker, that the client runs in. */
export const browserEnvironment: Environment = {
  clock: systemClock,
  random: () => Math.random(),
  resolveUrl(url) {
    const base = typeof document === 'undefined' ? globalThis.location.href : document.baseURI;
    return new URL(url, base);
  },
  fetch: (input, init) => globalThis.fetch(input, init),
  async loadWebSocket() {
    return globalThis.WebSocket as unknown as WebSocketConstructor;
  },
  loadSockJS,
  holdMemberKey: (url) => memberKeys.hold(url),
  storage,
  networkKind,
  slots: ({ origin }) => slotsOf(origin, browserEnvironment),
  isAttended: () => disturbance().isAttended,
  disturbedAt: () => disturbance().lastAt,
  onWake(listener) {
    disturbance();
    const looked = () => {
      if (disturbance().isAttended) listener(false);
    };
    const networkChanged = () => {
      listener(true);
    };
    const stopping = new AbortController();
    const { signal } = stopping;
    globalThis.addEventListener('online', networkChanged, { signal });
    globalThis.addEventListener('pageshow', looked, { signal });
    if (typeof document !== 'undefined') document.addEventListener('visibilitychange', looked, { signal });
    let kind = connection()?.type;
    // It also tells of every change of speed.
    const changed = () => {
      if (connection()?.type !== kind) networkChanged();
      kind = connection()?.type;
    };
    connection()?.addEventListener('change', changed, { signal });
    return () => {
      stopping.abort();
    };
  },
};

let pageDisturbance: PageDisturbance | undefined;

/** From the first connection on; to import the library does nothing. */
function disturbance(): PageDisturbance {
  return (pageDisturbance ??= new PageDisturbance(systemClock));
}

/** Scripts under way or there, by address. */
const scripts = new Map<string, Promise<SockJSConstructor>>();

/** `client/sockjs.min.js` beside the gateway, whatever path the server is mounted under. */
function loadSockJS(server: URL): Promise<SockJSConstructor> {
  const { href } = new URL('client/sockjs.min.js', new URL(server.pathname, server));
  let script = scripts.get(href);
  if (script === undefined) {
    script = loadScript(href);
    scripts.set(href, script);
    // The next try is to ask again.
    script.catch(() => scripts.delete(href));
  }
  return script;
}

function loadScript(href: string): Promise<SockJSConstructor> {
  return new Promise((resolve, reject) => {
    if (typeof document === 'undefined') {
      reject(new Error('frames and scripts take a page, and this is a worker'));
      return;
    }
    const script = document.createElement('script');
    script.src = href;
    script.addEventListener('load', () => {
      if (window.SockJS === undefined) reject(new Error(`${href} is not sockjs-client`));
      else resolve(window.SockJS);
    });
    script.addEventListener('error', () => {
      script.remove();
      reject(new Error(`${href} cannot be loaded`));
    });
    document.head.append(script);
  });
}
