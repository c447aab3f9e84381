import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What happens to one request. */
type Fate = 'passes' | 'request-lost' | 'request-doubled' | 'answer-lost' | 'answer-cut' | 'answer-delayed';

/** A middlebox whose behaviour can be changed. */
export interface LossyBox {
  readonly port: number;
  /** How many requests fared so. */
  readonly fates: ReadonlyMap<Fate, number>;
}

/**
 * Passes requests on to `port`, each on a connection of its own, and loses, cuts, doubles or delays some. Never more
 * than two of a kind in a row, since nobody gets through a network that loses everything; the first one passes.
 */
export async function startLossyBox(port: number, random: () => number): Promise<LossyBox> {
  const fates = new Map<Fate, number>();
  const inARow = new Map<string, number>();
  const draw = (path: string): Fate => {
    const kind = path.includes('/xhr_send') ? 'sends' : 'receives';
    const count = inARow.get(kind);
    const fate =
      count === undefined || count >= 2 ? 'passes' : (FATES[Math.floor(random() * FATES.length)] ?? 'passes');
    const isHarmless = fate === 'passes' || fate === 'answer-delayed' || fate === 'request-doubled';
    inARow.set(kind, isHarmless ? 0 : (count ?? 0) + 1);
    fates.set(fate, (fates.get(fate) ?? 0) + 1);
    return fate;
  };
  const box = http.createServer((request, response) => {
    const fate = draw(request.url ?? '');
    const cutAt = fate === 'answer-cut' ? Math.floor(random() ** 2 * 4000) : Infinity;
    const delayMs = fate === 'answer-delayed' ? random() * 30 : 0;
    request.toArray().then(
      (parts: Buffer[]) => pass({ request, response, body: Buffer.concat(parts), fate, cutAt, delayMs }),
      () => undefined,
    );
  });
  const pass = ({ request, response, body, fate, cutAt, delayMs }: Passage): void => {
    if (fate === 'request-lost') {
      request.socket.destroy();
      return;
    }
    const ask = (): http.ClientRequest =>
      http
        .request({
          port,
          host: '127.0.0.1',
          path: request.url,
          method: request.method,
          headers: request.headers,
          agent: false,
        })
        .on('error', () => undefined);
    if (fate === 'request-doubled') {
      const copy = ask();
      copy.on('response', (answer) => answer.resume());
      // It hangs up soon, as what gave up on it would.
      setTimeout(() => copy.destroy(), random() * 50);
      copy.end(body);
    }
    const outward = ask();
    outward.on('error', () => request.socket.destroy());
    response.on('close', () => outward.destroy());
    outward.on('response', (answer) => {
      if (fate === 'answer-lost') {
        answer.once('close', () => request.socket.destroy());
        answer.once('data', () => setTimeout(() => request.socket.destroy(), random() * 20));
        answer.resume();
        return;
      }
      let left = cutAt;
      setTimeout(() => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders();
        answer.on('data', (chunk: Buffer) => {
          if (chunk.length >= left) {
            answer.destroy();
            response.write(chunk.subarray(0, left));
            request.socket.destroySoon();
          } else response.write(chunk);
          left -= chunk.length;
        });
        answer.on('end', () => response.end());
        answer.on('error', () => request.socket.destroy());
      }, delayMs);
    });
    outward.end(body);
  };
  box.listen(0, '127.0.0.1');
  await once(box, 'listening');
  onTestFinished(() => {
    box.close();
    box.closeAllConnections();
  });
  return { port: (box.address() as AddressInfo).port, fates };
}

interface Passage {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly body: Buffer;
  readonly fate: Fate;
  /** After so many bytes. */
  readonly cutAt: number;
  readonly delayMs: number;
}

const FATES: readonly Fate[] = [
  'passes',
  'passes',
  'request-lost',
  'request-doubled',
  'answer-lost',
  'answer-cut',
  'answer-delayed',
];
