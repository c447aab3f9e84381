import { type RequestListener, type Server as HttpServer, createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { resolve } from 'node:path';
import { findInstallation } from '../installation.ts';
import { createServer } from '../create-server.ts';
import { HTTP_TIMEOUTS } from '../http-timeouts.ts';
import type { Logger } from '../log.ts';
import type { ServerOptions } from '../options.ts';
import { loadServices, ServiceLoadError } from '../services/load-services.ts';
import { StoreError } from '../store-error.ts';
import { startError } from './command-error.ts';
import { listen, type Listening, publicUrl } from './listen.ts';
import type { Settings } from './settings.ts';
import { type TlsIdentity, loadTls } from './tls.ts';

/** What stands in front of the server while the web app is developed. */
export type Frontend = (listener: HttpServer) => Promise<{
  /** What the server is mounted on instead of `listener`. */
  readonly target: HttpServer;
  readonly web: RequestListener;
  close(): Promise<void>;
}>;

/** What {@link serve} is given beside the settings. */
export interface ServeContext {
  /** Where relative paths start and where the self-signed certificate is kept. */
  readonly cwd: string;
  readonly log: Logger;
  readonly frontend?: Frontend;
}

/** A server that answers. */
export interface RunningServer {
  readonly url: string;
  /** Closes every connection in order, then stops listening. */
  close(): Promise<void>;
}

/** Starts a server; resolves when it takes connections. */
export async function serve(
  settings: Settings,
  { cwd, log, frontend }: ServeContext,
): Promise<RunningServer> {
  const identity = settings.tls && (await loadTls(settings.tls, settings.host, cwd));
  if (identity !== undefined) logIdentity(identity, log);
  const services =
    settings.services === undefined ? {} : await findServices(resolve(cwd, settings.services), log);
  const listener = createListener(identity);
  const front = await frontend?.(listener);
  const server = createServer(front?.target ?? listener, {
    ...serverOptions(settings, cwd, log),
    services,
    web: front?.web ?? { root: findInstallation().webRoot },
  });
  const listening = await start(server, listener, settings).catch(async (error: unknown) => {
    await server.close();
    await front?.close();
    throw error;
  });
  return {
    url: publicUrl(identity === undefined ? 'http' : 'https', settings.host, listening.port),
    async close() {
      // In this order, so that whoever asks meanwhile is told that the server drains.
      await server.close();
      await front?.close();
      listening.stop();
      listener.closeAllConnections();
    },
  };
}

async function start(
  server: ReturnType<typeof createServer>,
  listener: HttpServer,
  settings: Settings,
): Promise<Listening> {
  await server.ready().catch(async (error: unknown) => {
    if (!(error instanceof StoreError)) throw error;
    // Whoever starts the same server twice is better told of the port.
    (await listen(listener, settings.host, settings.port)).stop();
    throw startError(error.message, error);
  });
  return listen(listener, settings.host, settings.port);
}

async function findServices(folder: string, log: Logger): Promise<NonNullable<ServerOptions['services']>> {
  const services = await loadServices(folder, { log }).catch((error: unknown) => {
    throw error instanceof ServiceLoadError ? startError(error.message, error) : error;
  });
  if (services.size > 0) log.info('services loaded', { services: [...services.keys()] });
  return services;
}

function createListener(identity: TlsIdentity | undefined): HttpServer {
  if (identity === undefined) return createHttpServer(HTTP_TIMEOUTS);
  try {
    return createHttpsServer({ cert: identity.cert, key: identity.key, ...HTTP_TIMEOUTS });
  } catch (error) {
    throw startError(`Cannot use the certificate: ${(error as Error).message}.`, error);
  }
}

function logIdentity({ fingerprint, isSelfSigned, isNew }: TlsIdentity, log: Logger): void {
  if (!isSelfSigned) {
    log.info('certificate loaded', { fingerprint });
    return;
  }
  log.info(`self-signed certificate ${isNew ? 'made' : 'found'}; browsers will warn`, { fingerprint });
}

function serverOptions(settings: Settings, cwd: string, log: Logger): ServerOptions {
  return {
    ...(settings.data !== undefined && { data: resolve(cwd, settings.data) }),
    origins: settings.origins,
    trustProxy: settings.trustProxy,
    rooms: settings.rooms,
    channels: settings.channels,
    limits: settings.limits,
    tokenBroker: settings.tokenBroker,
    native: settings.native,
    log,
    ...(settings.adminToken !== undefined && { adminToken: settings.adminToken }),
  };
}
