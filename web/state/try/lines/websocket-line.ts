import type { Line, LineListener } from './line.ts';

/** A WebSocket at the protocol's own path: texts go as they are. */
export function openRawLine(url: string, listener: LineListener): Line {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => listener.opened('websocket'));
  socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) =>
    listener.message(data),
  );
  socket.addEventListener('close', ({ code, reason }) => listener.closed({ code, reason }));
  return {
    send: (text) => socket.send(text),
    close: () => socket.close(1000),
  };
}
