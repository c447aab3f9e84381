import { connect, createServer, type Socket } from 'node:net';
import type { Change } from '../environment.ts';
import { listenOnLoopback, type Middlebox } from './loopback-server.ts';

const HANDSHAKE = /^upgrade: *websocket\r$/im;
const REFUSAL = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

interface Line {
  readonly inward: Socket;
  readonly outward: Socket;
  isWebSocket: boolean;
  isSilent: boolean;
}

/** Passes everything on until it is told otherwise. */
export async function startSwitchable(
  originPort: number,
): Promise<Middlebox & { readonly change: (to: Change) => void }> {
  const lines = new Set<Line>();
  let state: Change = 'clean';
  const server = createServer({ noDelay: true }, (inward) => {
    const outward = connect({ port: originPort, host: '127.0.0.1', noDelay: true });
    const line: Line = { inward, outward, isWebSocket: false, isSilent: state === 'silence-all' };
    lines.add(line);
    inward.on('data', (bytes: Buffer) => {
      if (line.isSilent) return;
      // A handshake is small and comes in one piece, on a connection of its own or after other requests.
      line.isWebSocket ||= HANDSHAKE.test(bytes.toString('latin1'));
      if (line.isWebSocket && state === 'kill-websockets') inward.end(REFUSAL);
      else outward.write(bytes);
    });
    outward.on('data', (bytes: Buffer) => {
      if (!line.isSilent) inward.write(bytes);
    });
    follow(line, inward, outward, () => lines.delete(line));
    follow(line, outward, inward, () => lines.delete(line));
  });
  const middlebox = await listenOnLoopback(server);
  return {
    ...middlebox,
    change(to) {
      state = to;
      for (const line of lines) {
        if (to === 'silence-open' || to === 'silence-all') line.isSilent = true;
        if (to !== 'kill-websockets' || !line.isWebSocket) continue;
        line.inward.resetAndDestroy();
        line.outward.resetAndDestroy();
      }
    },
    async stop() {
      for (const { outward } of lines) outward.destroy();
      await middlebox.stop();
    },
  };
}

/** The other side goes with this one, unless nobody is to be told. */
function follow(line: Line, from: Socket, to: Socket, forget: () => void): void {
  from.on('error', () => undefined);
  from.on('close', () => {
    if (line.isSilent) return;
    forget();
    to.destroy();
  });
}
