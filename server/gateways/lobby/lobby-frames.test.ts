import { beforeEach, describe, expect, it } from 'vitest';
import { serverPool, type TestServer } from '../../test/support/server.ts';
import { openNamespace, openOriginalLine } from '../../test/support/socketio-words.ts';

let server: TestServer;
const start = serverPool();
beforeEach(async () => {
  server = await start();
});

describe('the frames of Socket.IO on /lobby', () => {
  it('S1.26 name peers by namespace and line, and take the lobby from the query', async () => {
    const socket = await openOriginalLine(server, '&lobbyId=green');
    socket.send('40/lobby');
    expect(await socket.next()).toBe('40/lobby');
    expect(await socket.next()).toMatch(/^42\/lobby,\["JOINED","\/lobby#[\w-]{20}"\]$/);
    expect(await socket.next()).toBe('42/lobby,["PEERS",[]]');
  });

  it('take the lobby from auth', async () => {
    const socket = await openNamespace(server, 'lobby', '{"lobbyId":"green"}');
    expect(await socket.next()).toMatch(/^42\/lobby,\["JOINED","[\w-]{20}"\]$/);
    expect(await socket.next()).toBe('42/lobby,["PEERS",[]]');
  });

  it('take a join from within for a leave and another join', async () => {
    const [socket, other] = [
      await openNamespace(server, 'lobby', '{"lobbyId":"green"}'),
      await openNamespace(server, 'lobby'),
    ];
    const [, id = ''] = /"JOINED","(.+)"/.exec(await socket.next()) ?? [];
    expect(await socket.next()).toContain('PEERS');
    other.send('42/lobby,["JOIN","green"]');
    expect(await socket.next()).toContain('"JOINED"');
    for (const event of ['JOINED', 'PEERS']) expect(await other.next()).toContain(event);
    socket.send('40/lobby,{"lobbyId":"green"}');
    expect(await socket.next()).toMatch(/^40\/lobby,/);
    expect(await other.next()).toBe(`42/lobby,["LEFT","${id}"]`);
    const joined = await socket.next();
    expect(joined).toMatch(/^42\/lobby,\["JOINED",/);
    expect(joined).not.toContain(id);
    expect(await other.next()).toBe(joined);
  });
});
