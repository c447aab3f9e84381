import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpAnswer } from '../gateways/http-exchange.ts';

/** Answers an upgrade request in plain HTTP and closes; without a body, the status says itself in words. */
export function refuseUpgrade(socket: Duplex, { status, headers = {}, body }: HttpAnswer): void {
  const statusLine = `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  const isBodiless = BODILESS.has(status);
  const content = Buffer.from(isBodiless ? '' : (body ?? `${statusLine}\n`));
  const lines = new Map([['content-type', 'text/plain; charset=UTF-8']]);
  for (const [name, value] of Object.entries(headers)) lines.set(name.toLowerCase(), value);
  lines.set('connection', 'close');
  lines.set('x-content-type-options', 'nosniff');
  if (!isBodiless) lines.set('content-length', String(content.length));
  const head = [...lines].map(
    ([name, value]) => `${capitalise(name)}: ${value.replace(/[\r\n]+/g, ' ')}\r\n`,
  );
  socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${statusLine}\r\n${head.join('')}\r\n`), content]));
  socket.once('finish', () => socket.destroy());
}

/** After the head of these, bytes would be another answer (RFC 9110 §15). */
const BODILESS = new Set([204, 304]);

function capitalise(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}
