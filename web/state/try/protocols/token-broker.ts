import type { Endpoint } from '../endpoint.ts';
import type { Protocol } from '../protocol.ts';
import { shellWord } from '../quote.ts';
import { type Snippet, socketSnippets } from '../snippets.ts';
import { ALL_WAYS } from '../ways.ts';

export const tokenBroker: Protocol = {
  id: 'ws',
  title: 'Token broker',
  path: 'ws',
  summary: 'Every connection carries a token, and receivers|text goes to the tokens before the bar.',
  audience:
    'For clients of websockets_pro (saiWebSocket), and for anything that wants to reach others by name.',
  note: 'The broker answers nothing but Echo: what you send shows up at its receivers.',
  ways: ALL_WAYS,
  fields: [
    {
      key: 'RegisterToken',
      label: 'Token (RegisterToken)',
      place: 'parameter',
      defaults: ['abc1', 'group/item1'],
      placeholder: 'none: unregistered',
    },
  ],
  examples: ({ fields }) => {
    const own = fields.get('RegisterToken') || 'abc1';
    return [
      {
        name: 'to several',
        hint: 'To abc1, and to every token that starts with group/',
        text: 'abc1,group/|Hello',
      },
      { name: 'to one', hint: 'To abc1 alone; later bars belong to the text', text: 'abc1|one|two' },
      {
        name: 'to yourself',
        hint: 'The sender gets it too when its own token matches',
        text: `${own}|It is me`,
      },
      {
        name: 'to unregistered',
        hint: 'To all connections without a token of their own',
        text: 'unregistered|Hello',
      },
      { name: 'RegisterToken', hint: 'Take another token', text: 'RegisterToken:abc2' },
      { name: 'Echo', hint: 'Back to you alone', text: 'Echo:hello' },
    ];
  },
  snippets: (endpoint) => [httpApi(endpoint), ...socketSnippets(endpoint, ['abc1,group/|Hello from code'])],
  absent: 'This server was started without it.',
  refused: 'It may take registered tokens only.',
  remedy: ({ server, fields }) => {
    const token = fields.get('RegisterToken') || 'unregistered';
    return {
      text: `Register ${token} and connect`,
      url: server.href,
      fields: { method: 'registerToken', token },
    };
  },
};

/** The form API of S4 §5. */
function httpApi({ server, fields }: Endpoint): Snippet {
  const token = fields.get('RegisterToken') || 'abc1';
  const call = (method: string, field = ''): string =>
    `curl ${shellWord(server.href)} --data-urlencode method=${method}${
      field === '' ? '' : ` \\\n  --data-urlencode ${shellWord(field)}`
    }`;
  return {
    title: 'HTTP API',
    note: "Where the server has an API key: -H 'Authorization: Bearer KEY' with each.",
    code: `# Send a message
${call('broadcast', `message=${token}|Hello from curl`)}

# Who is connected
${call('get_clients')}

# Register a token, list them, unregister it
${call('registerToken', `token=${token}`)}
${call('registeredTokenList')}
${call('unregisterToken', `token=${token}`)}`,
  };
}
