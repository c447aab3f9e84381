import { beforeEach, describe, expect, it } from 'vitest';
import type { Overview } from '../../protocol/overview.ts';
import { expectQuiet } from './support/fence.ts';
import { get } from './support/http-exchange.ts';
import { Inbox } from './support/inbox.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { SOCKET_IO_VERSIONS, type SocketIOOptions } from './support/socketio-clients.ts';
import { partyPool, type SocketIOParty } from './support/socketio-party.ts';
import { openRawLine } from './support/websocket-line.ts';

let server: TestServer;
const start = serverPool();
const party = partyPool();
beforeEach(async () => {
  server = await start();
});

describe.each(SOCKET_IO_VERSIONS)('$name', (version) => {
  const open = (path: string, options: SocketIOOptions = {}): Promise<SocketIOParty> =>
    party(version, server.http(path), options);

  async function member(room: string, name: string): Promise<SocketIOParty> {
    const party = await open('/layout');
    expect(await party.ask('JOIN', { room, name })).toEqual([]);
    return party;
  }

  it('S1.34 comes back after a restart and joins again under its name', async () => {
    const { port } = server;
    const a = await open('/layout', {
      transports: ['polling', 'websocket'],
      reconnection: true,
      reconnectionDelay: 10,
    });
    const rejoin = (): void => a.emit('JOIN', { room: 'r1', name: 'ann' }, () => joined.push());
    const joined = new Inbox<void>('joined');
    a.client.on('connect', rejoin);
    rejoin();
    await joined.next();
    await server.close();
    server = await start({}, null, port);
    await joined.next();
    const other = await open('/layout');
    other.emit('CLIENTS', { room: 'r1' });
    expect(await other.next()).toEqual(['CLIENTS', { room: 'r1', clients: ['ann'] }]);
    other.emit('NOTIFY', { room: 'r1', message: 'welcome back' });
    expect(await a.next()).toMatchObject(['EVENT', { message: 'welcome back' }]);
  });

  it.each([['polling'], ['websocket'], ['polling', 'websocket']])(
    'S1.4 brings every character to and from others, by %s %s',
    async (...transports) => {
      const a = await open('/layout', { transports });
      const b = new RoomsClient(await openRawLine(server.ws('/layout')));
      await a.ask('JOIN', { room: 'größe', name: 'ann' });
      await b.ask('JOIN', { room: 'größe', name: 'Ümit 日本 😀' });
      for (const message of ['é', 'Ã©', 'ÿþ', '日本', '😀 and ü', '\u2028\ufeff\uffff', 'plain']) {
        a.emit('NOTIFY', { room: 'größe', message });
        expect(await b.next()).toEqual(['EVENT', { sender: 'ann', room: 'größe', message }]);
        b.say('NOTIFY', { room: 'größe', message });
        expect(await a.next()).toEqual(['EVENT', { sender: 'Ümit 日本 😀', room: 'größe', message }]);
      }
    },
  );

  it('speaks to gateways without events by send() and message', async () => {
    const echo = await open('/echo');
    for (const text of ['hi', '', '["JOIN",{}]', '日本 "\\\u2028\u0001', 'x'.repeat(100_000)]) {
      echo.client.send(text);
      expect(await echo.next()).toEqual(['message', text]);
    }
    const topics = await open('/multiplex');
    topics.client.send('sub,r1');
    topics.client.send('msg,r1,hello');
    expect(await topics.next()).toEqual(['message', 'msg,r1,hello']);
  });

  it('drops what is no string on a gateway without events', async () => {
    const echo = await open('/echo');
    for (const value of [5, null, { a: 1 }, ['x']]) echo.client.send(value);
    echo.emit('other', 'x');
    echo.emit('message', 'two', 'strings');
    echo.emit('message');
    echo.client.send('after');
    expect(await echo.next()).toEqual(['message', 'after']);
  });

  it('drops binary data, and the line lives on', async () => {
    const a = await member('r1', 'ann');
    const calls: unknown[] = [];
    a.emit('NOTIFY', { room: 'r1', message: Buffer.from('x') }, () => calls.push('called'));
    a.emit('NOTIFY', Buffer.alloc(10), Buffer.alloc(10));
    await expectQuiet(a);
    expect(calls).toEqual([]);
    const { ignoredBy } = JSON.parse((await get(server.http('/api/overview'))).body) as Overview;
    // The two packets and their three attachments.
    expect(ignoredBy).toContainEqual({ place: 'socket.io', reason: 'binary', count: 5 });
  });

  it('is told that there is no such namespace, and goes on in others', async () => {
    const layout = await open('/layout', { forceNew: false, multiplex: true });
    for (const path of ['/nope', '/layout/nope', '/__proto__', '/service/none']) {
      await expect(open(path, { forceNew: false, multiplex: true })).rejects.toThrow('Invalid namespace');
    }
    expect(await layout.ask('JOIN', { room: 'r1', name: 'ann' })).toEqual([]);
  });

  it.each(['polling', 'websocket'])(
    'leaves and comes again at once, and its line lives on, by %s',
    async (...transports) => {
      const shared = { forceNew: false, multiplex: true, transports };
      const [layout, echo] = [await open('/layout', shared), await open('/echo', shared)];
      expect(layout.client.io).toBe(echo.client.io);
      for (let times = 0; times < 3; times++) {
        const again = new Inbox<string>('what comes of it');
        for (const event of ['connect', 'connect_error', 'error'])
          echo.client.once(event, () => again.push(event));
        for (let n = 0; n < 300; n++) echo.client.send('before');
        echo.client.disconnect();
        echo.client.connect();
        expect(await again.next()).toBe('connect');
        echo.client.send('after');
        let event: unknown[];
        while ((event = await echo.next())[1] === 'before');
        expect(event).toEqual(['message', 'after']);
      }
      expect(await layout.ask('JOIN', { room: 'r1', name: 'ann' })).toEqual([]);
    },
  );

  it('starts by polling and goes on by WebSocket without losing anything', async () => {
    const a = await open('/layout', { transports: ['polling', 'websocket'] });
    const b = await member('r1', 'bob');
    expect(await a.ask('JOIN', { room: 'r1', name: 'ann' })).toEqual([]);
    let said = 0;
    const { engine } = a.client.io;
    while (engine.transport.name !== 'websocket') {
      b.emit('NOTIFY', { room: 'r1', message: ++said });
      await expectQuiet(b);
    }
    b.emit('NOTIFY', { room: 'r1', message: ++said });
    for (let heard = 1; heard <= said; heard++) {
      expect(await a.next()).toEqual(['EVENT', { sender: 'bob', room: 'r1', message: heard }]);
    }
    expect(await a.ask('LEAVE', { room: 'r1' })).toEqual([]);
  });
});
