import type { TransportName } from '../../client/index.ts';
import { StoredText } from './stored-text.ts';

/** The ways to the server a user may insist on, best first, each with what it is good for. */
export const TRANSPORTS: readonly { readonly name: TransportName; readonly hint: string }[] = [
  { name: 'websocket', hint: 'One two-way socket, the fastest' },
  { name: 'xhr-streaming', hint: 'One long download, short uploads' },
  { name: 'eventsource', hint: 'Server-sent events, short uploads' },
  { name: 'htmlfile', hint: 'A page that never ends, in a frame' },
  { name: 'iframe-eventsource', hint: 'Server-sent events, in a frame' },
  { name: 'iframe-htmlfile', hint: 'A page that never ends, framed twice' },
  { name: 'xhr-polling', hint: 'One request per answer: passes strict proxies' },
  { name: 'iframe-xhr-polling', hint: 'Polling, in a frame' },
  { name: 'jsonp-polling', hint: 'Script tags and form posts, the last resort' },
];

/** Finds a transport by the name a user or a link gave. */
function asTransport(text: string | null): TransportName | null {
  return TRANSPORTS.find((transport) => transport.name === text)?.name ?? null;
}

const kept = new StoredText('session', 'transport');

/** The transport to insist on in this tab: `?transport=` wins over what was chosen before. */
export function readTransportChoice(address: URL): TransportName | null {
  const asked = address.searchParams.get('transport');
  if (asked === null) return asTransport(kept.get());
  const choice = asTransport(asked);
  kept.set(choice);
  return choice;
}

/** Keeps a choice for this tab, and in the address where the address names one. */
export function writeTransportChoice(choice: TransportName | null): void {
  kept.set(choice);
  const address = new URL(location.href);
  if (!address.searchParams.has('transport')) return;
  address.searchParams.set('transport', choice ?? 'auto');
  history.replaceState(history.state, '', address);
}
