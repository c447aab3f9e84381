import { createHash, randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import { limitBody } from '../../transports/body-limit.ts';
import type { OriginPolicy } from '../../transports/origin-policy.ts';
import { senderOf } from '../../transports/request-sender.ts';
import { networkNames } from './network-name.ts';
import { telltaleHeaders } from './telltale-headers.ts';

/** What a request looked like when it arrived. */
interface Reflection {
  /** ms since 1970. */
  readonly at: number;
  /** Names the client's network and tells nothing else; another one after the server was restarted. */
  readonly network: string;
  /** Names the process that answers and tells nothing else. */
  readonly server: string;
  /** As the server was spoken to: `1.0`, `1.1` or `2.0`. */
  readonly http: string;
  /** The client speaks TLS, as far as the server can know. */
  readonly secure: boolean;
  /** Of the body. */
  readonly bytes: number;
  /** SHA-256 of the body, in hex; of a request without one, that of nothing. */
  readonly sha256: string;
  readonly headers: Readonly<Record<string, string | true>>;
}

/** Shows a request, and what its body came to, as they arrived. `bodyLimit`: in bytes; 0 lifts it. */
export function mirror(origins: OriginPolicy, bodyLimit: number): RequestHandler {
  const nameOf = networkNames();
  const server = randomBytes(12).toString('base64url');
  return (request, response) => {
    if (limitBody(request, response, bodyLimit, () => undefined)) return;
    const hash = createHash('sha256');
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      hash.update(chunk);
    });
    request.on('end', () => {
      const sender = senderOf(request);
      const reflection: Reflection = {
        at: Date.now(),
        network: nameOf(sender.address),
        server,
        http: request.httpVersion,
        secure: sender.isSecure,
        bytes,
        sha256: hash.digest('hex'),
        headers: { ...telltaleHeaders(request.headers), origin: origins.judge(request) },
      };
      response.json(reflection);
    });
  };
}
