// Rooms on ws, as its documentation broadcasts: send() to each member.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const rooms = new Map();
const server = createServer();
const sockets = new WebSocketServer({ server });

sockets.on('connection', (socket) => {
  let joined;
  socket.on('error', () => {});
  socket.on('message', (data) => {
    const text = data.toString();
    const [type, name] = text.split(',', 2);
    if (type === 'sub') {
      joined = rooms.get(name) ?? new Set();
      rooms.set(name, joined.add(socket));
    } else if (type === 'msg') {
      for (const member of rooms.get(name) ?? []) member.send(data, { binary: false });
    }
  });
  socket.on('close', () => joined?.delete(socket));
});

server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
