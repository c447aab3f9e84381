import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestEncrypted, type RequestOptions } from 'node:https';
import { Readable } from 'node:stream';
import { proxyAddress, ProxyFailed, TunnelAgent } from './tunnel-agent.ts';

/** Answers with these statuses have no body, and `Response` insists on it. */
const BODILESS = new Set([204, 205, 304]);

/**
 * As much of `fetch` as the client's transports and the doctor use, through an HTTP proxy or past unknown certificates, which
 * Node's own cannot do. What is not encrypted is asked of the proxy itself, as browsers do it.
 */
export function fetchThrough(proxy: URL | null, insecure: boolean): typeof globalThis.fetch {
  const agent = proxy === null ? undefined : new TunnelAgent(proxy, true, insecure);
  const ask = async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input);
    const { method = 'GET' } = init;
    const headers = Object.fromEntries(new Headers(init.headers));
    const options: RequestOptions = { method, headers, rejectUnauthorized: !insecure };
    if (init.signal) options.signal = init.signal;
    if (url.protocol === 'https:')
      return await send(requestEncrypted(url, { ...options, ...(agent && { agent }) }), init);
    if (proxy === null) return await send(requestPlain(url, options), init);
    const address = proxyAddress(proxy);
    // Small proxies end their connections without a word, so that the next request on one would break.
    const asked = { ...headers, host: url.host, ...address.headers };
    const asking = requestPlain({ ...options, ...address, path: url.href, headers: asked, agent: false });
    return await send(asking, init).catch((error: Error) => {
      throw new ProxyFailed(error);
    });
  };
  return ask as typeof globalThis.fetch;
}

function send(asking: ReturnType<typeof requestPlain>, { body, signal }: RequestInit): Promise<Response> {
  return new Promise((resolve, reject) => {
    asking.on('error', reject);
    // As long as a tunnel is waited for, the request itself says nothing.
    const giveUp = (): void => {
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', giveUp);
    asking.on('close', () => signal?.removeEventListener('abort', giveUp));
    asking.on('response', (answer) => {
      // What breaks later is told by the body.
      asking.on('error', () => undefined);
      resolve(responseOf(answer));
    });
    asking.end(body ?? undefined);
  });
}

function responseOf(answer: IncomingMessage): Response {
  const { headers, statusCode: status = 502 } = answer;
  const named = new Headers();
  for (const [name, value] of Object.entries(headers)) named.set(name, String(value));
  const hasBody = !BODILESS.has(status);
  if (!hasBody) answer.resume();
  const body = hasBody ? (Readable.toWeb(answer) as ReadableStream<Uint8Array<ArrayBuffer>>) : null;
  return new Response(body, { status, headers: named });
}
