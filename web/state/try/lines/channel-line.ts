import { type Client, connect, type TransportName } from '../../../../client/index.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Line, LineListener } from './line.ts';

/**
 * A channel on `/multiplex`. The connection is its own: on the page's one connection two handles of a topic are
 * one subscription, and the chat's frames would mix with these. The query goes with the connection.
 */
export function openChannelLine(
  { server, topic, query }: Endpoint,
  forced: TransportName | null,
  listener: LineListener,
): Line {
  const client: Client = connect(
    new URL(`multiplex${query}`, server),
    forced === null ? {} : { transports: [forced] },
  );
  const channel = client.channel(topic);
  let isOver = false;
  /** A channel is open as soon as it is asked for; one that ends before it said anything was not let in. */
  let hasSpoken = false;
  const end = (code: number | null, reason: string): void => {
    if (isOver) return;
    isOver = true;
    void client.close();
    listener.closed({ code, reason, isRefusal: !hasSpoken });
  };
  channel.on('open', () => listener.opened(client.transport ?? ''));
  channel.on('message', (text) => {
    hasSpoken = true;
    listener.message(text);
  });
  channel.on('close', () => {
    if (client.state === 'open') end(null, 'the server ended the channel');
    else if (!isOver) listener.lost();
  });
  client.on('error', (error) => {
    if (error.code === 'refused') end(null, error.message);
    else if (!isOver) listener.noted(error.message);
  });
  return {
    send: (text) => channel.send(text),
    close: () => {
      if (isOver) return;
      isOver = true;
      void client.close().then(() => listener.closed({ code: 1000, reason: '' }));
    },
  };
}
