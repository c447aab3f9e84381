import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newStore } from './support/engines.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { startServer } from './support/server.ts';
import { openRawLine } from './support/websocket-line.ts';

it('who is refused because the state of a room is damaged is not in the room', async () => {
  const data = newStore();
  const before = await startServer({ data });
  await before.roomplex.change('r', [{ key: 'k', value: 'a value like no other' }]);
  await before.close();
  const file = join(data, 'store.mdb');
  const bytes = await readFile(file);
  bytes.write('#', bytes.indexOf('a value like no other'));
  await writeFile(file, bytes);

  const server = await startServer({ data });
  try {
    const client = new RoomsClient(await openRawLine(server.ws('/layout')));
    const refused = await client.ask('JOIN', { room: 'r', name: 'ann', state: true });
    expect(refused).toMatchObject(['ERROR', { event: 'JOIN', code: 'unavailable' }]);
    expect([...(server.roomplex.room('r')?.members ?? [])]).toEqual([]);
    expect(await client.ask('JOIN', { room: 'other', name: 'ann', state: true })).toMatchObject([
      'ACK',
      2,
      { rev: 0 },
    ]);
  } finally {
    await server.close();
  }
});
