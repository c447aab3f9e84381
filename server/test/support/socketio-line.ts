import { Inbox, within } from './inbox.ts';
import type { Closing, Line } from './line.ts';
import { connected, type SocketIOClient } from './socketio-clients.ts';

/** The gateways whose messages are Socket.IO's own events (CONTRACT §2); all others speak by `send()`. */
const EVENT_NAMESPACES: ReadonlySet<string> = new Set(['layout', 'bus', 'lobby', 'trigger']);

/** A namespace as a line: its events as JSON arrays, or its messages as they are. */
export async function openSocketIOLine(gateway: string, client: SocketIOClient): Promise<Line> {
  const messages = new Inbox<string>(`/${gateway}`);
  const hasEvents = EVENT_NAMESPACES.has(gateway);
  client.onevent = ({ data }) => {
    if (hasEvents) messages.push(JSON.stringify(data));
    else messages.push(data[1] as string);
  };
  const closed = new Promise<Closing>((resolve) => {
    client.once('disconnect', (reason: string) => {
      messages.end(`closed: ${reason}`);
      resolve({ code: 1006, reason });
    });
  });
  await connected(client);
  return {
    closed,
    next: (isPatient) => messages.next(isPatient),
    send: (...texts) => {
      for (const text of texts) {
        if (hasEvents) client.emit(...(JSON.parse(text) as [string, ...unknown[]]));
        else client.send(text);
      }
      return Promise.resolve();
    },
    close: async () => {
      client.disconnect();
      await within('disconnect of a Socket.IO client', closed);
    },
  };
}
