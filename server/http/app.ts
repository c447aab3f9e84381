import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { RefusalCode } from '../../protocol/rooms.ts';
import { HubError } from '../hub/errors.ts';
import type { Hub } from '../hub/hub.ts';
import type { Installation } from '../installation.ts';
import type { Logger } from '../log.ts';
import type { ServerOptions } from '../options.ts';
import type { Counters } from '../telemetry/counters.ts';
import type { Sightings } from '../telemetry/sightings.ts';
import type { OriginPolicy } from '../transports/origin-policy.ts';
import { adminApi } from './api/admin-api.ts';
import { busMessage } from './bus-message.ts';
import { clientFiles, socketIOClientFiles } from './client-files.ts';
import { doctorApi } from './doctor/doctor-api.ts';
import { doctorPage } from './doctor-page.ts';
import { giveOwnerCookie } from './owner-cookie.ts';
import { createMetrics } from './metrics.ts';
import type { ServerOverview } from './overview.ts';
import { errorPage } from './error-page.ts';
import { securityHeaders } from './security-headers.ts';
import { webApp } from './web-app.ts';

/** What the HTTP side consults. */
export interface AppSurroundings {
  readonly hub: Hub;
  readonly counters: Counters;
  readonly overview: ServerOverview;
  readonly origins: OriginPolicy;
  readonly sightings: Sightings;
  readonly log: Logger;
  readonly installation: Installation;
  readonly web: ServerOptions['web'];
  /** Bytes of a body that the doctor sends; 0 lifts it. */
  readonly bodyLimit: number;
  /** Bytes of a body of `/bus-message` or `/api`; 0 lifts it. */
  readonly busMessageLimit: number;
  /** Messages in one page of history; 0 lifts it. */
  readonly pageLimit: number;
  /** False while the server drains. */
  isReady(): boolean;
}

/** Everything that is plain HTTP: health, metrics, the API, the client files and the web app. */
export function createApp(surroundings: AppSurroundings): Express {
  const { hub, counters, overview, origins, log, web } = surroundings;
  const metrics = createMetrics(hub, counters);
  const app = express();
  app.disable('x-powered-by');
  // On our own answers only: whoever shares the HTTP server with us has rules of its own.
  const guards = [securityHeaders(), refuseCrossSite(origins, counters)];
  app.use(
    ['/healthcheck', '/healthz', '/readyz', '/metrics', '/bus-message', '/api', '/client', '/socket.io'],
    guards,
  );
  app.get('/healthcheck', (_request, response) => {
    response.send('OK');
  });
  app.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });
  app.get('/readyz', (_request, response) => {
    const isReady = surroundings.isReady();
    response
      .status(isReady ? 200 : 503)
      .type('text/plain')
      .send(isReady ? 'ready\n' : 'not ready\n');
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.metrics());
  });
  app.use('/bus-message', busMessage(hub, surroundings.busMessageLimit));
  app.use('/api', adminApi(hub, overview, surroundings.busMessageLimit, surroundings.pageLimit));
  app.use('/client', clientFiles(surroundings.installation));
  app.use('/socket.io', socketIOClientFiles(surroundings.installation));
  app.use('/doctor', securityHeaders(), doctorApi(origins, surroundings.sightings, surroundings.bodyLimit));
  if (web !== undefined && web !== false) {
    app.use(guards, giveOwnerCookie(), doctorPage(web), webApp(web));
  }
  app.use(reportErrors(log));
  return app;
}

/** Requests that change something come from the same site, an allowed one, or no browser (CONTRACT §2). */
function refuseCrossSite(origins: OriginPolicy, counters: Counters): RequestHandler {
  return (request, response, next) => {
    const changes = request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'OPTIONS';
    if (!changes || !origins.isCrossSite(request)) {
      next();
      return;
    }
    counters.ignore('http', 'cross-site');
    response.status(403).send(errorPage(403, 'This request comes from the page of another site.'));
  };
}

/** A page for clients' mistakes, a log line for ours; never a stack trace. */
function reportErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    if (status >= 500) log.error('request failed', { error: String(error) });
    response.status(status).send(errorPage(status));
  };
}

function statusOf(error: unknown): number {
  if (error instanceof HubError) return HUB_STATUS.get(error.code) ?? 400;
  const isHttpError = typeof error === 'object' && error !== null && 'status' in error;
  return isHttpError && typeof error.status === 'number' ? error.status : 500;
}

const HUB_STATUS = new Map<RefusalCode, number>([
  ['forbidden', 403],
  ['unavailable', 503],
]);
