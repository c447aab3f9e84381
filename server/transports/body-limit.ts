import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Refuses a request body over `limit` bytes with 413: at once when its length is announced, else as soon as
 * too much has come. True when it was refused at once. 0 lifts the limit.
 */
export function limitBody(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
  onRefused: () => void,
): boolean {
  if (limit === 0) return false;
  const refuse = (): void => {
    request.removeAllListeners('data');
    request.removeAllListeners('end');
    onRefused();
    if (response.headersSent) {
      request.destroy();
      return;
    }
    const text = `The body may have ${limit} bytes.\n`;
    response.writeHead(413, {
      'Content-Type': 'text/plain; charset=UTF-8',
      'Content-Length': String(Buffer.byteLength(text)),
      Connection: 'close',
    });
    response.write(text);
    linger(request, () => response.end());
  };
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    refuse();
    return true;
  }
  let received = 0;
  const count = (chunk: Buffer): void => {
    received += chunk.length;
    if (received <= limit) return;
    request.off('data', count);
    refuse();
  };
  if (request.headers['transfer-encoding'] !== undefined) request.on('data', count);
  return false;
}

/**
 * Reads on for a while and throws away what comes: a line that is cut while the peer still sends is reset, and
 * then the peer never reads the answer that says why (RFC 9112 §9.6).
 */
function linger(request: IncomingMessage, onEnd: () => void): void {
  let left = LINGER_BYTES;
  const discard = (chunk: Buffer): void => {
    left -= chunk.length;
    if (left < 0) end();
  };
  const end = (): void => {
    clearTimeout(timer);
    request.off('data', discard).off('end', end).off('close', end);
    onEnd();
  };
  const timer = setTimeout(end, LINGER_MS).unref();
  request.on('data', discard).once('end', end).once('close', end);
  request.resume();
}

const LINGER_BYTES = 16 * 1024 * 1024;
const LINGER_MS = 5000;
