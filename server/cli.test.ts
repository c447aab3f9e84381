import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { get as getHttps } from 'node:https';
import { type AddressInfo, createServer as createNetServer, isIPv6 } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

const CLI = join(import.meta.dirname, 'cli.ts');
const TSX = import.meta.resolve('tsx');
/** Some containers have no IPv6. */
const LOOPBACKS = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, address }) => internal && ['127.0.0.1', '::1'].includes(address))
  .map(({ address }) => address);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomplex-cli-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The program in a process of its own, in an empty working directory. */
class Roomplex {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #ready: Promise<string>;
  readonly #exit: Promise<number | string>;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const { PATH } = process.env;
    const child = spawn(process.execPath, ['--import', TSX, CLI, ...args], {
      cwd: folder,
      env: { PATH, ...env },
    });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#exit = once(child, 'close').then(([code, signal]: (number | string)[]) => code ?? signal ?? '');
    this.#ready = new Promise((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        const [, url] = / is listening on (\S+)$/.exec(line) ?? [];
        if (url !== undefined) resolve(url);
      });
      void this.#exit.then((code) => reject(new Error(`ended with ${code}: ${this.stderr}`)));
    });
    // Who waits for the exit only must not be told that the start failed.
    this.#ready.catch(() => {});
    onTestFinished(() => void child.kill('SIGKILL'));
  }

  /** The URL of the ready line. */
  ready(): Promise<string> {
    return this.#ready;
  }

  /** Exit code, or the signal that ended it. */
  exit(): Promise<number | string> {
    return this.#exit;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Waits for a line of the log. */
  async logged(text: string): Promise<void> {
    while (!this.stderr.includes(text)) await once(this.#child.stderr as NodeJS.ReadableStream, 'data');
  }
}

async function freePort(): Promise<number> {
  const server = createNetServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function withPort(url: string, host: string): string {
  return url.replace('localhost', host);
}

describe('roomplex', () => {
  it('serves on a free port, and tells it on stdout alone', async () => {
    const roomplex = new Roomplex(['--port', '0']);
    const url = await roomplex.ready();
    expect(url).toMatch(/^http:\/\/localhost:[1-9]\d*$/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await roomplex.logged('rooms are kept on disk');
    expect(roomplex.stdout).toBe(`Roomplex is listening on ${url}\n`);
  });

  it('answers requests and upgrades on every loopback address', async () => {
    const roomplex = new Roomplex(['-p', '0']);
    const url = await roomplex.ready();
    expect(LOOPBACKS).toContain('127.0.0.1');
    for (const address of LOOPBACKS) {
      const host = isIPv6(address) ? `[${address}]` : address;
      expect((await fetch(`${withPort(url, host)}/healthz`)).status, host).toBe(200);
      const socket = new WebSocket(`${withPort(url, host).replace('http', 'ws')}/echo`);
      await once(socket, 'open');
      socket.send('hello');
      expect(String((await once(socket, 'message'))[0])).toBe('hello');
      socket.close();
    }
  });

  it('opens any topic as a room, or only those listed', async () => {
    const open = new Roomplex(['-p', '0']);
    const listed = new Roomplex(['-p', '0', '--memory', '--channels', 'listed', '--channel', 'news']);
    const heard = async (roomplex: Roomplex): Promise<string> => {
      const socket = new WebSocket(`${(await roomplex.ready()).replace('http', 'ws')}/multiplex`);
      await once(socket, 'open');
      for (const topic of ['other', 'news']) {
        socket.send(`sub,${topic}`);
        socket.send(`msg,${topic},hi`);
      }
      return String((await once(socket, 'message'))[0]);
    };
    expect(await heard(open)).toBe('msg,other,hi');
    expect(await heard(listed)).toBe('msg,news,hi');
  });

  it('takes limits and origins from its options', async () => {
    const roomplex = new Roomplex(['-p', '0', '--limit', 'message=10', '--origin', 'https://good.test']);
    const url = (await roomplex.ready()).replace('http', 'ws');
    const socket = new WebSocket(`${url}/echo`, { origin: 'https://good.test' });
    await once(socket, 'open');
    socket.send('x'.repeat(11));
    expect((await once(socket, 'close'))[0]).toBe(1009);
    const stranger = new WebSocket(`${url}/echo`, { origin: 'https://bad.test' });
    const [error] = (await once(stranger, 'error')) as [Error];
    expect(error.message).toContain('403');
  });

  describe('on a signal', () => {
    it.each(['SIGTERM', 'SIGINT'] as const)(
      '%s says goodbye to every connection and exits with 0',
      async (signal) => {
        const roomplex = new Roomplex(['-p', '0']);
        const url = (await roomplex.ready()).replace('http', 'ws');
        const socket = new WebSocket(`${url}/echo`);
        await once(socket, 'open');
        const closed = once(socket, 'close');
        roomplex.signal(signal);
        expect((await closed)[0]).toBe(1001);
        expect(await roomplex.exit()).toBe(0);
      },
    );

    it('exits although a request never ends', async () => {
      const roomplex = new Roomplex(['-p', '0']);
      const url = await roomplex.ready();
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('[')),
      });
      const hanging = fetch(`${url}/echo/000/session/xhr_send`, {
        method: 'POST',
        body,
        duplex: 'half',
      } as RequestInit);
      const gone = hanging.then(
        () => {},
        () => {},
      );
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      roomplex.signal('SIGTERM');
      expect(await roomplex.exit()).toBe(0);
      await gone;
    });

    it('exits at once when it comes twice', async () => {
      const roomplex = new Roomplex(['-p', '0']);
      const url = (await roomplex.ready()).replace('http', 'ws');
      const socket = new WebSocket(`${url}/echo`);
      socket.on('error', () => {});
      await once(socket, 'open');
      // One that does not answer the goodbye keeps the server waiting.
      socket.pause();
      roomplex.signal('SIGTERM');
      await roomplex.logged('stopping');
      roomplex.signal('SIGINT');
      expect(await roomplex.exit()).toBe(130);
      socket.terminate();
    });
  });

  it.each([
    [['--prot', '1'], 'roomplex: Unknown option --prot. Did you mean --port?'],
    [
      ['\u2014https'],
      'roomplex: \u2014https starts with a dash from a word processor, not with a hyphen. Did you mean --https?',
    ],
    [
      ['--data', 'x', '--memory'],
      'roomplex: --data says where to keep rooms, and --memory to keep nothing: give one of them.',
    ],
    [['--limit', 'romms=1'], 'roomplex: --limit knows no limit romms. Did you mean rooms?'],
  ])('refuses %j with exit code 2', async (args, message) => {
    const roomplex = new Roomplex(args);
    expect(await roomplex.exit()).toBe(2);
    expect(roomplex.stderr).toContain(message);
    expect(roomplex.stderr).toContain('See roomplex --help.');
    expect(roomplex.stdout).toBe('');
  });

  it.each(LOOPBACKS)('exits with 1 and says so when its port is taken on %s', async (address) => {
    const other = createNetServer().listen(0, address);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const roomplex = new Roomplex(['--port', String(port)]);
    expect(await roomplex.exit()).toBe(1);
    expect(roomplex.stderr).toContain(`roomplex: Port ${port} is taken`);
    expect(roomplex.stdout).toBe('');
    other.close();
  });

  it('says of a server that is started twice that its port is taken, not its store', async () => {
    const url = new URL(await new Roomplex(['-p', '0']).ready());
    const again = new Roomplex(['-p', url.port]);
    expect(await again.exit()).toBe(1);
    expect(again.stderr).toContain(`roomplex: Port ${url.port} is taken`);
  });

  it('has its store for itself, and again at once after kill -9', async () => {
    const first = new Roomplex(['-p', '0']);
    const headers = { 'content-type': 'application/json' };
    const messages = `${await first.ready()}/api/rooms/r/messages`;
    await fetch(messages, { method: 'POST', headers, body: '{"data":"hi"}' });
    const second = new Roomplex(['-p', '0']);
    expect(await second.exit()).toBe(1);
    expect(second.stderr).toMatch(
      /^roomplex: The store in \S+ is in use by process \d+\. Stop that, or take another folder with --data\.\n$/,
    );
    first.signal('SIGKILL');
    await first.exit();
    const third = new Roomplex(['-p', '0']);
    const kept = await (await fetch(`${await third.ready()}/api/rooms/r/messages`)).json();
    expect(kept).toMatchObject({ messages: [{ data: 'hi', offset: 1 }] });
  }, 45_000);

  it('exits with 1 for a host that is not its own', async () => {
    const roomplex = new Roomplex(['-p', '0', '--host', '192.0.2.1']);
    expect(await roomplex.exit()).toBe(1);
    expect(roomplex.stderr).toContain('This machine has no address 192.0.2.1');
  });

  it('reads its configuration file, and its variables over it', async () => {
    await writeFile(
      join(folder, 'websockets.conf'),
      '# "old\nHost: localhost\nPort: nonsense\nchannels: listed\n',
    );
    const broken = new Roomplex([]);
    expect(await broken.exit()).toBe(1);
    expect(broken.stderr).toContain('roomplex: websockets.conf:3: Port must be a whole number');
    const roomplex = new Roomplex([], { PORT: '0' });
    await roomplex.ready();
    await roomplex.logged('configuration file read');
  });

  describe('with the file of the old broker', () => {
    /** The file as the old broker's documentation has it, changed in places. */
    async function writeBrokerFile(changes: readonly [from: string, to: string][] = []): Promise<void> {
      let text = await readFile(join(import.meta.dirname, 'cli', 'broker.conf.fixture'), 'utf8');
      for (const [from, to] of changes) {
        expect(text).toContain(from);
        text = text.replace(from, to);
      }
      await writeFile(join(folder, 'websockets.conf'), text.replaceAll('\n', '\r\n'));
    }

    /** A token list on a port of its own. */
    async function tokenList(): Promise<string> {
      const server = createHttpServer((_, response) => response.end('{"abc1":true,"group\\/item1":true}'));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      onTestFinished(() => void server.close());
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/tokens`;
    }

    /** What an upgrade is answered. */
    async function upgrade(url: string, origin?: string): Promise<number> {
      const socket = new WebSocket(url.replace('http', 'ws'), origin === undefined ? {} : { origin });
      const refused = once(socket, 'unexpected-response').then(([, { statusCode }]) => Number(statusCode));
      socket.on('error', () => {});
      const status = await Promise.race([once(socket, 'open').then(() => 101), refused]);
      socket.terminate();
      return status;
    }

    it('S4.28 S4.25 serves with all of its settings', async () => {
      await writeBrokerFile([['http://example.test/tokens', await tokenList()]]);
      const roomplex = new Roomplex(['--port', '0']);
      const url = await roomplex.ready();
      expect(await (await fetch(`${url}/?method=registeredTokenList`)).text()).toBe(
        '{"abc1":true,"group/item1":true}',
      );
      expect(await upgrade(`${url}/ws`)).toBe(101);
      expect(await upgrade(`${url}/ws?RegisterToken=zzz`, 'http://anywhere.test')).toBe(101);
      expect(await upgrade(`${url}/layout`, 'http://anywhere.test')).toBe(403);
      const { headers } = await fetch(url, { method: 'OPTIONS' });
      expect(headers.get('access-control-allow-origin')).toBe('*');
      await roomplex.logged('configuration file read');
    });

    it('S4.28 lets registered tokens in only, when the line that lets in others is a comment', async () => {
      await writeBrokerFile([
        ['http://example.test/tokens', await tokenList()],
        ['AllowUnregisteredClients', '# AllowUnregisteredClients'],
      ]);
      const url = await new Roomplex(['--port', '0']).ready();
      expect(await upgrade(`${url}/ws`)).toBe(401);
      expect(await upgrade(`${url}/ws?RegisterToken=zzz`)).toBe(401);
      expect(await upgrade(`${url}/ws?RegisterToken=group%2Fitem1`)).toBe(101);
    });

    it('S4.27 starts although the list of tokens cannot be had, and says so once', async () => {
      const gone = await freePort();
      await writeBrokerFile([['http://example.test', `http://127.0.0.1:${gone}`]]);
      const roomplex = new Roomplex(['--port', '0']);
      const url = await roomplex.ready();
      await roomplex.logged('the list of registered tokens could not be fetched');
      expect(await (await fetch(`${url}/?method=registeredTokenList`)).text()).toBe('{}');
      roomplex.signal('SIGTERM');
      expect(await roomplex.exit()).toBe(0);
      expect(roomplex.stderr.match(/registered tokens/g)).toHaveLength(1);
    });

    it('S4.30 takes host and port from it, and variables of the same names before', async () => {
      const [port, other] = [await freePort(), await freePort()];
      await writeFile(join(folder, 'websockets.conf'), `Host: "127.0.0.1"\nPort: ${port}\n`);
      const url = `http://localhost:${port}`;
      expect(await new Roomplex([]).ready()).toBe(url);
      expect(await upgrade(`http://127.0.0.1:${port}/ws`)).toBe(401);
      if (LOOPBACKS.includes('::1'))
        await expect(fetch(`http://[::1]:${port}/healthz`)).rejects.toThrow('fetch');
      expect(await new Roomplex(['--memory'], { Port: String(other) }).ready()).toBe(
        `http://localhost:${other}`,
      );
    });

    it('S4.31 exits with 1 and names the line that is broken', async () => {
      await writeFile(join(folder, 'websockets.conf'), '{\n Host "x" ');
      const roomplex = new Roomplex([]);
      expect(await roomplex.exit()).toBe(1);
      expect(roomplex.stderr).toContain('roomplex: websockets.conf:2: expected ":" after Host');
    });

    it('S4.36 lets in the origin it names, to the broker alone', async () => {
      await writeBrokerFile([['Origin: "*"', 'Origin: "http://a.test"']]);
      const url = await new Roomplex(['--port', '0']).ready();
      expect(await upgrade(`${url}/ws`, 'http://a.test')).toBe(101);
      expect(await upgrade(`${url}/ws`, 'http://b.test')).toBe(403);
      expect(await upgrade(`${url}/ws`)).toBe(101);
      expect(await upgrade(`${url}/echo`, 'http://a.test')).toBe(403);
    });
  });

  it('has an open token broker when nothing is said about it', async () => {
    const url = await new Roomplex(['-p', '0']).ready();
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?RegisterToken=abc`);
    await once(socket, 'open');
    const broadcast = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ method: 'broadcast', message: 'abc|themessage' }),
    });
    expect(broadcast.status).toBe(200);
    expect(String((await once(socket, 'message'))[0])).toBe('themessage');
    expect((await fetch(`${url}/?method=get_clients`, { headers: { via: '1.1 proxy' } })).status).toBe(403);
    expect((await fetch(url)).headers.get('content-type')).toContain('text/html');
  });

  describe('with services', () => {
    const CHAT = join(import.meta.dirname, 'services', 'chat.fixture');

    it("runs the original's chat unmodified, for who is logged in", async () => {
      await mkdir(join(folder, 'services'));
      const login = `exports.authenticate = function (req) {
        return { key: 'user:system:' + req.params.user, displayName: req.params.user, login: req.params.user, idProvider: 'system' };
      };\n`;
      await writeFile(join(folder, 'services', 'chat.js'), (await readFile(CHAT, 'utf8')) + login);
      await writeFile(join(folder, 'package.json'), '{"type":"module"}');
      const roomplex = new Roomplex(['-p', '0', '--services', 'services']);
      const url = await roomplex.ready();
      await roomplex.logged('services loaded');
      expect((await fetch(`${url}/service/chat?user=Eve`)).status).toBe(404);
      const open = async (user: string): Promise<WebSocket> => {
        const socket = new WebSocket(`${url.replace('http', 'ws')}/service/chat?user=${user}`, [
          'v2',
          'text',
        ]);
        // It greets with the name alone: `+` binds before `?` (S3 §7).
        expect(String((await once(socket, 'message'))[0])).toBe(user);
        expect(socket.protocol).toBe('text');
        return socket;
      };
      const [ann, bob] = [await open('Ann'), await open('Bob')];
      await roomplex.logged('New group size 2');
      const heard = Promise.all([once(ann, 'message'), once(bob, 'message')]);
      ann.send('hello');
      expect((await heard).map(([data]) => String(data))).toEqual(['hello', 'hello']);
      const closed = once(bob, 'close');
      roomplex.signal('SIGTERM');
      expect((await closed)[0]).toBe(1001);
      expect(await roomplex.exit()).toBe(0);
    });

    it('closes with 1011 on an anonymous visitor of that chat, and says why in the log', async () => {
      await writeFile(join(folder, 'chat.js'), await readFile(CHAT));
      await writeFile(join(folder, 'roomplex.config.json5'), '{ port: 0, services: "." }');
      const roomplex = new Roomplex([]);
      const socket = new WebSocket(`${(await roomplex.ready()).replace('http', 'ws')}/service/chat`);
      expect((await once(socket, 'close'))[0]).toBe(1011);
      await roomplex.logged("Cannot read properties of undefined (reading 'displayName')");
    });

    it.each([
      ['chat.js', 'exports.get = 1;\nexports.webSocketEvent = {;\n', "2: Unexpected token ';'."],
      ['chat.mjs', 'export const a = 1;\n\nconst b = {;\n', "3: Unexpected token ';'."],
      ['chat.js', 'exports.get = function () {};', ' a session controller needs a function webSocketEvent.'],
    ])('exits with 1 and names the place when %s is wrong', async (name, text, message) => {
      await writeFile(join(folder, name), text);
      const roomplex = new Roomplex(['-p', '0'], { ROOMPLEX_SERVICES: '.' });
      expect(await roomplex.exit()).toBe(1);
      expect(roomplex.stderr).toBe(`roomplex: ${join(await realpath(folder), name)}:${message}\n`);
      expect(roomplex.stdout).toBe('');
    });

    it('names the file with the mistake when a controller imports it', async () => {
      await writeFile(join(folder, 'chat.mjs'), "import './lib/groups.mjs';\nexport const a = 1;\n");
      await mkdir(join(folder, 'lib'));
      await writeFile(join(folder, 'lib', 'groups.mjs'), 'export const a = 1;\n\nconst b = {;\n');
      const roomplex = new Roomplex(['-p', '0', '--services', '.']);
      expect(await roomplex.exit()).toBe(1);
      const place = join(await realpath(folder), 'lib', 'groups.mjs');
      expect(roomplex.stderr).toBe(`roomplex: ${place}:3: Unexpected token ';'.\n`);
    });

    it('exits with 1 when there is no such folder', async () => {
      const roomplex = new Roomplex(['-p', '0', '--services', 'nosuch']);
      expect(await roomplex.exit()).toBe(1);
      expect(roomplex.stderr).toContain('roomplex: Cannot read the services in ');
      expect(roomplex.stderr).toContain('nosuch: there is no such folder.\n');
    });
  });

  it('serves https with a certificate of its own and shows its fingerprint', async () => {
    const fingerprintOf = async (roomplex: Roomplex): Promise<string> => {
      const url = await roomplex.ready();
      expect(url).toMatch(/^https:\/\/localhost:\d+$/);
      const ca = await readFile(join(folder, '.roomplex', 'self-signed.pem'));
      const request = getHttps(`${url}/healthz`, { ca, agent: false });
      const [response] = await once(request, 'response');
      expect(response.statusCode).toBe(200);
      response.resume();
      return response.socket.getPeerCertificate().fingerprint256;
    };
    const first = new Roomplex(['-S', '-p', '0']);
    const fingerprint = await fingerprintOf(first);
    await first.logged(fingerprint);
    first.signal('SIGTERM');
    expect(await first.exit()).toBe(0);
    expect(await fingerprintOf(new Roomplex(['--https', '--port', '0']))).toBe(fingerprint);
  });

  it('keeps secrets out of its log', async () => {
    const roomplex = new Roomplex(['-p', '0', '--admin-token', 'hunter2', '--log-level', 'debug']);
    const url = await roomplex.ready();
    await fetch(`${url}/multiplex/info?token=hunter2`);
    roomplex.signal('SIGTERM');
    await roomplex.exit();
    expect(roomplex.stderr).toContain('stopped');
    expect(roomplex.stderr).not.toContain('hunter2');
  });

  it('shows its help and version on stdout', async () => {
    const help = new Roomplex(['--help']);
    const version = new Roomplex(['--version']);
    expect([await help.exit(), await version.exit()]).toEqual([0, 0]);
    expect(help.stdout).toContain('Usage: roomplex');
    const manifest = JSON.parse(await readFile(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
    expect(version.stdout).toBe(`${manifest.version}\n`);
    expect(help.stderr + version.stderr).toBe('');
  });
});
