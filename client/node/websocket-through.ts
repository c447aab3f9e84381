import type { ClientOptions } from 'ws';
import type { WebSocketConstructor } from '../transports/websocket.ts';
import { TunnelAgent } from './tunnel-agent.ts';

/** The WebSocket of `ws`, through an HTTP proxy where one is named; `insecure`: past unknown certificates. */
export async function webSocketThrough(proxy: URL | null, insecure: boolean): Promise<WebSocketConstructor> {
  const { WebSocket } = await import('ws');
  return class extends WebSocket {
    constructor(url: string) {
      super(url, wayThrough(url, proxy, insecure));
    }
  } as unknown as WebSocketConstructor;
}

/** What `ws` is told of the way to a server. */
export function wayThrough(url: string, proxy: URL | null, insecure: boolean): ClientOptions {
  const agent = proxy === null ? undefined : new TunnelAgent(proxy, url.startsWith('wss:'), insecure);
  return { rejectUnauthorized: !insecure, perMessageDeflate: false, ...(agent && { agent }) };
}
