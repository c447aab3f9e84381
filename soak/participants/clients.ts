import { createClient } from '../../client/client.ts';
import { nodeEnvironment } from '../../client/node/environment.ts';
import type { Client, TransportName } from '../../client/types.ts';

/** Of the waits between two tries: so much can happen in a short time. */
const HASTE = 0.02;

/** The client library, but that it comes back after milliseconds rather than seconds. */
export function hastyClient(port: number, ...transports: readonly TransportName[]): Client {
  const chosen: readonly TransportName[] = transports.length === 0 ? ['websocket'] : transports;
  const environment = { ...nodeEnvironment, random: () => HASTE * Math.random() };
  return createClient(environment, addressOf(port), { transports: chosen });
}

/** The client library as it is. */
export function plainClient(port: number): Client {
  return createClient(nodeEnvironment, addressOf(port), { transports: ['websocket'] });
}

function addressOf(port: number): string {
  return `http://127.0.0.1:${port}/multiplex`;
}
