import { onTestFinished } from 'vitest';
import { createClient } from '../client.ts';
import { systemClock } from '../clock.ts';
import type { Environment } from '../environment.ts';
import { nodeEnvironment } from '../node/environment.ts';
import type { Client, ConnectOptions } from '../types.ts';
import { ScriptedServer, type Peer } from './scripted-server.ts';

/** Comes back without waiting. */
export const eagerEnvironment: Environment = { ...nodeEnvironment, random: () => 0 };

/** Lives ten times as fast, for what nothing but time can tell: silence from slowness, for one. */
export const hurriedEnvironment: Environment = {
  ...eagerEnvironment,
  clock: { now: () => systemClock.now(), after: (ms, ring) => systemClock.after(ms / 10, ring) },
};

export async function startServer(port?: number): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(port);
  onTestFinished(() => server.close());
  return server;
}

/** A client that is closed after the test. */
export function startClient(
  url: string,
  options: ConnectOptions = {},
  environment: Environment = eagerEnvironment,
): Client {
  const client = createClient(environment, url, { transports: ['websocket'], ...options });
  onTestFinished(() => client.close());
  return client;
}

/** A server, a client and the connection between them. */
export async function startPair(
  options: ConnectOptions = {},
  environment?: Environment,
): Promise<{ server: ScriptedServer; client: Client; peer: Peer }> {
  const server = await startServer();
  const client = startClient(server.url, options, environment);
  const peer = await server.greeted();
  await client.ready();
  return { server, client, peer };
}

/** Resolves with what a one-off listener gets. */
export function told<T>(subscribe: (listener: (value: T) => void) => () => void): Promise<T> {
  return new Promise((resolve) => {
    const stop = subscribe((value) => {
      stop();
      resolve(value);
    });
  });
}
