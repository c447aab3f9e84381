import type { Protocol } from '../protocol.ts';
import { socketSnippets } from '../snippets.ts';
import { ALL_WAYS } from '../ways.ts';

function hello(clientName: string, extras: object = {}): string {
  return JSON.stringify({
    protocol: 'websocket-room-server:1',
    roomProtocol: 'demo:1',
    roomId: 'r1',
    clientState: { mood: 'fine' },
    clientName,
    ...extras,
  });
}

export const stateRooms: Protocol = {
  id: 'wss',
  title: 'Rooms with state',
  path: 'wss',
  summary:
    'Each room holds keys and values, and so does each client in it. Changes are told to everybody else.',
  audience:
    'For clients of websocket-room-server, and for whiteboards, games and forms that share their state.',
  note: 'Say hello within five seconds of connecting, and say nothing wrong: an error ends the connection and tells why.',
  ways: ALL_WAYS,
  fields: [],
  examples: ({ me }) => {
    const change = (body: object): string => JSON.stringify({ type: 2, ...body });
    return [
      {
        name: 'hello',
        hint: 'Enter the room r1; the answer shows its state and who is there',
        text: hello(me),
      },
      {
        name: 'change the room',
        hint: 'Set a value all share; echo brings the notice back to you too',
        text: change({ roomChanges: [{ key: 'topic', value: `soup by ${me}` }], echo: true }),
      },
      {
        name: 'change yourself',
        hint: 'Set a value of your own that the others see',
        text: change({ clientChanges: [{ key: 'mood', value: 'hungry' }] }),
      },
      {
        name: 'unset',
        hint: 'A key without a value goes',
        text: change({ roomChanges: [{ key: 'topic' }], echo: true }),
      },
      {
        name: 'action',
        hint: 'Ask the server to do something; without a handler there it ends the connection',
        text: JSON.stringify({ type: 4, action: 'test', id: '1', data: 'hi' }),
      },
      { name: 'hello, read only', hint: 'Enter unseen, and only watch', text: hello(me, { readonly: true }) },
      { name: 'close', hint: 'Ask to be let go', text: JSON.stringify({ type: 6, msg: 'bye' }) },
    ];
  },
  snippets: (endpoint) =>
    socketSnippets(endpoint, [
      hello('ann'),
      '{"type":2,"roomChanges":[{"key":"topic","value":"soup"}],"echo":true}',
    ]),
  absent: 'This server was started without it.',
};
