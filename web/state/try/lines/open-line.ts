import { isSockJS } from '../ways.ts';
import { openChannelLine } from './channel-line.ts';
import { openEngineIOLine } from './engine-io-line.ts';
import type { Line, LineListener, Target } from './line.ts';
import { openSockJSLine } from './sockjs-line.ts';
import { openSocketIOLine } from './socket-io-line.ts';
import { openRawLine } from './websocket-line.ts';

/** Opens a line the way that was chosen. */
export function openLine({ endpoint, way, forced }: Target, listener: LineListener): Line {
  if (isSockJS(way)) return openSockJSLine(endpoint, way, listener);
  switch (way) {
    case 'raw':
      return openRawLine(endpoint.ws, listener);
    case 'channel':
      return openChannelLine(endpoint, forced, listener);
    case 'socket.io':
      return openSocketIOLine(endpoint, ['websocket', 'polling'], listener);
    case 'socket.io-polling':
      return openSocketIOLine(endpoint, ['polling'], listener);
    case 'engine.io':
      return openEngineIOLine(endpoint, listener);
  }
}
