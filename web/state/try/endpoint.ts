import type { Field, Protocol } from './protocol.ts';
import { isSockJS, type Way } from './ways.ts';

/** Where a protocol answers on this server, with what was filled in. */
export interface Endpoint {
  /** The server itself; ends in a slash. */
  readonly server: URL;
  /** The protocol's address for HTTP and SockJS. */
  readonly http: string;
  /** The same for WebSocket. */
  readonly ws: string;
  /** {@link Endpoint.http} without the query. */
  readonly base: string;
  /** With the question mark; empty where there is no query. */
  readonly query: string;
  /** Its name as a topic on `/multiplex`. */
  readonly topic: string;
  /** Namespace of Socket.IO, with its slash; `/` where there is none. */
  readonly namespace: string;
  /** What was filled in, by key. */
  readonly fields: ReadonlyMap<string, string>;
}

/** Works out the address of a protocol on the server whose pages live at `base`. */
export function endpointOf(
  { path, fields }: Pick<Protocol, 'path' | 'fields'>,
  values: ReadonlyMap<string, string>,
  base: URL,
): Endpoint {
  const server = new URL('.', base);
  const valueOf = ({ key }: Field): string => values.get(key)?.trim() ?? '';
  const address = new URL(server);
  let topic = path;
  let namespace = '/';
  const filled = [];
  for (const field of fields) {
    const value = valueOf(field);
    if (field.place === 'path') topic = topic.replace(`{${field.key}}`, () => value);
    else if (field.place === 'namespace') namespace = `/${value.replace(/^\/+/, '')}`;
    else if (value !== '')
      filled.push(field.place === 'query' ? value.replace(/^\?/, '') : pair(field.key, value));
  }
  address.pathname += topic.split('/').map(encodeURIComponent).join('/');
  const httpBase = address.href;
  address.search = filled.join('&');
  const socket = new URL(address);
  socket.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return {
    server,
    http: address.href,
    ws: socket.href,
    base: httpBase,
    query: address.search,
    topic,
    namespace,
    fields: new Map(fields.map((field) => [field.key, valueOf(field)])),
  };
}

/** Where a line goes, as a user would write it. */
export function describeTarget({ http, ws, query, topic, namespace, server }: Endpoint, way: Way): string {
  if (isSockJS(way)) return http;
  switch (way) {
    case 'raw':
      return ws;
    case 'channel':
      return `${topic} on ${new URL(`multiplex${query}`, server).href}`;
    case 'engine.io':
      return `${ws}${query === '' ? '?' : '&'}EIO=4&transport=websocket`;
    case 'socket.io':
    case 'socket.io-polling':
      return `${new URL(namespace, server).href}${query}`;
  }
}

function pair(key: string, value: string): string {
  return `${encodeURIComponent(key)}=${encodeURIComponent(value)}`;
}
