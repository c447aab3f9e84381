import type { Server } from 'node:http';
import { afterAll } from 'vitest';
import { createServer } from '../../create-server.ts';

type ServerOptions = NonNullable<Parameters<typeof createServer>[1]>;
type RoomplexServer = ReturnType<typeof createServer>;

/** A listening server and its addresses. */
export interface TestServer {
  readonly roomplex: RoomplexServer;
  readonly port: number;
  /** `http://…` and the path. */
  http(path: string): string;
  /** `ws://…` and the path. */
  ws(path: string): string;
  /** What a browser on a page of this server says it comes from. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Starts a server of its own, on a free port if none is asked for. Without options every name is a room. */
export async function startServer(
  options: ServerOptions = {},
  target: Server | null = null,
  wantedPort = 0,
): Promise<TestServer> {
  const roomplex = createServer(target, { rooms: 'open', log: SILENT, ...options });
  const { port } = await roomplex.listen(wantedPort, '127.0.0.1');
  return {
    roomplex,
    port,
    origin: `http://127.0.0.1:${port}`,
    http: (path) => `http://127.0.0.1:${port}${path}`,
    ws: (path) => `ws://127.0.0.1:${port}${path}`,
    close: () => roomplex.close(),
  };
}

/**
 * Starts servers that are closed together when the test file is through. A server that still has polling
 * sessions gives them a while to come for their close frame, and this way all do so at the same time.
 */
export function serverPool(): typeof startServer {
  const servers: TestServer[] = [];
  afterAll(() => Promise.all(servers.map((server) => server.close())));
  return async (...options) => {
    const server = await startServer(...options);
    servers.push(server);
    return server;
  };
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
