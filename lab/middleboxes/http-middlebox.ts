import { type IncomingMessage, type ServerResponse, createServer, request as send } from 'node:http';
import { asItComes, type HandOn } from './responses.ts';
import { listenOnLoopback, type Middlebox } from './loopback-server.ts';
import { contentLength, endToEnd } from './headers.ts';
import type { UpgradeManner } from './upgrades.ts';

/** What a middlebox says in the server's place. */
export interface OwnAnswer {
  readonly status: number;
  readonly type?: string;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the middlebox does to HTTP; what is absent it leaves alone. */
export interface Manners {
  /** Absent: the handshake goes on as an ordinary GET, without its `Upgrade`. */
  readonly upgrade?: UpgradeManner;
  /** Answers requests in the server's place. */
  refuse?(request: IncomingMessage): OwnAnswer | undefined;
  /** Changes the path a request goes on with. */
  path?(path: string): string;
  /** Reads whole request bodies, and changes or refuses them. */
  body?(body: Buffer, request: IncomingMessage): Body | OwnAnswer;
  /** How long a request waits before it goes on, in ms. */
  delayMs?(request: IncomingMessage): number;
  /** The address of its own from which a request goes on. */
  localAddress?(): string | undefined;
  readonly handOn?: HandOn;
}

/** A request body, with the headers that go with it. */
export interface Body {
  readonly bytes: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Takes HTTP apart and puts it together again on its way to the origin, as a proxy does. */
export function startHttpMiddlebox(originPort: number, manners: Manners): Promise<Middlebox> {
  const server = createServer({ noDelay: true }, (request, response) => {
    response.on('error', () => undefined);
    request.on('error', () => undefined);
    void serve(request, response, originPort, manners);
  });
  const { upgrade } = manners;
  if (upgrade !== undefined)
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => undefined);
      upgrade({ request, socket, head, originPort });
    });
  server.requestTimeout = 0;
  return listenOnLoopback(server);
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  originPort: number,
  manners: Manners,
): Promise<void> {
  const delayMs = manners.delayMs?.(request) ?? 0;
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  const refusal = manners.refuse?.(request);
  if (refusal !== undefined) return answer(response, refusal);
  const whole = manners.body && (await readBody(request));
  const changed = whole && manners.body?.(whole, request);
  if (changed !== undefined && 'status' in changed) return answer(response, changed);
  const path = request.url ?? '/';
  const headers = endToEnd(request.headers);
  const onward = send({
    host: '127.0.0.1',
    port: originPort,
    agent: false,
    localAddress: manners.localAddress?.(),
    method: request.method,
    path: manners.path?.(path) ?? path,
    headers:
      changed === undefined ? headers : { ...headers, ...changed.headers, ...contentLength(changed.bytes) },
  });
  onward.on('response', (theirs) => {
    theirs.on('error', () => response.destroy());
    (manners.handOn ?? asItComes)(theirs, response, request);
  });
  onward.on('error', () => {
    if (response.headersSent) response.destroy();
    else answer(response, { status: 502 });
  });
  response.on('close', () => onward.destroy());
  if (changed === undefined) request.pipe(onward);
  else onward.end(changed.bytes);
}

function answer(
  response: ServerResponse,
  { status, type = 'text/plain', text = '', headers }: OwnAnswer,
): void {
  // What was not read of the request would be taken for the next one.
  response.writeHead(status, { ...headers, 'content-type': type, connection: 'close' }).end(text);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
