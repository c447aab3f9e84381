import type { Protocol } from '../protocol.ts';
import { socketSnippets } from '../snippets.ts';
import { ALL_WAYS } from '../ways.ts';

export const services: Protocol = {
  id: 'service',
  title: 'Session controllers',
  path: 'service/{name}',
  summary:
    'A script on the server decides who may connect and what every text means, with groups to send to.',
  audience: 'For controllers written for Enonic XP, and for small services of your own.',
  note: 'There is no protocol beyond plain text: what comes back is up to the controller.',
  ways: ALL_WAYS,
  fields: [
    {
      key: 'name',
      label: 'Controller',
      place: 'path',
      defaults: ['chat', 'chat'],
      placeholder: 'its file name',
    },
    { key: 'query', label: 'Parameters', place: 'query', defaults: ['', ''], placeholder: 'room=blue&tag=a' },
  ],
  examples: ({ me }) => [
    { name: 'text', hint: 'The controller gets it as event.message', text: `Hello from ${me}` },
    {
      name: 'JSON',
      hint: 'JSON is just text to the server',
      text: JSON.stringify({ from: me, text: 'Hello' }),
    },
    { name: 'empty', hint: 'An empty text is a message as well', text: '' },
  ],
  snippets: (endpoint) => socketSnippets(endpoint, ['Hello from code']),
  absent:
    'No controller of this name. Put NAME.js into a folder and start the server with --services FOLDER.',
  refused: 'The controller answered without a webSocket object, or let nobody in from here.',
};
