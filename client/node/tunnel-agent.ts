import { Agent, request } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** The proxy answered, and would not open a tunnel. */
export class TunnelRefused extends Error {
  override readonly name = 'TunnelRefused';
  readonly status: number;
  /** `CONNECT_403` */
  readonly code: string;

  constructor(status: number) {
    super(`the proxy answered CONNECT with ${status}`);
    this.status = status;
    this.code = `CONNECT_${status}`;
  }
}

/** The proxy itself was not reached, or did not answer as one. */
export class ProxyFailed extends Error {
  override readonly name = 'ProxyFailed';
  /** `PROXY_ECONNREFUSED` */
  readonly code: string;

  constructor(cause: NodeJS.ErrnoException) {
    super(`the proxy failed: ${cause.message}`, { cause });
    this.code = `PROXY_${cause.code ?? 'UNKNOWN'}`;
  }
}

/** Nobody waits so long for a tunnel. */
const TUNNEL_PATIENCE_MS = 30_000;

/** Where to, as `node:http` tells its agents. */
interface Target {
  readonly host?: string | null;
  readonly port?: number | string | null;
}

/** Opens connections through an HTTP proxy, by `CONNECT`. `isEncrypted`: TLS inside of them. */
export class TunnelAgent extends Agent {
  readonly #proxy: URL;
  readonly #isEncrypted: boolean;
  readonly #isInsecure: boolean;

  constructor(proxy: URL, isEncrypted: boolean, isInsecure: boolean) {
    super({ keepAlive: true });
    // `node:https` takes no agent that is not its own; this is what it looks at.
    Object.assign(this, { protocol: isEncrypted ? 'https:' : 'http:' });
    this.#proxy = proxy;
    this.#isEncrypted = isEncrypted;
    this.#isInsecure = isInsecure;
  }

  override createConnection(
    { host, port }: Target,
    callback?: (error: Error | null, socket: Socket) => void,
  ): undefined {
    const name = host ?? 'localhost';
    const authority = `${name}:${String(port ?? 80)}`;
    const address = proxyAddress(this.#proxy);
    const headers = { ...address.headers, host: authority };
    const asking = request({ ...address, headers, method: 'CONNECT', path: authority, agent: false });
    const fail = (error: Error): void => {
      callback?.(error, undefined as never);
    };
    asking.on('connect', ({ statusCode = 0 }, socket: Socket, head) => {
      if (statusCode !== 200) {
        socket.destroy();
        fail(new TunnelRefused(statusCode));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      callback?.(null, this.#isEncrypted ? this.#encrypt(socket, name) : socket);
    });
    // A proxy that knows no CONNECT answers like a server.
    asking.on('response', ({ statusCode = 0 }) => {
      asking.destroy();
      fail(new TunnelRefused(statusCode));
    });
    asking.setTimeout(TUNNEL_PATIENCE_MS, () => asking.destroy());
    asking.on('error', (error) => {
      fail(new ProxyFailed(error));
    });
    asking.end();
    return undefined;
  }

  #encrypt(socket: Socket, name: string): Socket {
    const servername = isIP(name) === 0 ? { servername: name } : {};
    return connectTls({ socket, ...servername, rejectUnauthorized: !this.#isInsecure });
  }
}

/** How the proxy itself is asked. */
export function proxyAddress({ hostname, password, port, username }: URL): {
  readonly host: string;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
} {
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return {
    host: hostname,
    port: port === '' ? 80 : Number(port),
    headers: username === '' ? {} : { 'proxy-authorization': authorization },
  };
}
