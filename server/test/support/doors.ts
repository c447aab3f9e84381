import { openChannelLine } from './channel-line.ts';
import type { Line } from './line.ts';
import type { TestServer } from './server.ts';
import { SOCKET_IO_VERSIONS } from './socketio-clients.ts';
import { openSocketIOLine } from './socketio-line.ts';
import { openRawLine, openSockJSLine } from './websocket-line.ts';

/** One way to reach a gateway. */
export interface Door {
  readonly name: string;
  /** Whether the gateway sees a query of its own. */
  readonly hasQuery: boolean;
  /** Whether any text can be sent there; where not, a client of a namespace of events can only send events. */
  readonly hasTexts: boolean;
  /** Opens a line to the gateway of that name; `query` starts with `?`. */
  open(server: TestServer, gateway: string, query?: string): Promise<Line>;
}

/** A topic that is a whole connection to the gateway. */
export const CHANNEL: Door = {
  name: 'a channel on /multiplex',
  hasQuery: false,
  hasTexts: true,
  open: async (server, gateway) => openChannelLine(await openRawLine(server.ws('/multiplex')), gateway),
};

/** A namespace of the stock Socket.IO clients. */
const SOCKET_IO: readonly Door[] = SOCKET_IO_VERSIONS.map(({ name, connect }) => ({
  name,
  hasQuery: true,
  hasTexts: false,
  open: (server, gateway, query = '') =>
    openSocketIOLine(gateway, connect(server.http(`/${gateway}${query}`), { transports: ['websocket'] })),
}));

/** Every gateway speaks its protocol behind each of these (CONTRACT §2 and §3). */
export const DOORS: readonly Door[] = [
  {
    name: 'a raw WebSocket at the path',
    hasQuery: true,
    hasTexts: true,
    open: (server, gateway, query = '') => openRawLine(server.ws(`/${gateway}${query}`)),
  },
  {
    name: 'a SockJS WebSocket at the path',
    hasQuery: true,
    hasTexts: true,
    open: (server, gateway, query = '') => openSockJSLine(server.ws(`/${gateway}${query}`)),
  },
  CHANNEL,
  ...SOCKET_IO,
];
