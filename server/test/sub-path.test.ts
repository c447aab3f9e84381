import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../client/node.ts';
import { get } from './support/http-exchange.ts';
import { HTTP_TRANSPORT_NAMES, openHttpLine } from './support/http-line.ts';
import { serverPool } from './support/server.ts';
import { subPathProxy, type SubPathProxy } from './support/sub-path-proxy.ts';
import { openRawLine, openSockJSLine } from './support/websocket-line.ts';

const start = serverPool();
const root = await mkdtemp(join(tmpdir(), 'roomplex-sub-path-'));
let proxy: SubPathProxy;
beforeAll(async () => {
  await writeFile(
    join(root, 'index.html'),
    '<!doctype html><base href="/" /><script src="./main.js"></script>',
  );
  const server = await start({ web: { root } });
  proxy = await subPathProxy(server.port);
});
afterAll(async () => {
  await proxy.close();
  await rm(root, { recursive: true });
});

/** What a link leads to on the page of an address. */
function follow(page: string, ...links: (string | undefined)[]): string {
  return links.reduce<string>((base, link) => new URL(link ?? 'missing:', base).href, page);
}

describe('below a path of a proxy', () => {
  it.each(['/', '/x', '/rooms/kitchen', '/rooms/kitchen/', '/a/b/c/d?x=/y/z', '/rooms/a%2Fb', '/a//b'])(
    'the web app finds its files from %s',
    async (path) => {
      const { body } = await get(proxy.url + path, { accept: 'text/html' });
      const base = /<base href="([^"]*)"/.exec(body)?.[1];
      expect(follow(proxy.url + path, base, './main.js')).toBe(`${proxy.url}/main.js`);
    },
  );

  it('redirects stay there', async () => {
    for (const [from, to] of [
      ['/doctor/?x=1', '/doctor?x=1'],
      ['/favicon.ico', '/favicon.svg'],
    ] as const) {
      const { headers } = await get(proxy.url + from);
      expect(follow(proxy.url + from, headers.location)).toBe(proxy.url + to);
    }
  });

  it('the owner cookie comes back', async () => {
    const { headers } = await get(`${proxy.url}/`, { accept: 'text/html', 'sec-fetch-dest': 'document' });
    expect(headers['set-cookie']?.[0]).toMatch(/Path=\/;/);
  });

  it.each(['/multiplex', '/layout'])('the iframe page of %s finds its client', async (path) => {
    const page = `${proxy.url}${path}/iframe.html`;
    const script = /<script src="([^"]*)"/.exec((await get(page)).body)?.[1];
    expect(follow(page, script)).toBe(`${proxy.url}/client/sockjs.min.js`);
    expect((await get(follow(page, script))).status).toBe(200);
  });

  it.each(HTTP_TRANSPORT_NAMES)('%s works', async (name) => {
    const line = await openHttpLine(`${proxy.url}/echo`, name);
    await line.send('x', 'y');
    expect([await line.next(), await line.next()]).toEqual(['x', 'y']);
    await line.close();
  });

  it.each([openRawLine, openSockJSLine])('WebSockets work: %o', async (open) => {
    const line = await open(`${proxy.url.replace('http', 'ws')}/echo`);
    await line.send('x');
    expect(await line.next()).toBe('x');
    await line.close();
  });

  it.each(['websocket', 'xhr-streaming', 'xhr-polling'] as const)(
    'the client works with %s',
    async (transport) => {
      const client = connect(`${proxy.url}/multiplex`, { transports: [transport] });
      const room = client.room('kitchen', { name: 'ann' });
      const heard = new Promise((resolve) => room.on('message', ({ data }) => resolve(data)));
      await room.join();
      await room.publish('hi');
      expect(await heard).toBe('hi');
      await client.close();
    },
  );
});
