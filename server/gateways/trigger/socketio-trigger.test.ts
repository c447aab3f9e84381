import { beforeEach, describe, expect, it } from 'vitest';
import { expectQuiet } from '../../test/support/fence.ts';
import { serverPool, type TestServer } from '../../test/support/server.ts';
import { SOCKET_IO_VERSIONS } from '../../test/support/socketio-clients.ts';
import { partyPool, type SocketIOParty } from '../../test/support/socketio-party.ts';

let server: TestServer;
const start = serverPool();
const party = partyPool();
beforeEach(async () => {
  server = await start();
});

describe.each(SOCKET_IO_VERSIONS)('$name', (version) => {
  const open = (path: string): Promise<SocketIOParty> => party(version, server.http(path), {});

  it('S1.35 takes two arguments and a callback on /trigger', async () => {
    const a = await open('/trigger');
    const b = await open('/trigger');
    expect(await a.ask('JOIN', 'doc1')).toEqual([]);
    expect((await b.ask('BROADCAST_EVENTS', 'doc1', [1, 2])).length).toBeLessThan(2);
    expect(await a.next()).toEqual(['EVENTS', [1, 2]]);
    expect(await a.ask('LEAVE', 'doc1')).toEqual([]);
    b.emit('BROADCAST_EVENTS', 'doc1', 'late');
    await expectQuiet(b, a);
  });
});
