import { systemClock } from './clock.ts';
import type { Environment } from './environment.ts';
import { randomId } from './random-id.ts';
import type { SockJSConstructor } from './transports/sockjs.ts';
import type { WebSocketConstructor } from './transports/websocket.ts';

/** Node: WebSocket from `ws`, the other transports with `fetch`, each loaded when it is needed. */
export const nodeEnvironment: Environment = {
  clock: systemClock,
  random: () => Math.random(),
  resolveUrl: (url) => new URL(url),
  async loadWebSocket() {
    const { WebSocket } = await import('ws');
    return WebSocket as unknown as WebSocketConstructor;
  },
  async loadSockJS() {
    const { FetchSockJS } = await import('./transports/fetch-sockjs.ts');
    return FetchSockJS satisfies SockJSConstructor;
  },
  holdMemberKey: () => ({ value: randomId(), release: () => undefined }),
  // A process is always awake.
  onWake: () => () => undefined,
};
