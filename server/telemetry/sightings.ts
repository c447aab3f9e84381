import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** A request as it arrived here, after every proxy on its way. */
export interface Sighting {
  /** ms since 1970. */
  readonly at: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** `upgrade`: it came as a WebSocket's handshake does, with `Connection: Upgrade` and an `Upgrade` header. */
  readonly kind: 'upgrade' | 'plain';
  readonly upgrade: string | null;
  readonly connection: string | null;
  /** It had a `Sec-WebSocket-Key`, so it was a handshake when it was sent. */
  readonly hasKey: boolean;
  /** The status it was answered with; `null` as long as it was not. */
  readonly answer: number | null;
}

/**
 * What arrived of requests that carry `sighting=ID` in their query, so that their sender can ask afterwards what
 * became of them on the way. Kept for five minutes.
 */
export class Sightings {
  /** Oldest first. */
  readonly #byId = new Map<string, { readonly until: number; readonly seen: Seen[] }>();

  seen(id: string): readonly Sighting[] {
    this.#forgetOld();
    return this.#byId.get(id)?.seen ?? [];
  }

  /** Notes a plain request, if it wants to be. */
  note(request: IncomingMessage, response: ServerResponse): void {
    const seen = this.#add(request, 'plain');
    if (seen !== undefined) response.once('finish', () => (seen.answer = response.statusCode));
  }

  /** Notes a handshake, if it wants to be. */
  noteUpgrade(request: IncomingMessage, socket: Duplex): void {
    const seen = this.#add(request, 'upgrade');
    if (seen !== undefined) onStatus(socket, (status) => (seen.answer = status));
  }

  #add(request: IncomingMessage, kind: Sighting['kind']): Seen | undefined {
    const { url = '', method = '', headers } = request;
    // Most requests are none of ours, and must not pay for it.
    if (!url.includes('sighting=')) return undefined;
    const id = SIGHTING.exec(url)?.[1];
    if (id === undefined) return undefined;
    this.#forgetOld();
    const entry = this.#byId.get(id) ?? { until: Date.now() + KEPT_MS, seen: [] };
    if (entry.seen.length === MAX_SEEN) return undefined;
    this.#byId.set(id, entry);
    const [path = ''] = url.split('?', 1);
    const seen: Seen = {
      at: Date.now(),
      method,
      path: path.slice(0, MAX_TEXT),
      kind,
      upgrade: headers.upgrade?.slice(0, MAX_TEXT) ?? null,
      connection: headers.connection?.slice(0, MAX_TEXT) ?? null,
      hasKey: headers['sec-websocket-key'] !== undefined,
      answer: null,
    };
    entry.seen.push(seen);
    return seen;
  }

  #forgetOld(): void {
    const now = Date.now();
    for (const [id, { until }] of this.#byId) {
      if (until > now && this.#byId.size < MAX_IDS) return;
      this.#byId.delete(id);
    }
  }
}

/** True for what may stand behind `sighting=`. */
export function isSightingId(text: string): boolean {
  return ID.test(text);
}

type Seen = { -readonly [Key in keyof Sighting]: Sighting[Key] };

const ID = /^[\w-]{8,64}$/;
const SIGHTING = /[?&]sighting=([\w-]{8,64})(?:&|$)/;
const KEPT_MS = 300_000;
const MAX_IDS = 1000;
const MAX_SEEN = 16;
const MAX_TEXT = 256;

/** Tells the status of the answer that is about to be written to a socket. */
function onStatus(socket: Duplex, tell: (status: number) => void): void {
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  const end = socket.end.bind(socket) as (...given: unknown[]) => Duplex;
  const read = (chunk: unknown): void => {
    Reflect.deleteProperty(socket, 'write');
    Reflect.deleteProperty(socket, 'end');
    const head = Buffer.isBuffer(chunk) ? chunk.toString('latin1', 0, 16) : String(chunk);
    const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1];
    if (status !== undefined) tell(Number(status));
  };
  socket.write = (...given: unknown[]) => {
    read(given[0]);
    return write(...given);
  };
  socket.end = (...given: unknown[]) => {
    read(given[0]);
    return end(...given);
  };
}
