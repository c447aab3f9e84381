import { request } from 'node:http';
import type { ProxyLook } from './environment.ts';
import { proxyAddress } from '../client/node/tunnel-agent.ts';

/** Nobody can have that name (RFC 6761 §6.4), so that a proxy has nothing to answer with but an error of its own. */
const NOBODY = 'http://roomplex-doctor.invalid/';
const PATIENCE_MS = 4000;

/** What only a server answers, which pays no attention to whom a request is for. */
const SERVERS_ANSWERS = new Set([200, 204, 301, 302, 307, 308, 404]);

/** Asks what is named as a proxy for a server that does not exist. */
export async function lookAtProxy(proxy: URL): Promise<ProxyLook> {
  const address = proxyAddress(proxy);
  return await new Promise((resolve) => {
    const asking = request({ ...address, path: NOBODY, agent: false });
    asking.setTimeout(PATIENCE_MS, () => {
      resolve('silent');
      asking.destroy();
    });
    asking.on('response', (answer) => {
      answer.destroy();
      resolve(SERVERS_ANSWERS.has(answer.statusCode ?? 0) ? 'server' : 'proxy');
    });
    asking.on('error', () => {
      resolve('proxy');
    });
    asking.end();
  });
}
