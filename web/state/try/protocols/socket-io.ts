import type { Endpoint } from '../endpoint.ts';
import type { Example, Moment, Protocol } from '../protocol.ts';
import { scriptText, shellWord } from '../quote.ts';
import type { Snippet } from '../snippets.ts';

export const socketIO: Protocol = {
  id: 'socket.io',
  title: 'Socket.IO',
  path: 'socket.io/',
  summary: 'The namespaces /layout, /bus, /lobby and /trigger for Socket.IO clients, old and new.',
  audience:
    'For the unmodified clients of the 2-Immerse services, and for everybody who has Socket.IO already.',
  ways: ['socket.io', 'socket.io-polling', 'engine.io'],
  fields: [
    {
      key: 'namespace',
      label: 'Namespace',
      place: 'namespace',
      defaults: ['/layout', '/layout'],
      placeholder: '/layout',
      ways: ['socket.io', 'socket.io-polling'],
    },
    {
      key: 'query',
      label: 'Parameters',
      place: 'query',
      defaults: ['', ''],
      placeholder: 'lobbyId=green',
      ways: ['socket.io', 'socket.io-polling', 'engine.io'],
    },
  ],
  examples: (moment) => (moment.way === 'engine.io' ? bareFrames(moment) : events(moment)),
  snippets: (endpoint) => [pageSnippet(endpoint), nodeSnippet(endpoint), pollingSnippet(endpoint)],
  absent: 'This server was started without Socket.IO.',
};

/** An array is an event and its arguments. */
function events({ me, fields }: Moment): readonly Example[] {
  if (fields.get('namespace')?.endsWith('lobby') === true) {
    return [
      { name: 'JOIN', hint: 'Enter the lobby green', text: '["JOIN","green"]' },
      {
        name: 'BROADCAST',
        hint: 'Say something to everybody in it',
        text: `["BROADCAST",{"message":"Hello from ${me}"}]`,
      },
    ];
  }
  return [
    {
      name: 'JOIN',
      hint: 'Emit JOIN; the server acknowledges it',
      text: `["JOIN",{"room":"kitchen","name":"${me}"}]`,
    },
    {
      name: 'NOTIFY',
      hint: 'Say something to everybody else in the room',
      text: `["NOTIFY",{"room":"kitchen","message":"Hello from ${me}"}]`,
    },
    { name: 'CLIENTS', hint: 'Ask who is in it', text: '["CLIENTS",{"room":"kitchen"}]' },
    { name: 'LEAVE', hint: 'Leave it', text: '["LEAVE",{"room":"kitchen"}]' },
  ];
}

function bareFrames({ me }: Moment): readonly Example[] {
  return [
    { name: '40 connect', hint: 'Ask for the namespace /layout', text: '40/layout,' },
    {
      name: '42 JOIN',
      hint: 'An event; the 7 asks for an acknowledgement',
      text: `42/layout,7["JOIN",{"room":"kitchen","name":"${me}"}]`,
    },
    {
      name: '42 NOTIFY',
      hint: 'An event without one',
      text: `42/layout,["NOTIFY",{"room":"kitchen","message":"Hello from ${me}"}]`,
    },
    { name: '42 CLIENTS', hint: 'Ask who is in the room', text: '42/layout,["CLIENTS",{"room":"kitchen"}]' },
    { name: '41 disconnect', hint: 'Leave the namespace', text: '41/layout,' },
  ];
}

function conversation({ server, namespace, query }: Endpoint): string {
  const origin = new URL(namespace, server).href;
  const { pathname } = new URL('socket.io/', server);
  const options = [
    ...(pathname === '/socket.io/' ? [] : [`path: ${scriptText(pathname)}`]),
    ...(query === '' ? [] : [`query: Object.fromEntries(new URLSearchParams(${scriptText(query)}))`]),
  ];
  const rest = options.length === 0 ? '' : `, { ${options.join(', ')} }`;
  return `const socket = io(${scriptText(origin)}${rest});
socket.on('EVENT', (event) => console.log(event.sender, event.message));
socket.emit('JOIN', { room: 'kitchen', name: 'ann' }, () => console.log('joined'));
socket.emit('NOTIFY', { room: 'kitchen', message: 'Hello from code' });`;
}

function pageSnippet(endpoint: Endpoint): Snippet {
  return {
    title: 'Browser',
    note: 'The script comes from this server.',
    code: `<script src="${new URL('socket.io/socket.io.js', endpoint.server).href}"></script>
<script>
${conversation(endpoint).replaceAll(/^/gm, '  ')}
</script>`,
  };
}

function nodeSnippet(endpoint: Endpoint): Snippet {
  return {
    title: 'Node',
    note: 'After npm install socket.io-client.',
    code: `import { io } from 'socket.io-client';

${conversation(endpoint)}`,
  };
}

function pollingSnippet({ base, query }: Endpoint): Snippet {
  const address = `${base}?EIO=4&transport=polling${query === '' ? '' : `&${query.slice(1)}`}`;
  return {
    title: 'curl',
    note: 'The first request answers with the session id that all others name.',
    code: `curl ${shellWord(address)}`,
  };
}
