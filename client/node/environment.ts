import { systemClock } from '../clock.ts';
import type { Environment } from '../environment.ts';
import { randomId } from '../random-id.ts';
import { UNSHARED } from '../slots/slots.ts';
import type { WebSocketConstructor } from '../transports/websocket.ts';
import { fetchThrough } from './fetch-through.ts';
import { webSocketThrough } from './websocket-through.ts';

/** Node: WebSocket from `ws`, loaded when it is needed; the other transports with `fetch`. */
export const nodeEnvironment: Environment = {
  clock: systemClock,
  random: () => Math.random(),
  resolveUrl: (url) => new URL(url),
  fetch: (input, init) => globalThis.fetch(input, init),
  async loadWebSocket() {
    const { WebSocket } = await import('ws');
    return WebSocket as unknown as WebSocketConstructor;
  },
  loadSockJS: () => Promise.reject(new Error('frames and scripts take a page, and this is Node')),
  holdMemberKey: () => ({ value: randomId(), release: () => undefined }),
  storage: () => null,
  slots: () => UNSHARED,
  networkKind: () => '',
  // A process is always awake.
  isAttended: () => true,
  disturbedAt: () => -Infinity,
  onWake: () => () => undefined,
};

/** Node, where the way out leads through an HTTP proxy. */
export function environmentBehind(proxy: URL): Environment {
  return {
    ...nodeEnvironment,
    fetch: fetchThrough(proxy, false),
    loadWebSocket: () => webSocketThrough(proxy, false),
  };
}
