import { arrayFrame } from '../../protocol/sockjs.ts';
import type { PreparedMessage } from '../connection/prepared-message.ts';
import { type FlushGroup, Wire } from '../connection/wire.ts';
import { textFrame, textFrames } from './websocket-frames.ts';

/** The forms in which messages leave this server; one of each for all its connections. */
export interface Wires {
  /** One WebSocket text frame a message. */
  readonly raw: Wire<Buffer>;
  /** One SockJS array a tick, in a WebSocket text frame. */
  readonly sockjs: Wire<Buffer>;
  /** One SockJS array a tick, as text for a response body. */
  readonly http: Wire<string>;
}

/** `webSockets`: told of the flushes of both forms that WebSockets know. */
export function createWires(webSockets?: FlushGroup): Wires {
  return {
    raw: new Wire((messages) => textFrames(messages), webSockets),
    sockjs: new Wire((messages) => textFrame(sockjsArray(messages)), webSockets),
    http: new Wire(sockjsArray),
  };
}

function sockjsArray(messages: readonly PreparedMessage[]): string {
  return arrayFrame(messages.map((message) => message.quoted));
}
