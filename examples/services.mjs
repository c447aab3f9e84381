// Session controllers from a folder: two clients of services/chat.js, which runs as it did on its old platform, talk.
import { once } from 'node:events';
import { createServer, loadServices } from 'roomplex';
import { WebSocket } from 'ws';

const services = await loadServices(new URL('services', import.meta.url));
const roomplex = createServer(null, { services });
const { port } = await roomplex.listen(Number(process.env.PORT ?? 3000)).catch(({ message }) => {
  console.error(message);
  process.exit(1);
});
console.log(`listening on http://localhost:${port}`);

async function enter(name) {
  const socket = new WebSocket(`ws://localhost:${port}/service/chat`, 'text');
  const [greeting] = await once(socket, 'message');
  console.log(`${name} was told: ${greeting}`);
  return socket;
}

const [ann, bob] = [await enter('ann'), await enter('bob')];
bob.on('message', (text) => console.log(`bob heard: ${text}`));
ann.send('hello');
