// SockJS with websocket-multiplex. The multiplexer knows no rooms: the application keeps the channel's
// connections and writes to each.
import { createServer } from 'node:http';
import sockjs from 'sockjs';
import multiplex from 'websocket-multiplex';

const ROOMS = 1000;

const server = createServer();
const service = sockjs.createServer({ log: () => {} });
const multiplexer = new multiplex.MultiplexServer(service);

for (let i = 0; i < ROOMS; i++) {
  const members = new Set();
  multiplexer.registerChannel(`r${i}`).on('connection', (member) => {
    members.add(member);
    member.on('data', (payload) => {
      for (const other of members) other.write(payload);
    });
    member.on('close', () => members.delete(member));
  });
}
service.installHandlers(server, { prefix: '/multiplex' });

server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
