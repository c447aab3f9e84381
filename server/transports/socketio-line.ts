import type { Socket as Line } from 'engine.io';
import type { WebSocket } from 'ws';

/** The WebSocket under an engine.io socket, past engine.io's interface (6.6.11); `undefined` while it polls. */
function webSocketOf(line: Line): WebSocket | undefined {
  return (line.transport as { socket?: WebSocket }).socket;
}

/** How many namespaces of a line want nothing more to be read for now. */
const holds = new WeakMap<Line, number>();

/** Reads no more from a WebSocket until {@link releaseLine} was called as often; polling has no such thing. */
export function holdLine(line: Line): void {
  const count = holds.get(line) ?? 0;
  holds.set(line, count + 1);
  if (count === 0) webSocketOf(line)?.pause();
}

export function releaseLine(line: Line): void {
  const count = (holds.get(line) ?? 0) - 1;
  holds.set(line, count);
  if (count === 0) webSocketOf(line)?.resume();
}

/** Ends a line at once. engine.io itself would wait for the answer to a close frame that is never read. */
export function cutLine(line: Line): void {
  const socket = webSocketOf(line);
  line.close(true);
  socket?.terminate();
}
