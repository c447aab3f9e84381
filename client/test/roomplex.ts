import { onTestFinished } from 'vitest';
import { createServer } from '../../server/create-server.ts';
import type { RoomplexServer } from '../../server/roomplex-server.ts';

export interface RunningRoomplex {
  readonly server: RoomplexServer;
  readonly url: string;
  readonly port: number;
}

/** A real server, on whose `/multiplex` every name is a room. */
export async function createRoomplex(wantedPort = 0): Promise<RunningRoomplex> {
  const server = createServer(null, { rooms: 'open' });
  const { port } = await server.listen(wantedPort, '127.0.0.1');
  return { server, url: `http://127.0.0.1:${port}/multiplex`, port };
}

/** The same, for one test. */
export async function startRoomplex(port?: number): Promise<RunningRoomplex> {
  const running = await createRoomplex(port);
  onTestFinished(() => running.server.close());
  return running;
}
