import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { judgesOrigins } from '../gateways/gateway.ts';
import type { Counters } from '../telemetry/counters.ts';
import type { Sightings } from '../telemetry/sightings.ts';
import type { ConnectionRegistry } from './connection-registry.ts';
import type { Endpoints } from './endpoints.ts';
import type { RefusedPages } from './refused-pages.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import type { SocketIOTransport } from './socketio-transport.ts';
import type { TrustedProxies } from './trusted-proxies.ts';
import type { WebSocketTransport } from './websocket-transport.ts';

/** What the router consults. */
export interface UpgradeSurroundings {
  readonly websockets: WebSocketTransport;
  readonly socketio: SocketIOTransport | undefined;
  readonly endpoints: Endpoints;
  readonly registry: ConnectionRegistry;
  readonly counters: Counters;
  readonly sightings: Sightings;
  readonly proxies: TrustedProxies;
  readonly refusedPages: RefusedPages;
}

/**
 * The one listener for upgrades. Ours go to the WebSocket transport or to Socket.IO; other listeners on the same server, such
 * as Vite's hot reload, keep theirs; what nobody takes is answered 404, never left hanging.
 */
export class UpgradeRouter {
  readonly #server: Server;
  readonly #surroundings: UpgradeSurroundings;

  constructor(server: Server, surroundings: UpgradeSurroundings) {
    this.#server = server;
    this.#surroundings = surroundings;
    server.on('upgrade', this.#route);
  }

  detach(): void {
    this.#server.off('upgrade', this.#route);
  }

  readonly #route = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { websockets, socketio, endpoints, registry, counters, sightings, proxies, refusedPages } =
      this.#surroundings;
    const url = request.url ?? '/';
    sightings.noteUpgrade(request, socket);
    proxies.note(request);
    if (socketio?.owns(url) === true) {
      socket.on('error', ignoreError);
      socketio.upgrade(request, socket, head);
      return;
    }
    const match = endpoints.match(url);
    if (match === undefined || !websockets.owns(match)) {
      this.#leaveToOthers(socket);
      return;
    }
    // Until `ws` takes over, a reset from the peer would end the process.
    socket.on('error', ignoreError);
    if (match.origins.judge(request) === 'refused' && !judgesOrigins(match.gateway)) {
      counters.ignore('upgrade', 'foreign-origin');
      refusedPages.note(request);
      refuseUpgrade(socket, { status: 403 });
    } else if (registry.isFull) {
      counters.ignore('upgrade', 'too-many-connections');
      refuseUpgrade(socket, { status: 503 });
    } else {
      websockets.upgrade(match, request, socket, head);
    }
  };

  /** Another listener may answer later; when none has said a word by then, nobody owns it. */
  #leaveToOthers(socket: Duplex): void {
    const isAlone = this.#server.listenerCount('upgrade') === 1;
    if (isAlone) {
      socket.on('error', ignoreError);
      refuseUpgrade(socket, { status: 404 });
      return;
    }
    const { bytesWritten } = socket as Socket;
    setTimeout(() => {
      if (!socket.destroyed && (socket as Socket).bytesWritten === bytesWritten)
        refuseUpgrade(socket, { status: 404 });
    }, OTHERS_HAVE_MS).unref();
  }
}

const OTHERS_HAVE_MS = 1000;

function ignoreError(): void {}
