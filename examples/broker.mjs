// A token broker: two clients with tokens, one message to both, and a program that speaks to them over HTTP.
import { once } from 'node:events';
import { createServer } from 'roomplex';
import { WebSocket } from 'ws';

const roomplex = createServer(null, { tokenBroker: { allowUnregistered: true } });
const { port } = await roomplex.listen(Number(process.env.PORT ?? 3000)).catch(({ message }) => {
  console.error(message);
  process.exit(1);
});
console.log(`listening on http://localhost:${port}`);

/** A client that prints what it gets. */
async function connect(token) {
  const socket = new WebSocket(`ws://localhost:${port}/ws?RegisterToken=${token}`);
  socket.on('message', (text) => console.log(`${token} got ${text}`));
  await once(socket, 'open');
  return socket;
}

/** What `curl -d method=… localhost:3000` does. */
async function call(fields) {
  const body = new URLSearchParams(fields);
  return (await fetch(`http://localhost:${port}`, { method: 'POST', body })).text();
}

const ann = await connect('ann');
const bob = await connect('team/bob');

ann.send('team/,ann|Hello');
await Promise.all([once(ann, 'message'), once(bob, 'message')]);

void call({ method: 'broadcast', message: 'team/bob|Dinner is ready' });
await once(bob, 'message');

const tokens = Object.values(JSON.parse(await call({ method: 'get_clients' })));
console.log(`here are ${tokens.toSorted((a, b) => a.localeCompare(b)).join(' and ')}`);
