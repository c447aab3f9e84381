// What the kernel takes: the frame of a message is made once and sent to every member by one call of the native
// addon. It stops caring where a server begins: whoever does not take a frame at once never gets it.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { Sender, WebSocketServer } from 'ws';

const { sendToAll } = createRequire(import.meta.url)('../../dist/native/send-to-all.node');
const rooms = new Map();
const server = createServer();
const sockets = new WebSocketServer({ server });
const TEXT = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true };

sockets.on('connection', (socket, request) => {
  const descriptor = request.socket._handle.fd;
  let joined;
  socket.on('error', () => {});
  socket.on('message', (data) => {
    const text = data.toString();
    const [type, name] = text.split(',', 2);
    if (type === 'sub') {
      joined = rooms.get(name) ?? new Set();
      rooms.set(name, joined.add(descriptor));
    } else if (type === 'msg') {
      const members = rooms.get(name) ?? new Set();
      sendToAll(Buffer.concat(Sender.frame(data, TEXT)), Int32Array.from(members), members.size);
    }
  });
  socket.on('close', () => joined?.delete(descriptor));
});

server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
