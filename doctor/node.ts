import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { systemClock } from '../client/clock.ts';
import { fetchThrough } from '../client/node/fetch-through.ts';
import { TunnelRefused } from '../client/node/tunnel-agent.ts';
import { wayThrough, webSocketThrough } from '../client/node/websocket-through.ts';
import type { DoctorEnvironment, HandshakeAnswer } from './environment.ts';
import { lookAtProxy } from './node-proxy-probe.ts';
import { CAUSE_RULES } from './diagnosis/causes.ts';

/** How Node is to reach the server. */
export interface NodeOptions {
  /** An HTTP proxy; default: none. */
  readonly proxy?: URL | null;
  /** Any certificate will do. Default false. */
  readonly insecure?: boolean;
}

/** Node: `fetch` and `ws`, through a proxy where one is named. */
export async function nodeEnvironment({
  insecure = false,
  proxy = null,
}: NodeOptions = {}): Promise<DoctorEnvironment> {
  const sockets = await webSocketThrough(proxy, insecure);
  return {
    client: {
      kind: 'node',
      agent: `Node ${process.versions.node.split('.').slice(0, 2).join('.')}`,
      proxy: proxy !== null,
    },
    clock: systemClock,
    ticks: () => performance.now(),
    fetch: proxy === null && !insecure ? globalThis.fetch : fetchThrough(proxy, insecure),
    loadWebSocket: () => Promise.resolve(sockets),
    digest: (bytes) => Promise.resolve(createHash('sha256').update(bytes).digest('hex')),
    rules: CAUSE_RULES,
    extras: {
      mayNameOrigin: true,
      tryHandshake: (url, signal) => tryHandshake(url, signal, proxy, insecure),
      // Through a tunnel it would be the same one, but whoever inspects is told apart by it all the same.
      ...(proxy === null ? { certificateIssuer } : { lookAtProxy: () => lookAtProxy(proxy) }),
    },
  };
}

/** A handshake whose answer is looked at, whatever it is. */
async function tryHandshake(
  url: string,
  signal: AbortSignal,
  proxy: URL | null,
  insecure: boolean,
): Promise<HandshakeAnswer> {
  const { WebSocket } = await import('ws');
  return await new Promise((resolve) => {
    const socket = new WebSocket(url, wayThrough(url, proxy, insecure));
    const settle = (status: number | null, isTunnelRefused = false, text = ''): void => {
      resolve({ status, isTunnelRefused, text });
      socket.on('error', () => undefined);
      socket.terminate();
    };
    socket.on('upgrade', () => {
      settle(101);
    });
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text = (text + part).slice(0, REFUSAL_CHARACTERS);
      });
      response.on('close', () => {
        settle(response.statusCode ?? null, false, text);
      });
    });
    socket.on('error', (error) => {
      if (error instanceof TunnelRefused) settle(error.status, true);
      else settle(null);
    });
    signal.addEventListener('abort', () => {
      settle(null);
    });
  });
}

/** The organisation that signed the certificate which is shown. */
async function certificateIssuer(url: URL): Promise<string | null> {
  return await new Promise((resolve) => {
    const socket = connectTls({
      host: url.hostname,
      port: url.port === '' ? 443 : Number(url.port),
      ...(isIP(url.hostname.replaceAll(/[[\]]/g, '')) === 0 && { servername: url.hostname }),
      rejectUnauthorized: false,
      timeout: ISSUER_PATIENCE_MS,
    });
    const settle = (issuer: string | null): void => {
      resolve(issuer);
      socket.destroy();
    };
    socket.on('secureConnect', () => {
      const { issuer } = socket.getPeerCertificate();
      const name = issuer.O ?? issuer.CN;
      settle(typeof name === 'string' ? name : null);
    });
    socket.on('timeout', () => {
      settle(null);
    });
    socket.on('error', () => {
      settle(null);
    });
  });
}

/** As much of a refusal as is looked at. */
const REFUSAL_CHARACTERS = 200;
const ISSUER_PATIENCE_MS = 4000;
