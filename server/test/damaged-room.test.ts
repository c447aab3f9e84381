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
  await damage(data, 'a value like no other');

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

it('who catches up over a damaged message is told what is missing, and goes on', async () => {
  const data = newStore();
  const before = await startServer({ data });
  for (const data of ['sound', 'a message like no other']) await before.roomplex.publish('r', data);
  const { epoch } = await before.roomplex.publish('r', 'sound');
  await before.close();
  await damage(data, 'a message like no other');

  const server = await startServer({ data });
  try {
    const client = new RoomsClient(await openRawLine(server.ws('/layout')));
    await client.ask('JOIN', { room: 'r', name: 'ann', recover: { epoch, offset: 0 } });
    expect(await client.next()).toEqual(['GAP', { room: 'r', reason: 'trimmed', missing: 3 }]);
    await server.roomplex.publish('r', 'live');
    expect(await client.next()).toMatchObject(['EVENT', { message: 'live', offset: 4 }]);
  } finally {
    await server.close();
  }
});

/** Wherever the store has a text, also where it has it no more. */
async function damage(folder: string, text: string): Promise<void> {
  const file = join(folder, 'store.mdb');
  const bytes = await readFile(file);
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text)) bytes.write('#', at);
  await writeFile(file, bytes);
}
