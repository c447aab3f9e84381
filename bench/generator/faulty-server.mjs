// A room server on ws for the tests of the checks: the tenth message to the second member goes wrong as asked.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const fault = process.argv[2];
const members = [];
let told = 0;
let held;

const server = createServer();
new WebSocketServer({ server }).on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', (data) => {
    const text = data.toString();
    if (text.startsWith('sub,')) members.push(socket);
    else members.forEach((member, index) => deliver(member, index, text));
  });
});

function deliver(member, index, text) {
  // Probes carry publisher 9999 and may be sent more than once.
  if (index !== 1 || text.includes('#9999#')) return member.send(text);
  told++;
  if (told === 11 && held !== undefined) {
    member.send(text);
    return member.send(held);
  }
  if (told !== 10) return member.send(text);
  if (fault === 'loses') return;
  if (fault === 'doubles') member.send(text);
  if (fault === 'garbles') return member.send(text.replace('brown', 'green'));
  if (fault === 'closes') return member.close();
  if (fault === 'reorders') {
    held = text;
    return;
  }
  member.send(text);
}

server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
