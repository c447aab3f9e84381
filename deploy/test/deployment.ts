import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import { certificate } from '../../lab/middleboxes/certificate.ts';
import { freePort } from '../../lab/programs/free-port.ts';
import { type ProxyProgram, runProxy } from '../../lab/programs/run-proxy.ts';
import { Visitor } from '../../lab/test/visitor.ts';
import { createServer } from '../../server/create-server.ts';
import { findProxy, type ProxyName } from '../../tools/proxies.mjs';

/** A file of `deploy/`, what it is for, and how a test makes it fit. */
export interface Deployed {
  readonly file: string;
  readonly program: ProxyName;
  readonly nodes: 1 | 2;
  readonly websockets: boolean;
  /** Who comes without encryption is sent to the encrypted address. */
  readonly redirects: boolean;
  /** Where Roomplex is below the address. */
  readonly path: string;
}

/** A Roomplex behind the proxy. */
export interface Node {
  readonly port: number;
  /** Paths that were asked for here, queries aside. */
  readonly asked: string[];
}

export interface Deployment {
  readonly visitor: Visitor;
  readonly url: string;
  /** Where the file {@link Deployed.redirects}, the address without encryption. */
  readonly plainUrl: string;
  readonly nodes: readonly Node[];
}

/** What stands in a file for something of this machine; each must be there. */
type Replacements = readonly (readonly [from: string, to: string])[];

/** Starts two servers and the proxy as the file says; ends with the test, and skips where the program is missing. */
export async function deploy(deployed: Deployed, context: TestContext): Promise<Deployment> {
  const { file, program, path } = deployed;
  if (findProxy(program) === undefined) context.skip(`${program} is not installed`);
  const nodes = [await startNode(context), await startNode(context)];
  const plainPort = await freePort();
  const { key, cert } = await certificate();
  const text = await readFile(fileURLToPath(new URL(`../${file}`, import.meta.url)), 'utf8');
  const proxy = await runProxy({
    ...PROGRAMS[program](plainPort, text),
    program,
    files: (place) => {
      const servers: Replacements = [
        ['127.0.0.1:3000', `127.0.0.1:${nodes[0]?.port}`],
        ...(deployed.nodes === 2 ? ([['127.0.0.1:3001', `127.0.0.1:${nodes[1]?.port}`]] as const) : []),
      ];
      const { files } = PROGRAMS[program](plainPort, replaced(text, servers));
      return { ...files(place), 'key.pem': key, 'cert.pem': cert, 'both.pem': `${cert}\n${key}` };
    },
  });
  context.onTestFinished(proxy.stop);
  const url = `https://localhost:${proxy.port}${path}`;
  return { url, plainUrl: `http://localhost:${plainPort}`, nodes, visitor: new Visitor({ url }, context) };
}

async function startNode({ onTestFinished }: TestContext): Promise<Node> {
  const server = createServer(null, { rooms: 'open', trustProxy: 'loopback' });
  const asked: string[] = [];
  const note = ({ url = '' }: { url?: string }): void => void asked.push(url.split('?')[0] ?? '');
  // Before the server's own listeners, which shorten the URL.
  server.httpServer.prependListener('request', note);
  server.httpServer.prependListener('upgrade', note);
  const { port } = await server.listen(0, '127.0.0.1');
  onTestFinished(() => server.close());
  return { port, asked };
}

function replaced(text: string, replacements: Replacements): string {
  return replacements.reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`the file does not say ${from}`);
    return result.replaceAll(from, to);
  }, text);
}

/** How the programs are run with a file of ours. `plainPort` stands for port 80. */
const PROGRAMS: Readonly<
  Record<ProxyName, (plainPort: number, text: string) => Omit<ProxyProgram, 'program'>>
> = {
  nginx: (plainPort, text) => ({
    files: ({ folder, port }) => ({
      'site.conf': replaced(text, [
        ...(text.includes('listen 80;') ? [['listen 80;', `listen 127.0.0.1:${plainPort};`] as const] : []),
        ['listen 443 ', `listen 127.0.0.1:${port} `],
        ['/etc/ssl/roomplex/fullchain.pem', `${folder}/cert.pem`],
        ['/etc/ssl/roomplex/privkey.pem', `${folder}/key.pem`],
      ]),
      'nginx.conf': `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  include site.conf;
}
`,
    }),
    args: ({ folder }) => ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'],
  }),
  haproxy: (plainPort, text) => ({
    files: ({ port }) => ({
      'haproxy.cfg': replaced(text, [
        ['bind :80\n', `bind 127.0.0.1:${plainPort}\n`],
        ['bind :443 ', `bind 127.0.0.1:${port} `],
        ['/etc/ssl/roomplex/chain-and-key.pem', 'both.pem'],
      ]),
    }),
    args: () => ['-db', '-f', 'haproxy.cfg'],
  }),
  caddy: (plainPort, text) => ({
    files: ({ folder, port }) => {
      const [, name = ''] = /^(\S+\.example\.com) \{$/m.exec(text) ?? [];
      return {
        Caddyfile: `{
	admin off
	http_port ${plainPort}
	storage file_system ${folder}
}
${replaced(text, [[`${name} {\n`, `https://localhost:${port} {\n\tbind 127.0.0.1\n\ttls ${folder}/cert.pem ${folder}/key.pem\n`]])}`,
      };
    },
    args: () => ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'],
    env: ({ folder }) => ({ HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }),
  }),
  squid: () => refuse('squid'),
  tinyproxy: () => refuse('tinyproxy'),
};

function refuse(program: string): never {
  throw new Error(`nothing is deployed behind ${program}`);
}
