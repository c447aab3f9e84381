import { Server as Engine } from 'engine.io';
import { WebSocketServer, type ServerOptions } from 'ws';

/** What engine.io is told about limits and times. */
export interface EngineSettings {
  /** Time between two heartbeats in ms, and until an answer is missed; 0 = never. */
  readonly heartbeatMs: number;
  /** Bytes of one request body; 0 lifts it. */
  readonly bodyLimit: number;
  /** Bytes of the largest message of any gateway; 0 lifts it. */
  readonly messageLimit: number;
}

/** engine.io for clients of all protocol revisions, with no listener of its own on any server. */
export function createEngine({ heartbeatMs, bodyLimit, messageLimit }: EngineSettings): Engine {
  const pingInterval = heartbeatMs === 0 ? NEVER_MS : heartbeatMs;
  // JSON may write one byte in six (`\u0001`), and there are a namespace and an event's name beside the message.
  const frameLimit = messageLimit === 0 ? 0 : Math.min(messageLimit * 6 + 1024, MAX_BYTES);
  return new Engine({
    allowEIO3: true,
    pingInterval,
    pingTimeout: pingInterval,
    // A client may put several messages into one body, but never into one frame.
    maxHttpBufferSize: bodyLimit === 0 ? MAX_BYTES : bodyLimit,
    wsEngine: class extends WebSocketServer {
      constructor(options: ServerOptions) {
        super({ ...options, maxPayload: frameLimit });
      }
    },
    perMessageDeflate: false,
    httpCompression: false,
  });
}

/** Two of these must fit into one of Node's timers. */
const NEVER_MS = 2 ** 30 - 1;
const MAX_BYTES = 2 ** 31 - 1;
