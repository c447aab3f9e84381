import type { Endpoint } from '../endpoint.ts';
import type { Line, LineListener } from './line.ts';

const PING = '2';
const PONG = '3';

/** Socket.IO's frames over a bare WebSocket. Pings are answered, since nobody could in time by hand. */
export function openEngineIOLine({ ws, query }: Endpoint, listener: LineListener): Line {
  const socket = new WebSocket(`${ws}${query === '' ? '?' : '&'}EIO=4&transport=websocket`);
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => listener.opened('websocket'));
  socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (data !== PING) {
      listener.message(data);
      return;
    }
    socket.send(PONG);
    listener.noted('The server asked 2 (ping); 3 (pong) was answered for you.');
  });
  socket.addEventListener('close', ({ code, reason }) => listener.closed({ code, reason }));
  return {
    send: (text) => socket.send(text),
    close: () => socket.close(1000),
  };
}
