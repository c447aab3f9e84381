// Socket.IO's own rooms, over WebSocket alone.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const server = createServer();
const io = new Server(server, { transports: ['websocket'], serveClient: false });

io.on('connection', (socket) => {
  socket.on('sub', (name) => void socket.join(name));
  socket.on('msg', (name, payload) => io.to(name).emit('msg', name, payload));
});

server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
