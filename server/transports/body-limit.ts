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
    response.writeHead(413, { 'Content-Type': 'text/plain; charset=UTF-8', Connection: 'close' });
    // Reading on would only help the sender of too much; the connection ends with the answer.
    response.end(`The body may have ${limit} bytes.\n`, () => request.destroy());
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
