import { createServer } from 'node:https';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { selfSigned } from '../cli/self-signed.ts';
import { expectQuiet } from './support/fence.ts';
import { get } from './support/http-exchange.ts';
import { MultiplexClient } from './support/multiplex-client.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { SOCKET_IO_VERSIONS } from './support/socketio-clients.ts';
import { partyPool } from './support/socketio-party.ts';
import { openRawLine, refusedUpgrade } from './support/websocket-line.ts';

let server: TestServer;
const start = serverPool();
const party = partyPool();
beforeEach(async () => {
  server = await start();
});

describe.each(SOCKET_IO_VERSIONS)('$name', (version) => {
  it('shares a room with a WebSocket on /layout and a topic on /multiplex', async () => {
    const socketio = await party(version, server.http('/layout'));
    const layout = new RoomsClient(await openRawLine(server.ws('/layout')));
    const topic = await MultiplexClient.over(await openRawLine(server.ws('/multiplex')));
    await socketio.ask('JOIN', { room: 'r1', name: 'ann' });
    await layout.ask('JOIN', { room: 'r1', name: 'bob' });
    topic.say('sub,r1');
    await expectQuiet(topic);

    socketio.emit('NOTIFY', { room: 'r1', message: { k: 'ü' } });
    expect(await layout.next()).toEqual(['EVENT', { sender: 'ann', room: 'r1', message: { k: 'ü' } }]);
    expect(await topic.next()).toBe('msg,r1,{"k":"ü"}');
    layout.say('NOTIFY', { room: 'r1', message: 'hi' });
    expect(await socketio.next()).toEqual(['EVENT', { sender: 'bob', room: 'r1', message: 'hi' }]);
    expect(await topic.next()).toBe('msg,r1,hi');
    topic.say('msg,r1,from a topic');
    expect(await topic.next()).toBe('msg,r1,from a topic');
    const event = ['EVENT', { sender: 'unknown', room: 'r1', message: 'from a topic' }];
    expect(await socketio.next()).toEqual(event);
    expect(await layout.next()).toEqual(event);

    socketio.emit('CLIENTS', { room: 'r1' });
    expect(await socketio.next()).toEqual(['CLIENTS', { room: 'r1', clients: ['ann', 'bob', 'unknown'] }]);
    await expectQuiet(socketio, layout, topic);
  });

  it.each([['polling'], ['websocket'], ['polling', 'websocket']])(
    'connects over HTTPS with a certificate that nobody signed, by %s %s',
    async (...transports) => {
      const folder = await mkdtemp(join(tmpdir(), 'roomplex-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      const target = createServer(await selfSigned('localhost', folder));
      onTestFinished(() => void target.close());
      const { port } = await start({}, target);
      const options = { transports, rejectUnauthorized: false };
      const a = await party(version, `https://localhost:${port}/layout`, options);
      const b = await party(version, `https://localhost:${port}/layout`, options);
      expect(await a.ask('JOIN', { room: 'r1', name: 'ann' })).toEqual([]);
      expect(await b.ask('JOIN', { room: 'r1', name: 'bob' })).toEqual([]);
      a.emit('NOTIFY', { room: 'r1', message: 'hello' });
      expect(await b.next()).toEqual(['EVENT', { sender: 'ann', room: 'r1', message: 'hello' }]);
    },
  );
});

describe('/socket.io/', () => {
  it.each(['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js', 'socket.io.js.map'])(
    'has the client as %s, for pages anywhere',
    async (file) => {
      const { status, headers, body } = await get(server.http(`/socket.io/${file}`));
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(file.endsWith('map') ? /json/ : /javascript/);
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(body.length).toBeGreaterThan(10_000);
    },
  );

  it('answers anything else as the package does', async () => {
    for (const rest of ['', '/', '/?EIO=4', '/other', '/?EIO=4&transport=__proto__']) {
      expect(await get(server.http(`/socket.io${rest}`))).toMatchObject({
        status: 400,
        body: '{"code":0,"message":"Transport unknown"}',
      });
    }
    expect((await get(server.http('/socket.io/socket.io.none.js'))).status).toBe(404);
    expect((await get(server.http('/socket.iox'))).status).toBe(404);
  });

  it('leaves upgrades alone that are not its own', async () => {
    expect(await refusedUpgrade(server.ws('/socket.iox/?EIO=4&transport=websocket'))).toBe(404);
    expect(await refusedUpgrade(server.ws('/socket.io/?EIO=4&transport=nosuch'))).toBe(400);
  });
});
