import { beforeEach, describe, expect, it } from 'vitest';
import { expectQuiet } from './support/fence.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { SOCKET_IO_VERSIONS, type SocketIOOptions } from './support/socketio-clients.ts';
import { partyPool, type SocketIOParty } from './support/socketio-party.ts';

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

  it('S1.1 calls the callback of a JOIN once, without arguments, and tells nobody else', async () => {
    const b = await member('r1', 'bob');
    const a = await open('/layout');
    const calls: unknown[][] = [];
    a.emit('JOIN', { room: 'r1', name: 'ann' }, (...args: unknown[]) => calls.push(args));
    await expectQuiet(a, b);
    expect(calls).toEqual([[]]);
  });

  it('S1.2 takes the argument as a JSON string, as the original does, and as an object', async () => {
    const a = await open('/layout');
    const b = await open('/layout');
    expect(await a.ask('JOIN', '{"room":"r1","name":"ann"}')).toEqual([]);
    expect(await b.ask('JOIN', { room: 'r1', name: 'bob' })).toEqual([]);
    a.emit('NOTIFY', JSON.stringify({ room: 'r1', message: { k: [1, 2] } }));
    expect(await b.next()).toEqual(['EVENT', { sender: 'ann', room: 'r1', message: { k: [1, 2] } }]);
  });

  it('S1.1 gives a callback the body of an answer that has one', async () => {
    const a = await open('/layout');
    const [answer, ...more] = await a.ask('JOIN', { room: 'r1', name: 'ann', positions: true });
    expect(answer).toEqual({ id: expect.any(String), epoch: expect.any(String), offset: 0 });
    expect(more).toEqual([]);
    const said = await a.ask('NOTIFY', { room: 'r1', message: 'x' });
    expect(said).toEqual([{ epoch: (answer as { epoch: string }).epoch, offset: 1 }]);
  });

  it('S1.1 answers a third element with the event ACK, and both together each in its own way', async () => {
    const a = await open('/layout');
    a.emit('JOIN', { room: 'r1', name: 'ann' }, 7);
    expect(await a.next()).toEqual(['ACK', 7]);
    a.emit('LEAVE', { room: 'r1' }, 'x-1');
    expect(await a.next()).toEqual(['ACK', 'x-1']);
    await expectQuiet(a);
  });

  it('S1.1 is silent on success when nothing asks for an answer', async () => {
    const a = await open('/layout');
    a.emit('JOIN', { room: 'r1', name: 'ann' });
    a.emit('NOTIFY', { room: 'r1', message: 1 });
    a.emit('LEAVE', { room: 'r1' });
    await expectQuiet(a);
  });

  it('S1.10 answers CLIENTS by the event, whether a callback waits or not', async () => {
    const a = await member('r1', 'ann');
    const calls: unknown[] = [];
    a.emit('CLIENTS', { room: 'r1' }, (...args: unknown[]) => calls.push(args));
    expect(await a.next()).toEqual(['CLIENTS', { room: 'r1', clients: ['ann'] }]);
    await expectQuiet(a);
    expect(calls).toEqual([]);
  });

  it('S1.13 S1.14 calls the callback of a LEAVE, of a member and of a stranger', async () => {
    const a = await member('r1', 'ann');
    expect(await a.ask('LEAVE', { room: 'r1' })).toEqual([]);
    expect(await a.ask('LEAVE', { room: 'r1' })).toEqual([]);
  });

  it('S1.18 refuses by the event ERROR without an id, and does not call the callback', async () => {
    const a = await open('/layout');
    const calls: unknown[] = [];
    for (const request of [{ room: 'r1' }, { name: 'ann' }, { room: 'r1', name: '' }, '{oops', null]) {
      a.emit('JOIN', request, (...args: unknown[]) => calls.push(args));
      expect(await a.next()).toEqual([
        'ERROR',
        { event: 'JOIN', code: 'bad-request', reason: expect.any(String) },
      ]);
    }
    a.emit('FOO', {}, (...args: unknown[]) => calls.push(args));
    expect(await a.next()).toEqual([
      'ERROR',
      { event: 'FOO', code: 'unknown-event', reason: expect.any(String) },
    ]);
    a.emit('FOO', {}, 'mine');
    expect(await a.next()).toMatchObject(['ERROR', { event: 'FOO', id: 'mine' }]);
    await expectQuiet(a);
    expect(calls).toEqual([]);
  });

  it('S1.20 is not confused by a callback in place of an argument, nor by names like its own', async () => {
    const a = await open('/layout');
    a.emit('JOIN', () => undefined);
    expect(await a.next()).toMatchObject(['ERROR', { event: 'JOIN', code: 'bad-request' }]);
    a.emit('socket.io/1', '"socket.io/1"', 'socket.io');
    expect(await a.next()).toMatchObject(['ERROR', { event: 'socket.io/1', id: 'socket.io' }]);
  });
});
