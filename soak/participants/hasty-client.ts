import { createClient } from '../../client/client.ts';
import { nodeEnvironment } from '../../client/node-environment.ts';
import type { Client, TransportName } from '../../client/types.ts';

/** Of the waits between two tries: so much can happen in a short time. */
const HASTE = 0.02;

/** The client library, but that it comes back after milliseconds rather than seconds. */
export function hastyClient(port: number, ...transports: readonly TransportName[]): Client {
  const environment = { ...nodeEnvironment, random: () => HASTE * Math.random() };
  const chosen: readonly TransportName[] = transports.length === 0 ? ['websocket'] : transports;
  return createClient(environment, `http://127.0.0.1:${port}/multiplex`, { transports: chosen });
}
