// Rooms on ws at its cheapest: one WebSocket frame is built per message and written to every member's socket
// past ws. What it gives up: ws's own queueing, so no compression, no closing handshake in order.
import { createServer } from 'node:http';
import { Sender, WebSocketServer } from 'ws';

const nop = () => {};
const rooms = new Map();
const server = createServer();
const sockets = new WebSocketServer({ server });
const TEXT = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true };

sockets.on('connection', (socket, request) => {
  const line = request.socket;
  let joined;
  socket.on('error', () => {});
  socket.on('message', (data) => {
    const text = data.toString();
    const [type, name] = text.split(',', 2);
    if (type === 'sub') {
      joined = rooms.get(name) ?? new Set();
      rooms.set(name, joined.add(line));
    } else if (type === 'msg') {
      const frame = Buffer.concat(Sender.frame(data, TEXT));
      for (const member of rooms.get(name) ?? []) member._write(frame, 'buffer', nop);
    }
  });
  socket.on('close', () => joined?.delete(line));
});

server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
