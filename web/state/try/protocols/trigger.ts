import type { Protocol } from '../protocol.ts';
import { socketSnippets } from '../snippets.ts';
import { ALL_WAYS } from '../ways.ts';

export const trigger: Protocol = {
  id: 'trigger',
  title: 'Triggers',
  path: 'trigger',
  summary:
    'Channels named after documents, for events, updates and status, each to everybody else in the channel.',
  audience: 'For the 2-Immerse trigger tool: editors on one side, players on the other.',
  ways: ALL_WAYS,
  fields: [],
  examples: ({ me }) => {
    const broadcast = (kind: string, data: unknown): string =>
      JSON.stringify([`BROADCAST_${kind}`, 'doc1', data]);
    return [
      { name: 'JOIN', hint: 'Follow the document doc1; the 1 asks for an answer', text: '["JOIN","doc1",1]' },
      {
        name: 'BROADCAST_EVENTS',
        hint: 'Tell the others of events',
        text: broadcast('EVENTS', [{ id: 'goal', by: me }]),
      },
      {
        name: 'BROADCAST_UPDATES',
        hint: 'Tell the others of changes',
        text: broadcast('UPDATES', { title: 'Half time' }),
      },
      {
        name: 'BROADCAST_STATUS',
        hint: 'Tell the others how it stands',
        text: broadcast('STATUS', { ready: true }),
      },
      { name: 'LEAVE', hint: 'Follow it no longer', text: '["LEAVE","doc1",2]' },
    ];
  },
  snippets: (endpoint) =>
    socketSnippets(endpoint, ['["JOIN","doc1",1]', '["BROADCAST_EVENTS","doc1",[{"id":"goal"}],2]']),
  absent: 'This server was started without it.',
};
