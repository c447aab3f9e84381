// Ann and Bob in one room: who is there, what they say, and what a latecomer is told.
// node examples/chat.mjs            on a server of its own
// node examples/chat.mjs ADDRESS    on one that runs already, such as http://localhost:3000
import { createServer } from 'roomplex';
import { connect } from 'roomplex/client';

const own = process.argv[2] === undefined ? createServer() : undefined;
const address = process.argv[2] ?? `http://localhost:${(await own.listen(0)).port}`;

/** Someone in the kitchen who notes down what happens there. */
async function enter(name) {
  const client = connect(new URL('/multiplex', address));
  const room = client.room('kitchen', { name });
  const hears = (text) =>
    new Promise((resolve) => room.on('message', ({ data }) => data === text && resolve()));
  room.on('presence', ({ joins, leaves }) => {
    for (const member of joins) console.log(`${name} sees ${member.name} come`);
    for (const member of leaves) console.log(`${name} sees ${member.name} go`);
  });
  room.on('message', ({ sender, data }) => console.log(`${name} hears ${sender}: ${data}`));
  await room.join();
  console.log(`${name} is in, with ${room.members.length} in the room`);
  return { client, room, hears };
}

const ann = await enter('ann');
const bob = await enter('bob');

const question = bob.hears('Is there any soup left?');
await ann.room.publish('Is there any soup left?');
await question;
const answer = ann.hears('A bowl, if you hurry.');
await bob.room.publish('A bowl, if you hurry.');
await answer;

const gone = new Promise((resolve) =>
  bob.room.on('presence', ({ leaves }) => leaves.length > 0 && resolve()),
);
await ann.client.close();
await gone;
await bob.client.close();
await own?.close();
