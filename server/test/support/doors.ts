import { openChannelLine } from './channel-line.ts';
import type { Line } from './line.ts';
import type { TestServer } from './server.ts';
import { openRawLine, openSockJSLine } from './websocket-line.ts';

/** One way to reach a gateway. */
export interface Door {
  readonly name: string;
  /** Whether the gateway sees a query of its own. */
  readonly hasQuery: boolean;
  /** Opens a line to the gateway of that name; `query` starts with `?`. */
  open(server: TestServer, gateway: string, query?: string): Promise<Line>;
}

/** A topic that is a whole connection to the gateway. */
export const CHANNEL: Door = {
  name: 'a channel on /multiplex',
  hasQuery: false,
  open: async (server, gateway) => openChannelLine(await openRawLine(server.ws('/multiplex')), gateway),
};

/** Every gateway speaks its protocol behind each of these (CONTRACT §2 and §3). */
export const DOORS: readonly Door[] = [
  {
    name: 'a raw WebSocket at the path',
    hasQuery: true,
    open: (server, gateway, query = '') => openRawLine(server.ws(`/${gateway}${query}`)),
  },
  {
    name: 'a SockJS WebSocket at the path',
    hasQuery: true,
    open: (server, gateway, query = '') => openSockJSLine(server.ws(`/${gateway}${query}`)),
  },
  CHANNEL,
];
