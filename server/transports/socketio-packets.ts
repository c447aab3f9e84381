import type { PreparedMessage } from '../connection/prepared-message.ts';
import { Wire } from '../connection/wire.ts';
import { asciiJson } from './socketio-old-polling.ts';
import { textFrame } from './websocket-frames.ts';

/** A Socket.IO packet, ready to be handed to any number of engine.io sockets. */
export class ReadyPacket {
  /** The packet, as the payload of an engine.io message. */
  readonly text: string;
  /** What to send it with. */
  readonly options: SendOptions;
  #ascii: string | undefined;

  constructor(text: string) {
    this.text = text;
    this.options = new SendOptions(text);
  }

  /** The same for clients of protocol revision 3. */
  get ascii(): string {
    // What stands before the first comma is the packet's head: its type and its namespace.
    const head = this.text.indexOf(',') + 1;
    return (this.#ascii ??= this.text.slice(0, head) + asciiJson(this.text.slice(head)));
  }
}

/**
 * engine.io writes `wsPreEncodedFrame` to a WebSocket as it is, instead of encoding the packet once for each
 * receiver; that is how the package's own broadcasts work (socket.io-adapter).
 */
class SendOptions {
  compress = false;
  readonly #text: string;
  #frame: readonly Buffer[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  get wsPreEncodedFrame(): readonly Buffer[] {
    return (this.#frame ??= [textFrame(ENGINE_MESSAGE + this.#text)]);
  }
}

const ENGINE_MESSAGE = '4';

/** One packet for each message to a namespace whose messages are events. */
export function eventWire(namespace: string): Wire<readonly ReadyPacket[]> {
  return wire(({ text }) => eventPacket(namespace, text));
}

/** The same for messages that are plain strings: they travel as the event `message`, as by `socket.send()`. */
export function textWire(namespace: string): Wire<readonly ReadyPacket[]> {
  return wire(({ quoted }) => `2${namespace},["message",${quoted}]`);
}

function wire(encode: (message: PreparedMessage) => string): Wire<readonly ReadyPacket[]> {
  return new Wire((messages) => messages.map((message) => new ReadyPacket(encode(message))));
}

/**
 * Adds the id of a waiting callback to an event's array, behind the arguments, where the S1 verbs look for the
 * id of an answer. It is a string that says where it comes from, so that the answer can be told from one to an
 * id that the client made up itself.
 */
export function withCallback(array: string, callback: string): string {
  const text = array.trimEnd();
  // What is no array will be refused as it is.
  return text.endsWith(']') ? `${text.slice(0, -1)},"${CALLBACK}${callback}"]` : text;
}

/**
 * The packet for an event's array: an `ACK` to a callback leaves as an acknowledgement, with the answer's body
 * as its only argument, and without any where there is none (S1 §2.1).
 */
function eventPacket(namespace: string, array: string): string {
  if (array.startsWith(ACK_START)) {
    const end = array.indexOf('"', ACK_START.length);
    const callback = array.slice(ACK_START.length, end);
    const body = array.slice(end + 1).replace(/^,/, '');
    return `3${namespace},${callback}[${body}`;
  }
  return `2${namespace},${array.startsWith(ERROR_START) ? withoutCallback(array) : array}`;
}

/** A refusal names the id that asked; this one nobody but us has ever seen. */
function withoutCallback(error: string): string {
  if (!error.includes(CALLBACK)) return error;
  const [event, { id, ...refusal }] = JSON.parse(error) as [string, Record<string, unknown>];
  return typeof id === 'string' && id.startsWith(CALLBACK) ? JSON.stringify([event, refusal]) : error;
}

const CALLBACK = 'socket.io/';
const ACK_START = `["ACK","${CALLBACK}`;
const ERROR_START = '["ERROR",{';
