// Talks in a room from the terminal: node examples/talk.mjs http://localhost:3000 kitchen ann
import { createInterface } from 'node:readline';
import { connect } from 'roomplex/client';

const [address = 'http://localhost:3000', name = 'kitchen', nickname = 'terminal'] = process.argv.slice(2);
const client = connect(new URL('/multiplex', address));
const room = client.room(name, { name: nickname });

client.on('state', (state) => console.log(`(${state})`));
room.on('message', ({ sender, data }) => console.log(`${sender}: ${textOf(data)}`));
room.on('gap', ({ reason }) => console.log(`(something may be missing: ${reason})`));

await room.join();
for await (const line of createInterface({ input: process.stdin })) await room.publish(line);
await client.close();

// The chat of the web app publishes { text, cid }.
function textOf(data) {
  const text = data?.text ?? data;
  return typeof text === 'string' ? text : JSON.stringify(data);
}
