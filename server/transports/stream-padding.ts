import type { ServerResponse } from 'node:http';

/** The transports whose responses may begin with bytes that mean nothing, and how such a line looks there. */
const LINES = new Map<string, (bytes: number) => string>([
  // A line that begins with `h` is a heartbeat, whatever follows.
  ['xhr_streaming', (bytes) => `${'h'.repeat(bytes - 1)}\n`],
  // A line that begins with a colon is a comment.
  ['eventsource', (bytes) => `:${' '.repeat(bytes - 2)}\n`],
]);

/** Lets a stream begin with so many bytes, for proxies that hold back the beginning of every response. */
export function padStream(response: ServerResponse, transport: string, bytes: number): void {
  const line = LINES.get(transport);
  if (line === undefined || bytes < 2) return;
  const writeHead = response.writeHead.bind(response) as WriteHead;
  const padded: WriteHead = (status, headers) => {
    writeHead(status, headers);
    if (status === 200) response.write(line(bytes));
    return response;
  };
  // The `sockjs` package calls it in this one form only.
  response.writeHead = padded as ServerResponse['writeHead'];
}

type WriteHead = (status: number, headers?: object) => ServerResponse;
