/** How a subject is spoken to: the text protocols inside WebSocket frames. */
export type WireName = 'plain' | 'sockjs' | 'socketio';

export const WIRE_NAMES: readonly WireName[] = ['plain', 'sockjs', 'socketio'];

/**
 * One way to say "join" and "publish", and the exact bytes in which a delivery comes back:
 * `open`, then `left payload right` once or, where `many` is set, several times with commas between, then `close`.
 */
export interface Wire {
  /** Path of the WebSocket upgrade below the subject's base path. */
  upgradePath(base: string, index: number): string;
  /** What is said to each text before the connection is usable; `undefined` ends the greeting. */
  readonly greeting: readonly GreetingStep[];
  subscribe(room: string): string;
  publish(room: string, payload: string): string;
  readonly open: string;
  left(room: string): string;
  readonly right: string;
  readonly close: string;
  readonly many: boolean;
  /** The answer to a text that is no delivery: a text to send, nothing to do, or not understood. */
  answer(text: string): { readonly send?: string } | undefined;
}

export interface GreetingStep {
  readonly expect: string;
  readonly send?: string;
}

/** `sub,ROOM` and `msg,ROOM,PAYLOAD` as they are, one to a frame. */
const plain: Wire = {
  upgradePath: (base) => base,
  greeting: [],
  subscribe: (room) => `sub,${room}`,
  publish: (room, payload) => `msg,${room},${payload}`,
  open: '',
  left: (room) => `msg,${room},`,
  right: '',
  close: '',
  many: false,
  answer: () => undefined,
};

/** The same texts inside SockJS session frames. */
const sockjs: Wire = {
  upgradePath: (base, index) => `${base}/${String(index % 1000).padStart(3, '0')}/s${index}/websocket`,
  greeting: [{ expect: 'o' }],
  subscribe: (room) => `["sub,${room}"]`,
  publish: (room, payload) => `["msg,${room},${payload}"]`,
  open: 'a[',
  left: (room) => `"msg,${room},`,
  right: '"',
  close: ']',
  many: true,
  answer: (text) => (text === 'h' ? {} : undefined),
};

/** Socket.IO packets in Engine.IO 4 frames. */
const socketio: Wire = {
  upgradePath: () => '/socket.io/?EIO=4&transport=websocket',
  greeting: [{ expect: '0', send: '40' }, { expect: '40' }],
  subscribe: (room) => `42["sub","${room}"]`,
  publish: (room, payload) => `42["msg","${room}","${payload}"]`,
  open: '42[',
  left: (room) => `"msg","${room}","`,
  right: '"',
  close: ']',
  many: false,
  answer: (text) => (text === '2' ? { send: '3' } : undefined),
};

export const WIRES: Readonly<Record<WireName, Wire>> = { plain, sockjs, socketio };
