import type { Socket as Line } from 'engine.io';
import { turns } from '../connection/turns.ts';
import type { Counters } from '../telemetry/counters.ts';
import { cutLine, holdLine, releaseLine } from './socketio-line.ts';

/** What one line may say at once; 0 lifts a limit. */
export interface PaceLimits {
  /** Packets in one polling body. */
  readonly packets: number;
  /** Heartbeats, joins, leaves and binary packets. */
  readonly controls: number;
}

/**
 * Keeps one line from keeping all others waiting. Connections take fair turns with the events they are sent;
 * this is for what the packages do on the spot: taking packets apart, and answering heartbeats and joins. Of
 * those a WebSocket is read no further after a share of them, until it has taken the answers. A line that says
 * more at once than any client has reason to is cut, for what came in one body cannot be held.
 */
export function paceLine(line: Line, counters: Counters, limits: PaceLimits): void {
  let turn = -1;
  let packets = 0;
  let others = 0;
  let isCut = false;
  const cut = (): void => {
    if (isCut) return;
    isCut = true;
    counters.ignore('socket.io', 'too-much-at-once');
    cutLine(line);
  };
  line.on('packet', ({ data }: { data?: unknown }) => {
    if (turns.current !== turn) {
      turn = turns.current;
      packets = 0;
      // Answers that the peer does not take count on.
      if (line.transport.writable) others = 0;
    }
    const isPolling = line.transport.name === 'polling';
    if (++packets > limits.packets && limits.packets !== 0 && isPolling) cut();
    if (typeof data === 'string' && data.startsWith(EVENT)) return;
    others++;
    if (others === SHARE && !isPolling) holdUntilTaken(line);
    if (others > limits.controls && limits.controls !== 0) cut();
  });
  if (line.transport.name === 'polling' && line.protocol === 4) lookAtBodies(line, limits.packets, cut);
}

function holdUntilTaken(line: Line): void {
  const { transport } = line;
  holdLine(line);
  setImmediate(() => {
    if (transport.writable) releaseLine(line);
    else transport.once('ready', () => releaseLine(line));
  });
}

/** engine.io takes a body apart, down to the last packet, before it looks at the first (6.6.11). */
function lookAtBodies(line: Line, limit: number, cut: () => void): void {
  if (limit === 0) return;
  const transport = line.transport as unknown as { onData(body: string): void };
  const onData = transport.onData.bind(transport);
  transport.onData = (body) => {
    if (hasMoreThan(body, SEPARATOR, limit - 1)) cut();
    else onData(body);
  };
}

function hasMoreThan(text: string, character: string, count: number): boolean {
  let at = -1;
  for (let found = 0; found <= count; found++) {
    at = text.indexOf(character, at + 1);
    if (at === -1) return false;
  }
  return true;
}

const EVENT = '2';
/** Between the packets of a body (engine.io protocol 4). */
const SEPARATOR = '\u001e';
/** Heartbeats, joins, leaves and binary packets that are read within a turn. */
const SHARE = 100;
