import type { Endpoint } from '../endpoint.ts';
import type { Protocol } from '../protocol.ts';
import { scriptText } from '../quote.ts';
import { type Snippet, socketSnippets } from '../snippets.ts';
import { SOCKET_WAYS } from '../ways.ts';

export const multiplex: Protocol = {
  id: 'multiplex',
  title: 'Channels and rooms',
  path: 'multiplex',
  summary:
    'Many topics over one connection: subscribe, publish, unsubscribe. Each frame is type,topic,payload.',
  audience:
    'For clients of websocket-multiplex and sockjs-rooms, and for our own client library, which this app uses too.',
  note: 'A topic is the room of that name. latency answers in private, and layout, ws or echo lead on to those protocols.',
  ways: SOCKET_WAYS,
  fields: [],
  examples: ({ me }) => [
    { name: 'sub', hint: 'Join the room red', text: 'sub,red' },
    {
      name: 'msg',
      hint: 'Say something to everybody in red, yourself included',
      text: `msg,red,Hello from ${me}`,
    },
    { name: 'uns', hint: 'Leave the room red', text: 'uns,red' },
    { name: 'sub latency', hint: 'Open the private channel that sends everything back', text: 'sub,latency' },
    {
      name: 'msg latency',
      hint: 'Hear yourself; commas are part of the payload',
      text: 'msg,latency,one,two,three',
    },
    { name: 'sub layout', hint: 'Open a whole connection to /layout as a topic', text: 'sub,layout' },
    {
      name: 'msg layout',
      hint: 'Speak its protocol there: join the room red, which is the one from above',
      text: `msg,layout,["JOIN",{"room":"red","name":"${me}"}]`,
    },
  ],
  snippets: (endpoint) => [
    clientLibrary(endpoint),
    ...socketSnippets(endpoint, ['sub,red', 'msg,red,Hello from code']),
  ],
  absent: 'Without /multiplex this app itself would not work: try to load the page again.',
};

function clientLibrary({ server, http }: Endpoint): Snippet {
  return {
    title: 'Client library',
    note: "Comes back by itself after every loss. In Node: import { connect } from 'roomplex/client'.",
    code: `import { connect } from ${scriptText(new URL('client/roomplex.js', server).href)};

const client = connect(${scriptText(http)});
const room = client.room('red', { name: 'ann' });
room.on('message', ({ sender, data }) => console.log(sender, data));
await room.join();
await room.publish('Hello from code');`,
  };
}
