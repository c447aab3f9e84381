import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RoomsClient } from './support/rooms-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { openRawLine } from './support/websocket-line.ts';

const REASON = 'the store has reached its limit of 1000 bytes (storeBytes)';

let folder: string;
let server: TestServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomplex-outage-'));
  const before = await startServer({ data: folder });
  await before.roomplex.publish('r', 'x'.repeat(5000));
  await before.close();
  server = await startServer({ data: folder, limits: { storeBytes: 1000 } });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

describe('a server whose store takes nothing', () => {
  it('says so to whoever asks for something', async () => {
    const client = new RoomsClient(await openRawLine(server.ws('/layout')));
    const join = await client.ask('JOIN', { room: 'r', name: 'ann', history: 1 });
    expect(join).toMatchObject(['ACK', 1, { offset: 1 }]);
    expect(await client.events(1)).toMatchObject([{ offset: 1 }]);
    const refusal = { code: 'unavailable', reason: REASON };
    const said = await client.ask('NOTIFY', { room: 'r', message: 'hi' });
    expect(said).toEqual(['ERROR', { event: 'NOTIFY', id: 2, ...refusal }]);
    const set = await client.ask('SET', { room: 'r', entries: [{ key: 'k', value: 1 }] });
    expect(set).toEqual(['ERROR', { event: 'SET', id: 3, ...refusal }]);
    expect(await client.ask('HISTORY', { room: 'r' })).toMatchObject(['ACK', 4, { first: 1 }]);
  });

  it('answers 503 over HTTP, and is not ready', async () => {
    const headers = { 'content-type': 'application/json' };
    const post = (path: string): Promise<Response> =>
      fetch(server.http(path), { method: 'POST', headers, body: '{"data":1}' });
    expect((await post('/bus-message/r')).status).toBe(503);
    const answer = await post('/api/rooms/r/messages');
    expect([answer.status, await answer.json()]).toEqual([503, { error: REASON, code: 'unavailable' }]);
    expect((await fetch(server.http('/readyz'))).status).toBe(503);
    expect(await (await fetch(server.http('/metrics'))).text()).toContain('roomplex_store_available 0');
  });

  it('goes on when server code does not wait for an answer', async () => {
    const room = server.roomplex.registerRoom('r');
    void room.broadcast('hi');
    await expect(room.broadcast('hi')).rejects.toMatchObject({ code: 'unavailable' });
    expect((await fetch(server.http('/healthz'))).status).toBe(200);
  });
});
