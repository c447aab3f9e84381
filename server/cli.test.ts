import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { get as getHttps } from 'node:https';
import { type AddressInfo, createServer as createNetServer, isIPv6 } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { emptyFolder, LOOPBACKS, Roomplex } from './test/support/program.ts';

let folder: string;
beforeEach(async () => {
  folder = await emptyFolder();
});

function withPort(url: string, host: string): string {
  return url.replace('localhost', host);
}

describe('roomplex', () => {
  it('serves on a free port, and tells it on stdout alone', async () => {
    const roomplex = new Roomplex(folder, ['--port', '0']);
    const url = await roomplex.ready();
    expect(url).toMatch(/^http:\/\/localhost:[1-9]\d*$/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await roomplex.logged('rooms are kept on disk');
    expect(roomplex.stdout).toBe(`Roomplex is listening on ${url}\n`);
  });

  it('answers requests and upgrades on every loopback address', async () => {
    const roomplex = new Roomplex(folder, ['-p', '0']);
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
    const open = new Roomplex(folder, ['-p', '0']);
    const listed = new Roomplex(folder, ['-p', '0', '--memory', '--channels', 'listed', '--channel', 'news']);
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
    const roomplex = new Roomplex(folder, [
      '-p',
      '0',
      '--limit',
      'message=10',
      '--origin',
      'https://good.test',
    ]);
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
        const roomplex = new Roomplex(folder, ['-p', '0']);
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
      const roomplex = new Roomplex(folder, ['-p', '0']);
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
      const roomplex = new Roomplex(folder, ['-p', '0']);
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
    const roomplex = new Roomplex(folder, args);
    expect(await roomplex.exit()).toBe(2);
    expect(roomplex.stderr).toContain(message);
    expect(roomplex.stderr).toContain('See roomplex --help.');
    expect(roomplex.stdout).toBe('');
  });

  it.each(LOOPBACKS)('exits with 1 and says so when its port is taken on %s', async (address) => {
    const other = createNetServer().listen(0, address);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const roomplex = new Roomplex(folder, ['--port', String(port)]);
    expect(await roomplex.exit()).toBe(1);
    expect(roomplex.stderr).toContain(`roomplex: Port ${port} is taken`);
    expect(roomplex.stdout).toBe('');
    other.close();
  });

  it('says of a server that is started twice that its port is taken, not its store', async () => {
    const url = new URL(await new Roomplex(folder, ['-p', '0']).ready());
    const again = new Roomplex(folder, ['-p', url.port]);
    expect(await again.exit()).toBe(1);
    expect(again.stderr).toContain(`roomplex: Port ${url.port} is taken`);
  });

  it('has its store for itself, and again at once after kill -9', async () => {
    const first = new Roomplex(folder, ['-p', '0']);
    const headers = { 'content-type': 'application/json' };
    const messages = `${await first.ready()}/api/rooms/r/messages`;
    await fetch(messages, { method: 'POST', headers, body: '{"data":"hi"}' });
    const second = new Roomplex(folder, ['-p', '0']);
    expect(await second.exit()).toBe(1);
    expect(second.stderr).toMatch(
      /^roomplex: The store in \S+ is in use by process \d+\. Stop that, or take another folder with --data\.\n$/,
    );
    first.signal('SIGKILL');
    await first.exit();
    const third = new Roomplex(folder, ['-p', '0']);
    const kept = await (await fetch(`${await third.ready()}/api/rooms/r/messages`)).json();
    expect(kept).toMatchObject({ messages: [{ data: 'hi', offset: 1 }] });
  }, 45_000);

  it('exits with 1 for a host that is not its own', async () => {
    const roomplex = new Roomplex(folder, ['-p', '0', '--host', '192.0.2.1']);
    expect(await roomplex.exit()).toBe(1);
    expect(roomplex.stderr).toContain('This machine has no address 192.0.2.1');
  });

  it('reads its configuration file, and its variables over it', async () => {
    await writeFile(
      join(folder, 'websockets.conf'),
      '# "old\nHost: localhost\nPort: nonsense\nchannels: listed\n',
    );
    const broken = new Roomplex(folder, []);
    expect(await broken.exit()).toBe(1);
    expect(broken.stderr).toContain('roomplex: websockets.conf:3: Port must be a whole number');
    const roomplex = new Roomplex(folder, [], { PORT: '0' });
    await roomplex.ready();
    await roomplex.logged('configuration file read');
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
    const first = new Roomplex(folder, ['-S', '-p', '0']);
    const fingerprint = await fingerprintOf(first);
    await first.logged(fingerprint);
    first.signal('SIGTERM');
    expect(await first.exit()).toBe(0);
    expect(await fingerprintOf(new Roomplex(folder, ['--https', '--port', '0']))).toBe(fingerprint);
  });

  it('keeps secrets out of its log', async () => {
    const roomplex = new Roomplex(folder, ['-p', '0', '--admin-token', 'hunter2', '--log-level', 'debug']);
    const url = await roomplex.ready();
    await fetch(`${url}/multiplex/info?token=hunter2`);
    roomplex.signal('SIGTERM');
    await roomplex.exit();
    expect(roomplex.stderr).toContain('stopped');
    expect(roomplex.stderr).not.toContain('hunter2');
  });

  it('shows its help and version on stdout', async () => {
    const help = new Roomplex(folder, ['--help']);
    const version = new Roomplex(folder, ['--version']);
    expect([await help.exit(), await version.exit()]).toEqual([0, 0]);
    expect(help.stdout).toContain('Usage: roomplex');
    const manifest = JSON.parse(await readFile(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
    expect(version.stdout).toBe(`${manifest.version}\n`);
    expect(help.stderr + version.stderr).toBe('');
  });
});
