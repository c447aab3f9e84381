import { createServer as createHttpServer } from 'node:http';
import { createServer, type Socket } from 'node:net';
import type { Blueprint, Description, Started } from '../environment.ts';
import { type OwnAnswer, startHttpMiddlebox } from '../middleboxes/http-middlebox.ts';
import { listenOnLoopback } from '../middleboxes/loopback-server.ts';
import { startTlsFront } from '../middleboxes/tls-front.ts';
import { answeredWith } from '../middleboxes/upgrades.ts';
import { freePort } from '../programs/free-port.ts';

const NOTHING = { program: null, nodes: 1, carriesPost: false, roundTripMs: 0, works: [] } as const;
const REVERSE = { ...NOTHING, kind: 'reverse' } as const;
const FORWARD = { ...NOTHING, kind: 'forward' } as const;
const PAGE = '<!doctype html><title>Welcome</title><p>Please agree to the terms of use.</p>';
/** Nobody is asked for it: the proxy refuses before. */
const ENCRYPTED = 'https://rooms.example';

/** Ways on which nothing arrives at the server. */
export const DEAD_END_ENVIRONMENTS: readonly Blueprint[] = [
  answering('portal-page', 'a page in answer to everything', 'captive-portal', {
    status: 200,
    type: 'text/html',
    text: PAGE,
  }),
  answering('portal-redirect', 'everything is led to a login elsewhere', 'captive-portal', {
    status: 302,
    headers: { location: 'http://login.invalid/?from=rooms' },
  }),
  answering('https-redirect', 'everything is led to the same host under https', 'redirected', {
    status: 308,
    headers: { location: 'https://127.0.0.1/' },
  }),
  answering('server-down', 'a proxy whose server is gone: 502 and a page', 'server-down', {
    status: 502,
    type: 'text/html',
    text: '<html><h1>502 Bad Gateway</h1></html>',
  }),
  answering('host-blocked', 'a filter: 403 and a page', 'access-denied', {
    status: 403,
    type: 'text/html',
    text: '<html><h1>Blocked by policy</h1></html>',
  }),
  answering('elsewhere', 'some other site: 404 and a page', 'not-roomplex', {
    status: 404,
    type: 'text/html',
    text: '<html><h1>Not found</h1></html>',
  }),
  {
    ...REVERSE,
    name: 'nobody-listens',
    does: 'a port at which nobody listens',
    findings: ['connection-refused'],
    async start() {
      return { url: `http://127.0.0.1:${await freePort()}`, stop: () => Promise.resolve() };
    },
  },
  {
    ...REVERSE,
    name: 'no-such-name',
    does: 'a name that nobody has (RFC 6761)',
    findings: ['name-not-found'],
    start: () => Promise.resolve({ url: 'http://roomplex.invalid', stop: () => Promise.resolve() }),
  },
  listening('silence', 'connections are accepted, and nothing is ever answered', 'no-answer', (socket) =>
    socket.resume(),
  ),
  listening('cut-at-once', 'connections are reset when something is asked', 'connection-cut', (socket) =>
    socket.once('data', () => socket.resetAndDestroy()),
  ),
  listening('no-http', 'a server that speaks something else', 'no-http', (socket) =>
    socket.end('SSH-2.0-Lab\r\n'),
  ),
  {
    ...REVERSE,
    name: 'certificate-unknown',
    does: 'HTTPS with a certificate that nobody knows, where that is minded',
    findings: ['certificate-refused'],
    async start({ originPort }) {
      const { port, stop } = await startTlsFront(originPort);
      return { url: `https://127.0.0.1:${port}`, stop };
    },
  },
  {
    ...REVERSE,
    name: 'no-tls',
    does: 'https:// at a port that speaks plain HTTP',
    findings: ['tls-failed'],
    start: ({ originPort }) =>
      Promise.resolve({ url: `https://127.0.0.1:${originPort}`, stop: () => Promise.resolve() }),
  },
  refusingTunnels('tunnel-refused', 'a proxy that answers CONNECT with 403', 'connect-refused', 403),
  refusingTunnels('proxy-login', 'a proxy that wants a name and a password: 407', 'proxy-login', 407),
  {
    ...FORWARD,
    name: 'proxy-dead',
    does: 'a proxy that is not there',
    findings: ['proxy-unreachable'],
    start: async ({ originPort }) => ({
      url: `http://127.0.0.1:${originPort}`,
      proxy: `http://127.0.0.1:${await freePort()}`,
      stop: () => Promise.resolve(),
    }),
  },
  {
    ...FORWARD,
    name: 'proxy-is-a-site',
    does: 'a web site that was taken for a proxy',
    findings: ['not-a-proxy'],
    start: ({ originPort }) => through(`http://127.0.0.1:${originPort}`, 200, PAGE),
  },
];

type Only = Description['findings'][0];

function answering(name: string, does: string, finding: Only, answer: OwnAnswer): Blueprint {
  return {
    ...REVERSE,
    name,
    does,
    findings: [finding],
    async start({ originPort }) {
      const upgrade = answeredWith(`${answer.status} Lab`, answer.text ?? '');
      const { port, stop } = await startHttpMiddlebox(originPort, { upgrade, refuse: () => answer });
      return { url: `http://127.0.0.1:${port}`, stop };
    },
  };
}

function listening(name: string, does: string, finding: Only, meet: (socket: Socket) => void): Blueprint {
  return {
    ...REVERSE,
    name,
    does,
    findings: [finding],
    async start() {
      const { port, stop } = await listenOnLoopback(createServer(meet));
      return { url: `http://127.0.0.1:${port}`, stop };
    },
  };
}

function refusingTunnels(name: string, does: string, finding: Only, status: number): Blueprint {
  return {
    ...FORWARD,
    name,
    does,
    findings: [finding],
    start: () => through(ENCRYPTED, status),
  };
}

/** What is named as a proxy, and answers everything alike, `CONNECT` as well. */
async function through(url: string, status: number, page = ''): Promise<Started> {
  const server = createHttpServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end(page);
  });
  server.on('connect', (_request, socket) => {
    socket.on('error', () => undefined);
    socket.end(`HTTP/1.1 ${status} Lab\r\nContent-Length: 0\r\n\r\n`);
  });
  const { port, stop } = await listenOnLoopback(server);
  return { url, proxy: `http://127.0.0.1:${port}`, stop };
}
