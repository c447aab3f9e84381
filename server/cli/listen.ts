import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import {
  type AddressInfo,
  type Server as NetServer,
  createServer as createNetServer,
  isIPv6,
} from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { startError } from './command-error.ts';

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Stops taking new connections. */
  stop(): void;
}

/**
 * Listens on `host`. `localhost` means both loopback addresses, where the machine has both: which of them a
 * browser or a proxy tries first differs.
 */
export async function listen(server: HttpServer, host: string, port: number): Promise<Listening> {
  if (host !== 'localhost') return listening([server], await bind(server, host, port));
  const bound = await bind(server, '127.0.0.1', port);
  // The options of Node's own HTTP and HTTPS servers, so that both addresses behave the same.
  const twin = createNetServer({ noDelay: true, allowHalfOpen: !(server instanceof TlsServer) }, (socket) => {
    server.emit('connection', socket);
  });
  try {
    await bind(twin, '::1', bound);
  } catch (error) {
    if (port !== 0 && codeOf(error) === 'EADDRINUSE') {
      server.close();
      throw error;
    }
    // No IPv6 here, or the free port we were given is not free there.
    return listening([server], bound);
  }
  return listening([server, twin], bound);
}

function listening(servers: readonly NetServer[], port: number): Listening {
  return {
    port,
    stop() {
      for (const server of servers) server.close();
    },
  };
}

async function bind(server: NetServer, host: string, port: number): Promise<number> {
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw startError(explain(error, host, port), error);
  }
  return (server.address() as AddressInfo).port;
}

function explain(error: unknown, host: string, port: number): string {
  const place = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `Port ${port} is taken: something else listens on ${place}. Choose another with --port, or --port 0 for any free one.`;
    case 'EACCES':
      return `Port ${port} needs more rights than this user has. Choose one from 1024 up with --port.`;
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${host} to listen on. See --host.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name ${host} is not known. See --host.`;
    default:
      return `Cannot listen on ${place}: ${(error as Error).message}.`;
  }
}

function codeOf(error: unknown): unknown {
  const source = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return source instanceof Error && 'code' in source ? source.code : undefined;
}

/** The address to tell people: `localhost` wherever that gets here, in brackets where it must be. */
export function publicUrl(scheme: 'http' | 'https', host: string, port: number): string {
  const isHere = ['localhost', '127.0.0.1', '::1', '0.0.0.0', '::'].includes(host);
  const name = isHere ? 'localhost' : isIPv6(host) ? `[${host}]` : host;
  return `${scheme}://${name}:${port}`;
}
