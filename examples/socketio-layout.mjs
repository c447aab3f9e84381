// Two Socket.IO clients talk in a room of /layout; what each of them hears is printed.
import { io } from 'socket.io-client';
import { createServer } from 'roomplex';

const roomplex = createServer();
const { port } = await roomplex.listen(Number(process.env.PORT ?? 3000)).catch(({ message }) => {
  console.error(message);
  process.exit(1);
});
console.log(`listening on http://localhost:${port}`);

/** Joins the kitchen; the callback is called when the server has the client in the room. */
async function join(name) {
  const socket = io(`http://localhost:${port}/layout`, { forceNew: true });
  socket.on('EVENT', ({ sender, message }) => console.log(`${name} hears ${sender}: ${message}`));
  await socket.emitWithAck('JOIN', { room: 'kitchen', name });
  return socket;
}

const ann = await join('ann');
const bob = await join('bob');
const answered = new Promise((resolve) => ann.once('EVENT', resolve));
bob.once('EVENT', () => bob.emit('NOTIFY', { room: 'kitchen', message: 'soup' }));
ann.emit('NOTIFY', { room: 'kitchen', message: 'what is for dinner?' });
await answered;

ann.emit('CLIENTS', { room: 'kitchen' });
ann.once('CLIENTS', ({ clients }) => {
  console.log(`in the kitchen: ${clients.join(', ')}`);
  ann.disconnect();
  bob.disconnect();
  void roomplex.close();
});
