import type { Endpoint } from '../endpoint.ts';
import type { Example, Moment, Protocol } from '../protocol.ts';
import { shellWord } from '../quote.ts';
import { type Snippet, socketSnippets } from '../snippets.ts';
import { ALL_WAYS } from '../ways.ts';

/** The verbs of `/layout` and `/bus` (S1 §4). */
function examples({ me }: Moment): readonly Example[] {
  const verb = (event: string, body: object, ...id: number[]): string => JSON.stringify([event, body, ...id]);
  return [
    {
      name: 'JOIN',
      hint: 'Enter the room kitchen; the 1 asks for an answer',
      text: verb('JOIN', { room: 'kitchen', name: me }, 1),
    },
    {
      name: 'NOTIFY',
      hint: 'Say something to everybody else in it',
      text: verb('NOTIFY', { room: 'kitchen', message: `Hello from ${me}` }),
    },
    { name: 'CLIENTS', hint: 'Ask who is in it', text: verb('CLIENTS', { room: 'kitchen' }) },
    { name: 'LEAVE', hint: 'Leave it', text: verb('LEAVE', { room: 'kitchen' }, 2) },
    {
      name: 'JOIN with extras',
      hint: 'Also ask for presence, numbered messages and your own echo',
      text: verb('JOIN', { room: 'kitchen', name: me, presence: true, positions: true, echo: true }, 3),
    },
    {
      name: 'NOTIFY any JSON',
      hint: 'A message may be any JSON value',
      text: verb('NOTIFY', { room: 'kitchen', message: { soup: ['leek', 2] } }, 4),
    },
    {
      name: 'a mistake',
      hint: 'See how a refusal looks: there is no name',
      text: verb('JOIN', { room: 'kitchen' }, 5),
    },
  ];
}

function frames(name: string): string[] {
  return [
    JSON.stringify(['JOIN', { room: 'kitchen', name }, 1]),
    JSON.stringify(['NOTIFY', { room: 'kitchen', message: 'Hello from code' }, 2]),
  ];
}

export const layout: Protocol = {
  id: 'layout',
  title: 'Rooms with nicknames',
  path: 'layout',
  summary:
    'Join a room under a name, and what you say goes to everybody else in it. Each frame is a JSON array.',
  audience:
    'For clients of the 2-Immerse layout service. Its rooms are the rooms of /multiplex and of the chat.',
  ways: ALL_WAYS,
  fields: [],
  examples,
  snippets: (endpoint) => socketSnippets(endpoint, frames('ann')),
  absent: 'This server was started without it.',
};

export const bus: Protocol = {
  id: 'bus',
  title: 'Message bus',
  path: 'bus',
  summary: 'The verbs of /layout with rooms of its own, and a way in for plain HTTP requests.',
  audience: 'For clients of the 2-Immerse bus, and for programs that only want to post.',
  note: 'Join a room here, then post into it with the curl line below.',
  ways: ALL_WAYS,
  fields: [],
  examples,
  snippets: (endpoint) => [postSnippet(endpoint), ...socketSnippets(endpoint, frames('ann'))],
  absent: 'This server was started without it.',
};

function postSnippet({ server }: Endpoint): Snippet {
  return {
    title: 'HTTP',
    note: 'Everybody in the room gets it as an EVENT of the sender POST.',
    code: `curl ${shellWord(new URL('bus-message/kitchen', server).href)} \\
  -H 'Content-Type: application/json' --data-raw '{"hello":"from curl"}'`,
  };
}
