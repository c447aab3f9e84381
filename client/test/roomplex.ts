import { onTestFinished } from 'vitest';
import { createServer } from '../../server/create-server.ts';
import type { ServerOptions } from '../../server/options.ts';
import type { RoomplexServer } from '../../server/roomplex-server.ts';

export interface RunningRoomplex {
  readonly server: RoomplexServer;
  readonly url: string;
  readonly port: number;
}

/** A real server, on whose `/multiplex` every name is a room. */
export async function createRoomplex(port?: number, options?: ServerOptions): Promise<RunningRoomplex> {
  const server = createServer(null, { rooms: 'open', ...options });
  const { port: ownPort } = await server.listen(port ?? 0, '127.0.0.1');
  return { server, url: `http://127.0.0.1:${ownPort}/multiplex`, port: ownPort };
}

/** The same, for one test. */
export async function startRoomplex(port?: number, options?: ServerOptions): Promise<RunningRoomplex> {
  const running = await createRoomplex(port, options);
  onTestFinished(() => running.server.close());
  return running;
}
