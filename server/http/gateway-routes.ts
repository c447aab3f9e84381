import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpAnswer } from '../gateways/http-exchange.ts';
import type { Logger } from '../log.ts';
import type { Counters } from '../telemetry/counters.ts';
import { limitBody } from '../transports/body-limit.ts';
import type { RouteMatch } from '../transports/endpoints.ts';
import { senderOf } from '../transports/request-sender.ts';

/** Carries plain requests to the gateways that answer them, and their answers back. */
export class GatewayRoutes {
  readonly #counters: Counters;
  readonly #log: Logger;

  constructor(counters: Counters, log: Logger) {
    this.#counters = counters;
    this.#log = log;
  }

  handle({ route, origins, query }: RouteMatch, request: IncomingMessage, response: ServerResponse): void {
    const method = request.method ?? 'GET';
    if (route.changesSomething(method, query) && origins.isCrossSite(request)) {
      this.#counters.ignore('http', 'cross-site');
      write(response, { status: 403, body: 'This request comes from the page of another site.\n' });
      return;
    }
    let isRefused = false;
    const onRefused = (): void => {
      isRefused = true;
      this.#counters.ignore('http', 'body-too-big');
    };
    if (limitBody(request, response, route.bodyLimit, onRefused)) return;
    const answer = async (): Promise<HttpAnswer | undefined> => {
      const body = await readBody(request, () => isRefused);
      if (isRefused) return undefined;
      return route.answer({
        method,
        path: route.path,
        query,
        headers: request.headers,
        remoteAddress: senderOf(request).address,
        grantedOrigin: origins.grant(request),
        body,
      });
    };
    answer().then(
      (given) => {
        if (given !== undefined && !response.headersSent) write(response, given);
      },
      (error: unknown) => {
        if (request.destroyed && !request.complete) return;
        this.#log.error('request failed', { error: String(error) });
        if (!response.headersSent) write(response, { status: 500, body: 'Internal Server Error\n' });
      },
    );
  }
}

/** As text; what is too long is read to its end, but not kept. */
async function readBody(request: IncomingMessage, isRefused: () => boolean): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (isRefused()) chunks.length = 0;
    else chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function write(response: ServerResponse, { status, headers = {}, body = '' }: HttpAnswer): void {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.statusCode = status;
  response.end(body);
}
