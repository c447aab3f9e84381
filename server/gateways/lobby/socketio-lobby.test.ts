import { beforeEach, describe, expect, it } from 'vitest';
import { expectQuiet } from '../../test/support/fence.ts';
import { serverPool, type TestServer } from '../../test/support/server.ts';
import { SOCKET_IO_VERSIONS, type SocketIOOptions } from '../../test/support/socketio-clients.ts';
import { partyPool, type SocketIOParty } from '../../test/support/socketio-party.ts';

let server: TestServer;
const start = serverPool();
const party = partyPool();
beforeEach(async () => {
  server = await start();
});

describe.each(SOCKET_IO_VERSIONS)('$name', (version) => {
  const open = (path: string, options: SocketIOOptions = {}): Promise<SocketIOParty> =>
    party(version, server.http(path), options);

  it('S1.26 S1.27 lets lobby peers address each other by the ids of their sockets', async () => {
    const l1 = await open('/lobby');
    const l2 = await open('/lobby');
    expect(await l1.ask('JOIN', 'green')).toEqual([]);
    expect(await l1.take(2)).toEqual([
      ['JOINED', idOf(l1)],
      ['PEERS', []],
    ]);
    expect(await l2.ask('JOIN', 'green')).toEqual([]);
    expect(await l1.next()).toEqual(['JOINED', idOf(l2)]);
    expect(await l2.take(2)).toEqual([
      ['JOINED', idOf(l2)],
      ['PEERS', [idOf(l1)]],
    ]);
    l1.emit('RTCSIGNAL', { to: idOf(l2), type: 'offer' });
    expect(await l2.next()).toEqual(['RTCSIGNAL', { to: idOf(l2), type: 'offer', from: idOf(l1) }]);
  });

  it.each(['polling', 'websocket'])(
    'S1.26 puts ?lobbyId=green into the lobby at once, by %s',
    async (transport) => {
      const transports = [transport];
      for (const [count, peer] of [
        await open('/lobby?lobbyId=green', { transports }),
        await open('/lobby', { transports, query: { lobbyId: 'green' } }),
      ].entries()) {
        expect(await peer.next()).toEqual(['JOINED', idOf(peer)]);
        expect(((await peer.next()) as [string, string[]])[1]).toHaveLength(count);
      }
    },
  );

  it('S1.26 keeps the query of one namespace from another on the same line', async () => {
    const options = { transports: ['websocket'], forceNew: false, multiplex: true };
    const layout = await open('/layout', options);
    const query = version.revision === 3 ? '?lobbyId=green' : '';
    const lobby = await open(`/lobby${query}`, { ...options, auth: { lobbyId: 'green' } });
    expect(lobby.client.io).toBe(layout.client.io);
    expect(await lobby.next()).toEqual(['JOINED', idOf(lobby)]);
    expect(await layout.ask('JOIN', { room: 'r1', name: 'ann' })).toEqual([]);
    await expectQuiet(layout);
    lobby.client.disconnect();
    expect(await layout.ask('LEAVE', { room: 'r1' })).toEqual([]);
  });

  it('S1.30 S1.31 tells the others once of a peer that left, and of one that is gone', async () => {
    const l1 = await open('/lobby?lobbyId=green');
    const l2 = await open('/lobby?lobbyId=green');
    const l3 = await open('/lobby?lobbyId=green');
    await l1.take(4);
    await l2.take(3);
    expect(await l2.ask('LEAVE', 'green')).toEqual([]);
    expect(await l1.next()).toEqual(['LEFT', idOf(l2)]);
    const last = idOf(l3);
    l3.client.disconnect();
    expect(await l1.next()).toEqual(['LEFT', last]);
    await expectQuiet(l1);
  });

  /** The id by which the server knows a party: with the namespace in it up to revision 3 (S1 §3.5). */
  function idOf({ client }: SocketIOParty): string {
    return version.revision === 3 && !client.id.startsWith('/') ? `/lobby#${client.id}` : client.id;
  }
});
