import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Express } from 'express';
import type { Sightings } from '../telemetry/sightings.ts';
import type { Endpoints } from '../transports/endpoints.ts';
import type { SocketIOTransport } from '../transports/socketio-transport.ts';
import type { SockJSTransport } from '../transports/sockjs-transport.ts';
import type { TrustedProxies } from '../transports/trusted-proxies.ts';
import { isClientScript } from './client-files.ts';
import { errorPage } from './error-page.ts';
import type { GatewayRoutes } from './gateway-routes.ts';

/**
 * The one listener for requests: what gateways answer themselves first, then Socket.IO and SockJS base URLs, then
 * our pages and API, then whoever listened on the server before us, then 404.
 */
export class RequestRouter {
  readonly #server: Server;
  readonly #endpoints: Endpoints;
  readonly #routes: GatewayRoutes;
  readonly #sockjs: SockJSTransport;
  readonly #socketio: SocketIOTransport | undefined;
  readonly #app: Express | undefined;
  readonly #sightings: Sightings;
  readonly #proxies: TrustedProxies;
  readonly #others: readonly RequestListener[];

  constructor(
    server: Server,
    parts: {
      readonly endpoints: Endpoints;
      readonly routes: GatewayRoutes;
      readonly sockjs: SockJSTransport;
      readonly socketio: SocketIOTransport | undefined;
      readonly app: Express | undefined;
      readonly sightings: Sightings;
      readonly proxies: TrustedProxies;
    },
  ) {
    this.#server = server;
    this.#endpoints = parts.endpoints;
    this.#routes = parts.routes;
    this.#sockjs = parts.sockjs;
    this.#socketio = parts.socketio;
    this.#app = parts.app;
    this.#sightings = parts.sightings;
    this.#proxies = parts.proxies;
    this.#others = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('request', this.#route);
  }

  /** Gives the server back to those who listened before. */
  detach(): void {
    this.#server.off('request', this.#route);
    for (const listener of this.#others) this.#server.on('request', listener);
  }

  readonly #route = (request: IncomingMessage, response: ServerResponse): void => {
    const url = request.url ?? '/';
    this.#sightings.note(request, response);
    this.#proxies.note(request);
    const route = this.#endpoints.route(request.method ?? 'GET', url);
    if (route !== undefined) {
      this.#routes.handle(route, request, response);
      return;
    }
    const match = this.#endpoints.match(url);
    if (match !== undefined) {
      this.#sockjs.handle(match, request, response);
      return;
    }
    if (this.#socketio?.owns(url) === true && !isClientScript(url)) {
      this.#socketio.handle(request, response);
      return;
    }
    // Express hands on what it has no route for; its types know only the two-argument form.
    const app = this.#app as unknown as Middleware | undefined;
    if (app === undefined) this.#leaveToOthers(request, response);
    else app(request, response, () => this.#leaveToOthers(request, response));
  };

  #leaveToOthers(request: IncomingMessage, response: ServerResponse): void {
    for (const listener of this.#others) void listener.call(this.#server, request, response);
    // Whoever has come to the server since answers as well.
    if (this.#others.length > 0 || this.#server.listenerCount('request') > 1) return;
    response.writeHead(404, {
      'Content-Type': 'text/html; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(errorPage(404));
  }
}

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
