import type { Socket as Line } from 'engine.io';
import type { Counters } from '../telemetry/counters.ts';

/**
 * Where a line stands with each namespace, and what reaches the package of it. The package ends a line, and all
 * namespaces on it, when a client joins one that it is in, or says something to one that it is not in. That
 * happens to clients that leave and come again at once, or are put out while they speak, and the original let
 * it pass (socket.io 1.7). Who speaks before it ever joined still ends its line.
 */
export class LineNamespaces {
  readonly #line: Line;
  readonly #known: ReadonlySet<string>;
  readonly #counters: Counters;
  readonly #states = new Map<string, 'joining' | 'in' | 'leaving'>();
  /** What the client has been in, or was refused: it may not know yet. */
  readonly #former = new Set<string>();
  /** Packets that join a namespace, for when the client is out of it. */
  readonly #waiting = new Map<string, string>();

  /** `known`: the namespaces there are. */
  constructor(line: Line, known: ReadonlySet<string>, counters: Counters) {
    this.#line = line;
    this.#known = known;
    this.#counters = counters;
    // engine.io tells of the packet's data only after this event, if it still is a message then (6.6.11).
    line.on('packet', (packet: { type: string; data?: unknown }) => {
      const { type, data } = packet;
      if (type === 'message' && typeof data === 'string' && !this.#mayPass(data)) packet.type = 'noop';
    });
  }

  joined(path: string): void {
    this.#states.set(path, 'in');
  }

  /** The client is out of the namespace, or was not let in. */
  left(path: string): void {
    this.#states.delete(path);
    this.#former.add(path);
    const packet = this.#waiting.get(path);
    if (packet === undefined) return;
    this.#waiting.delete(path);
    this.#states.set(path, 'joining');
    this.#line.emit('data', packet);
  }

  #mayPass(packet: string): boolean {
    if (packet.charCodeAt(1) !== SLASH) return true;
    switch (packet.charCodeAt(0)) {
      case CONNECT:
        return this.#mayJoin(this.#pathOf(packet), packet);
      case DISCONNECT:
        return this.#mayLeave(this.#pathOf(packet));
      case EVENT:
        return this.#states.get(nameOf(packet)) === 'in' || this.#maySpeak(this.#pathOf(packet));
      default:
        return true;
    }
  }

  #mayJoin(path: string, packet: string): boolean {
    if (path === '/') return true;
    if (!this.#known.has(path)) {
      this.#refuse(path);
      return false;
    }
    switch (this.#states.get(path)) {
      case undefined:
        this.#states.set(path, 'joining');
        return true;
      case 'joining':
        // The answer to the first is one to both.
        this.#counters.ignore('socket.io', 'joined-twice');
        return false;
      case 'in':
        // The client knows nothing of having been let in, or has given it up since.
        this.#states.set(path, 'leaving');
        this.#waiting.set(path, packet);
        this.#line.emit('data', `1${path},`);
        return false;
      case 'leaving':
        this.#waiting.set(path, packet);
        return false;
    }
  }

  /** Here, since the package makes a namespace of everything that it asks about. */
  #refuse(path: string): void {
    this.#counters.ignore('socket.io', 'unknown-namespace');
    const words = 'Invalid namespace';
    const reason = this.#line.protocol === 3 ? words : { message: words };
    this.#line.write(`${CONNECT_ERROR}${path},${JSON.stringify(reason)}`);
  }

  #mayLeave(path: string): boolean {
    const state = this.#states.get(path);
    if (state === 'in') this.#states.set(path, 'leaving');
    if (state === 'leaving') this.#waiting.delete(path);
    return state === 'in' || this.#maySpeak(path);
  }

  #maySpeak(path: string): boolean {
    const state = this.#states.get(path);
    if (state === 'in' || (state !== 'leaving' && !this.#former.has(path))) return true;
    this.#counters.ignore('socket.io', 'not-in-namespace');
    return false;
  }

  /** Read as the package reads it: up to protocol revision 3, there may be a query behind the name. */
  #pathOf(packet: string): string {
    const name = nameOf(packet);
    if (this.#line.protocol !== 3) return name;
    const base = 'https://socket.io';
    return URL.canParse(name, base) ? new URL(name, base).pathname : name;
  }
}

/** What stands before the first comma, without the packet's type. */
function nameOf(packet: string): string {
  const comma = packet.indexOf(',');
  return comma === -1 ? packet.slice(1) : packet.slice(1, comma);
}

const CONNECT_ERROR = '4';
const [CONNECT, DISCONNECT, EVENT, SLASH] = Array.from('012/', (character) => character.charCodeAt(0));
