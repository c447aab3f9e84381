import type { SessionsDefinition } from '../../services/controller.ts';
import { Inbox } from './inbox.ts';
import { serverPool, type startServer, type TestServer } from './server.ts';
import { serviceProbe, type ServiceProbe } from './service-probe.ts';

/** A server with one service, `chat`, and what it logs. */
export interface ServiceServer {
  readonly server: TestServer;
  readonly chat: ServiceProbe;
  readonly logged: Inbox<unknown>;
}

/** Starts servers with one service each that are closed when the test file is through. */
export function serviceServers(): (
  definition?: Partial<SessionsDefinition>,
  options?: Parameters<typeof startServer>[0],
) => Promise<ServiceServer> {
  const start = serverPool();
  return async (definition = {}, options = {}) => {
    const chat = serviceProbe(definition);
    const logged = new Inbox<unknown>('the log');
    const log = {
      debug() {},
      info() {},
      warn() {},
      error: (_: string, fields?: object) => logged.push(fields),
    };
    const server = await start({ services: { chat: chat.sessions }, log, ...options });
    return { server, chat, logged };
  };
}
