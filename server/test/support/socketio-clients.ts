import { createRequire } from 'node:module';
import { within } from './inbox.ts';

/** What the clients of all versions have in common, as far as tests need it. */
export interface SocketIOClient {
  /** As the client knows it; 1.x leaves the namespace out that 2.x and the server have in it. */
  readonly id: string;
  readonly connected: boolean;
  emit(event: string, ...args: unknown[]): unknown;
  send(text: unknown): unknown;
  on(event: string, listener: (...args: never[]) => void): unknown;
  once(event: string, listener: (...args: never[]) => void): unknown;
  connect(): unknown;
  disconnect(): unknown;
  /** Inner, but the same in all versions: what an event's packet goes through. */
  onevent(packet: { data: unknown[] }): void;
  readonly io: { readonly engine: { readonly id: string; readonly transport: { readonly name: string } } };
}

/** What a client is told to do; all versions know these. */
export interface SocketIOOptions {
  readonly transports?: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly [other: string]: unknown;
}

type Connect = (url: string, options: object) => SocketIOClient;

/** A published version of the stock client. */
export interface SocketIOVersion {
  readonly name: string;
  /** Of engine.io's protocol. */
  readonly revision: 3 | 4;
  /** On a connection of its own, that does not come back. */
  connect(url: string, options?: SocketIOOptions): SocketIOClient;
}

const require = createRequire(import.meta.url);

function version(name: string, revision: 3 | 4, connect: Connect): SocketIOVersion {
  return {
    name: `socket.io-client ${name}`,
    revision,
    connect: (url, options = {}) => connect(url, { forceNew: true, reconnection: false, ...options }),
  };
}

/** The client of the original, the last that speaks its protocol, and the present one. */
export const SOCKET_IO_VERSIONS: readonly SocketIOVersion[] = [
  version('1.7', 3, require('socket.io-client-v1') as Connect),
  version('2.5', 3, require('socket.io-client-v2') as Connect),
  version('4.8', 4, (require('socket.io-client') as { io: Connect }).io),
];

/** Waits until a client is in its namespace; rejects with the server's words when it is not let in. */
export async function connected(client: SocketIOClient): Promise<SocketIOClient> {
  await within(
    'connect of a Socket.IO client',
    new Promise<void>((resolve, reject) => {
      let isDecided = false;
      const decide = (error?: unknown): void => {
        if (isDecided) return;
        isDecided = true;
        if (error === undefined) return resolve();
        client.disconnect();
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      client.once('connect', () => decide());
      for (const event of ['connect_error', 'error']) client.once(event, decide);
      if (client.connected) decide();
    }),
  );
  return client;
}
