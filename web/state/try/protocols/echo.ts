import type { Protocol } from '../protocol.ts';
import { socketSnippets } from '../snippets.ts';
import { ALL_WAYS } from '../ways.ts';

export const echo: Protocol = {
  id: 'echo',
  title: 'Echo',
  path: 'echo',
  summary: 'Sends back what it gets, and nothing else.',
  audience: 'For finding out whether a network, a proxy or a client lets messages through, and how fast.',
  ways: ALL_WAYS,
  fields: [],
  examples: () => [
    { name: 'text', hint: 'Any text', text: 'Hello?' },
    { name: 'Unicode', hint: 'Letters, signs and an emoji of several parts', text: 'Grüße, 日本, 👩‍🚀' },
    { name: 'JSON', hint: 'Try Pretty-print on the answer', text: '{"a":[1,2,{"b":null}],"c":"d"}' },
    { name: 'lines', hint: 'Line breaks survive', text: 'one\ntwo\nthree' },
    { name: 'a long one', hint: 'Ten thousand characters', text: '0123456789'.repeat(1_000) },
  ],
  snippets: (endpoint) => socketSnippets(endpoint, ['Hello?']),
  absent: 'This server was started without it.',
};
