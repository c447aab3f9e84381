import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { createServer } from '../create-server.ts';
import { get } from './support/http-exchange.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { openSocket, refusedUpgrade } from './support/websocket-line.ts';

let server: TestServer;
const start = serverPool();
beforeAll(async () => {
  server = await start();
});

describe('upgrades', () => {
  it.each([
    '/',
    '/nowhere',
    '/echo/nowhere',
    '/echo/0/0/xhr',
    '/echo/a.b/c/websocket',
    '/echoes',
    '/Echo',
    '//echo',
  ])('that nobody owns are answered 404: %s', async (path) => {
    expect(await refusedUpgrade(server.ws(path))).toBe(404);
  });

  it('to something else than a WebSocket are refused and not left hanging', async () => {
    const answer = await get(server.http('/echo'), { connection: 'Upgrade', upgrade: 'h2c' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  describe('on a server that has other listeners', () => {
    let host: Server;
    let address: string;
    let theirs: WebSocketServer;
    let mounted: ReturnType<typeof createServer>;
    beforeEach(async () => {
      theirs = new WebSocketServer({ noServer: true });
      theirs.on('connection', (socket) => socket.send('theirs'));
      host = createHttpServer((incoming, response) => {
        if (incoming.url === '/mine') response.end('theirs');
      });
      host.on('upgrade', (incoming, socket, head) => {
        if (incoming.url === '/mine')
          theirs.handleUpgrade(incoming, socket, head, (ws) => theirs.emit('connection', ws));
      });
      mounted = createServer(host, { rooms: 'open' });
      await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
      address = `127.0.0.1:${(host.address() as AddressInfo).port}`;
    });
    afterEach(async () => {
      await mounted.close();
      for (const client of theirs.clients) client.terminate();
      await new Promise<void>((resolve) => {
        host.close(() => resolve());
        host.closeAllConnections();
      });
    });

    it('go to whom they belong', async () => {
      const other = await openSocket(`ws://${address}/mine`);
      expect(await other.next()).toBe('theirs');
      const ours = await openSocket(`ws://${address}/echo`);
      ours.send('ours');
      expect(await ours.next()).toBe('ours');
      expect(await refusedUpgrade(`ws://${address}/nowhere`)).toBe(404);
      await other.close();
    });

    it('and so do requests', async () => {
      expect((await get(`http://${address}/mine`)).body).toBe('theirs');
      expect((await get(`http://${address}/echo`)).body).toBe('Welcome to SockJS!\n');
      expect((await get(`http://${address}/healthcheck`)).body).toBe('OK');
    });

    it('leave theirs alone when Roomplex closes', async () => {
      const other = await openSocket(`ws://${address}/mine`);
      expect(await other.next()).toBe('theirs');
      const ours = await openSocket(`ws://${address}/echo`);
      await mounted.close();
      expect(await ours.closed).toMatchObject({ code: 1001 });
      expect((await get(`http://${address}/mine`)).body).toBe('theirs');
      const again = await openSocket(`ws://${address}/mine`);
      expect(await again.next()).toBe('theirs');
      await other.close();
      await again.close();
    });
  });
});
