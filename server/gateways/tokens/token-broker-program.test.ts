import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { emptyFolder, freePort, LOOPBACKS, Roomplex } from '../../test/support/program.ts';

let folder: string;
beforeEach(async () => {
  folder = await emptyFolder();
});

describe('the file of the old broker', () => {
  /** The file as the old broker's documentation has it, changed in places. */
  async function writeBrokerFile(changes: readonly [from: string, to: string][] = []): Promise<void> {
    let text = await readFile(join(import.meta.dirname, '..', '..', 'cli', 'broker.conf.fixture'), 'utf8');
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
    const roomplex = new Roomplex(folder, ['--port', '0']);
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
    const url = await new Roomplex(folder, ['--port', '0']).ready();
    expect(await upgrade(`${url}/ws`)).toBe(401);
    expect(await upgrade(`${url}/ws?RegisterToken=zzz`)).toBe(401);
    expect(await upgrade(`${url}/ws?RegisterToken=group%2Fitem1`)).toBe(101);
  });

  it('S4.27 starts although the list of tokens cannot be had, and says so once', async () => {
    const gone = await freePort();
    await writeBrokerFile([['http://example.test', `http://127.0.0.1:${gone}`]]);
    const roomplex = new Roomplex(folder, ['--port', '0']);
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
    expect(await new Roomplex(folder, []).ready()).toBe(url);
    expect(await upgrade(`http://127.0.0.1:${port}/ws`)).toBe(401);
    if (LOOPBACKS.includes('::1'))
      await expect(fetch(`http://[::1]:${port}/healthz`)).rejects.toThrow('fetch');
    expect(await new Roomplex(folder, ['--memory'], { Port: String(other) }).ready()).toBe(
      `http://localhost:${other}`,
    );
  });

  it('S4.31 exits with 1 and names the line that is broken', async () => {
    await writeFile(join(folder, 'websockets.conf'), '{\n Host "x" ');
    const roomplex = new Roomplex(folder, []);
    expect(await roomplex.exit()).toBe(1);
    expect(roomplex.stderr).toContain('roomplex: websockets.conf:2: expected ":" after Host');
  });

  it('S4.36 lets in the origin it names, to the broker alone', async () => {
    await writeBrokerFile([['Origin: "*"', 'Origin: "http://a.test"']]);
    const url = await new Roomplex(folder, ['--port', '0']).ready();
    expect(await upgrade(`${url}/ws`, 'http://a.test')).toBe(101);
    expect(await upgrade(`${url}/ws`, 'http://b.test')).toBe(403);
    expect(await upgrade(`${url}/ws`)).toBe(101);
    expect(await upgrade(`${url}/echo`, 'http://a.test')).toBe(403);
  });
});

describe('no file of the old broker', () => {
  it('has an open token broker when nothing is said about it', async () => {
    const url = await new Roomplex(folder, ['-p', '0']).ready();
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
});
