import { arrayFrame } from '../../protocol/sockjs.ts';
import type { PreparedMessage } from '../connection/prepared-message.ts';
import { Wire } from '../connection/wire.ts';
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

export function createWires(): Wires {
  return {
    raw: new Wire((messages) => textFrames(messages)),
    sockjs: new Wire((messages) => textFrame(sockjsArray(messages))),
    http: new Wire(sockjsArray),
  };
}

function sockjsArray(messages: readonly PreparedMessage[]): string {
  return arrayFrame(messages.map((message) => message.quoted));
}
