import type { Endpoint } from '../endpoint.ts';
import type { Example, Moment, Protocol } from '../protocol.ts';
import { scriptText, shellWord } from '../quote.ts';
import type { Snippet } from '../snippets.ts';

export const socketIO: Protocol = {
  id: 'socket.io',
  title: 'Socket.IO',
  path: 'socket.io/',
  summary: 'Every protocol of this server as a Socket.IO namespace, for clients old and new.',
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

/** An array is an event and its arguments. What each namespace takes is what the gateway of that path takes. */
function events({ me, fields }: Moment): readonly Example[] {
  const event = (name: string, hint: string, ...rest: readonly unknown[]): Example => ({
    name,
    hint,
    text: JSON.stringify([name, ...rest]),
  });
  const greeting = `Hello from ${me}`;
  const namespace = fields.get('namespace') ?? '';
  switch (namespace.replace(/^\//, '')) {
    case 'layout':
    case 'bus':
      return [
        event('JOIN', 'Enter the room kitchen; the server acknowledges it', { room: 'kitchen', name: me }),
        event('NOTIFY', 'Say something to everybody else in it', { room: 'kitchen', message: greeting }),
        event('CLIENTS', 'Ask who is in it', { room: 'kitchen' }),
        event('LEAVE', 'Leave it', { room: 'kitchen' }),
      ];
    case 'lobby':
      return [
        event('JOIN', 'Enter the lobby green', 'green'),
        event('BROADCAST', 'Say something to everybody in it', { message: greeting }),
        event('LEAVE', 'Leave it', 'green'),
      ];
    case 'trigger':
      return [
        event('JOIN', 'Follow the document doc1', 'doc1'),
        event('BROADCAST_EVENTS', 'Tell the others of events', 'doc1', [{ id: 'goal', by: me }]),
      ];
    default:
      return [event('message', 'A text of the protocol behind the namespace, as by socket.send()', greeting)];
  }
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
