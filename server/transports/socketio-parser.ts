import { EventEmitter } from 'node:events';
import { nestsDeeperThan } from '../../protocol/json-depth.ts';
import type { Counters } from '../telemetry/counters.ts';
import { asciiJson } from './socketio-old-polling.ts';

/** The packet types of Socket.IO, alike in all revisions of its protocol (socket.io-protocol, "Packet types"). */
const CONNECT = 0;
const DISCONNECT = 1;
const EVENT = 2;
const ACK = 3;
const CONNECT_ERROR = 4;
const BINARY_EVENT = 5;
const BINARY_ACK = 6;

/** The name under which every event of a client comes out of the package; its own name stays in its text. */
export const ARRIVAL = 'arrival';

/** What comes with {@link ARRIVAL}: the event's array as it stood on the wire, and the id of a callback that waits. */
export type Arrival = [array: string, callback: string | undefined];

interface Packet {
  readonly type: number;
  readonly nsp: string;
  readonly data?: unknown;
  readonly id?: number;
}

/**
 * A parser for the package's server that leaves the array of an event as text: the gateways read texts, and
 * judge them by their own rules. Packets that no client may send end the line, as the package's own parser
 * has it; binary ones, and answers to what was never asked, are dropped.
 */
export function textParser(counters: Counters): { Encoder: typeof Encoder; Decoder: new () => EventEmitter } {
  class Decoder extends EventEmitter {
    add(data: unknown): void {
      const packet = typeof data === 'string' ? decode(data) : BINARY;
      if (typeof packet === 'string') counters.ignore('socket.io', packet);
      else this.emit('decoded', packet);
      if (packet === MALFORMED) throw new Error('malformed packet');
    }

    /** The package says that the line is gone; nothing is kept here. */
    destroy(): void {}
  }
  return { Encoder, Decoder };
}

/** Writes the few packets that the package itself sends, as the servers of all revisions did. */
class Encoder {
  encode({ type, nsp, data, id }: Packet): string[] {
    const rest = `${id ?? ''}${data === undefined ? '' : asciiJson(JSON.stringify(data))}`;
    if (nsp === '/') return [`${type}${rest}`];
    // Without anything behind it, a namespace never had a comma from the original (S1 §2.1).
    return [`${type}${nsp}${rest === '' ? '' : `,${rest}`}`];
  }
}

const BINARY = 'binary';
const MALFORMED = 'malformed';
const UNASKED = 'unasked-answer';

/** `TYPE[/NAMESPACE,][ID][JSON]`; the id has no more digits than a safe integer. */
const PACKET = /^([0-4])(?:(\/[^,]*)(?:,|$))?(\d{0,15})(?:$|(?=[[{"]))/;

function decode(text: string): Packet | typeof BINARY | typeof MALFORMED | typeof UNASKED {
  const type = text.charCodeAt(0) - ZERO;
  if (type === BINARY_EVENT || type === BINARY_ACK) return BINARY;
  const head = PACKET.exec(text);
  if (head === null) return MALFORMED;
  const [{ length }, , nsp = '/', id] = head;
  const rest = text.slice(length);
  switch (type) {
    case EVENT: {
      if (!rest.startsWith('[')) return MALFORMED;
      return { type, nsp, data: [ARRIVAL, rest, id === '' ? undefined : id] };
    }
    case CONNECT: {
      const data = rest === '' ? undefined : parseObject(rest);
      return data === null || id !== '' ? MALFORMED : { type, nsp, data };
    }
    case DISCONNECT:
      return { type, nsp };
    case ACK:
      return UNASKED;
    case CONNECT_ERROR:
    default:
      return MALFORMED;
  }
}

const ZERO = '0'.charCodeAt(0);

/** `null`: it is none. The package relies on getting one. */
function parseObject(json: string): object | null {
  if (nestsDeeperThan(json)) return null;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
