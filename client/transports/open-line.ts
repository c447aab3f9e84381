import type { Environment } from '../environment.ts';
import type { TransportName } from '../types.ts';
import { openHttpLine } from './http-line.ts';
import type { Line, LineListener, LineRequest } from './line.ts';
import { openSockJSLine } from './sockjs.ts';
import { openWebSocketLine } from './websocket.ts';

/** Those that only `sockjs-client` speaks, in pages. In this order it tries them, one after another. */
export const STOCK_TRANSPORTS = [
  'iframe-eventsource',
  'htmlfile',
  'iframe-htmlfile',
  'iframe-xhr-polling',
  'jsonp-polling',
] as const satisfies readonly TransportName[];

export type StockTransport = (typeof STOCK_TRANSPORTS)[number];

/** What a line is opened with: one transport, or several that `sockjs-client` tries. */
export type Way = TransportName | readonly StockTransport[];

/** What a line needs of its environment. */
export type LineEnvironment = Pick<Environment, 'clock' | 'fetch' | 'loadWebSocket' | 'loadSockJS' | 'slots'>;

/** Opens a session that way. */
export function openLine(
  way: Way,
  request: LineRequest,
  environment: LineEnvironment,
  listener: LineListener,
): Line {
  const { clock } = environment;
  const slots = environment.slots(request.url);
  if (way === 'websocket') {
    return openWebSocketLine(request, () => environment.loadWebSocket(), clock, listener);
  }
  if (way === 'xhr-streaming' || way === 'eventsource' || way === 'xhr-polling') {
    return openHttpLine(way, request, environment.fetch, clock, listener, slots);
  }
  const transports = typeof way === 'string' ? [way] : way;
  return openSockJSLine(
    transports,
    request,
    () => environment.loadSockJS(request.url),
    clock,
    listener,
    slots,
  );
}
