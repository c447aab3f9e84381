import type { Socket as Line } from 'engine.io';
import { turns } from '../connection/turns.ts';
import type { Counters } from '../telemetry/counters.ts';
import { cutLine, holdLine, releaseLine } from './socketio-line.ts';

/**
 * Keeps one line from keeping all others waiting. Connections take fair turns with the events they are sent;
 * this is for what the packages do on the spot: taking packets apart, and answering heartbeats and joins. Of
 * those a WebSocket is read no further after a share of them, until it has taken the answers. A line that says
 * more at once than any client has reason to is cut, for what came in one body cannot be held.
 */
export function paceLine(line: Line, counters: Counters): void {
  let turn = -1;
  let packets = 0;
  let others = 0;
  const cut = (): void => {
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
    if (++packets === MOST_PACKETS + 1 && isPolling) cut();
    if (typeof data === 'string' && data.startsWith(EVENT)) return;
    others++;
    if (others === SHARE && !isPolling) holdUntilTaken(line);
    if (others === MOST_OTHERS + 1) cut();
  });
  if (line.transport.name === 'polling' && line.protocol === 4) lookAtBodies(line, cut);
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
function lookAtBodies(line: Line, cut: () => void): void {
  const transport = line.transport as unknown as { onData(body: string): void };
  const onData = transport.onData.bind(transport);
  transport.onData = (body) => {
    if (hasMoreThan(body, SEPARATOR, MOST_PACKETS - 1)) cut();
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
/** Packets in one body. */
const MOST_PACKETS = 10_000;
/** Heartbeats, joins, leaves and binary packets that are read within a turn, and that are too many. */
const SHARE = 100;
const MOST_OTHERS = 1000;
