import { decodeVerb } from '../../../../protocol/rooms.ts';
import type { Moment, Protocol } from '../protocol.ts';
import { socketSnippets } from '../snippets.ts';
import { ALL_WAYS } from '../ways.ts';

const NOBODY = 'an id from PEERS';

export const lobby: Protocol = {
  id: 'lobby',
  title: 'Lobby',
  path: 'lobby',
  summary:
    'One lobby per connection, where everybody hears who comes and goes and can signal to one other peer.',
  audience: 'For the 2-Immerse lobby and for WebRTC calls that need somebody to pass their offers on.',
  note: 'With a lobby filled in you are in it as soon as you connect. Without one, send JOIN.',
  ways: ALL_WAYS,
  fields: [
    {
      key: 'lobbyId',
      label: 'Lobby (lobbyId)',
      place: 'parameter',
      defaults: ['green', 'green'],
      placeholder: 'none: send JOIN',
    },
  ],
  examples: (moment) => {
    const lobbyId = moment.fields.get('lobbyId') || 'green';
    const isIn = moment.fields.get('lobbyId') !== '';
    const verb = (event: string, argument: unknown): string => JSON.stringify([event, argument]);
    const join = { name: 'JOIN', hint: `Enter the lobby ${lobbyId}`, text: verb('JOIN', lobbyId) };
    return [
      ...(isIn ? [] : [join]),
      {
        name: 'BROADCAST',
        hint: 'Say something to everybody in the lobby, yourself included',
        text: verb('BROADCAST', { lobbyId, message: `Hello from ${moment.me}` }),
      },
      {
        name: 'RTCSIGNAL',
        hint: 'Pass something on to one other peer: the last one that was announced',
        text: verb('RTCSIGNAL', { to: peerAmong(moment.received) ?? NOBODY, type: 'offer', sdp: 'v=0' }),
      },
      { name: 'LEAVE', hint: 'Leave the lobby', text: verb('LEAVE', lobbyId) },
      ...(isIn ? [join] : []),
    ];
  },
  snippets: (endpoint) => socketSnippets(endpoint, ['["BROADCAST",{"message":"Hello from code"}]']),
  absent: 'This server was started without it.',
};

/** Another peer's id, from what the lobby has announced; the first `JOINED` is the client's own. */
function peerAmong(received: Moment['received']): string | undefined {
  const peers = new Set<string>();
  let own: unknown;
  for (const text of received) {
    const verb = decodeVerb(text);
    const [argument] = verb?.args ?? [];
    if (verb?.event === 'PEERS' && Array.isArray(argument)) {
      for (const peer of argument) if (typeof peer === 'string') peers.add(peer);
    } else if (typeof argument === 'string') {
      if (verb?.event === 'JOINED') own ??= argument;
      if (verb?.event === 'JOINED' && argument !== own) peers.add(argument);
      if (verb?.event === 'LEFT') peers.delete(argument);
    }
  }
  return [...peers].at(-1);
}
