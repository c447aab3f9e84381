import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { expectQuiet } from './fence.ts';
import { RoomsClient } from './rooms-client.ts';
import type { TestServer } from './server.ts';
import { openRawLine } from './websocket-line.ts';

/** Puts two clients into a room of their own; the function that comes back asserts that they hear each other. */
export async function bystanders(server: TestServer): Promise<() => Promise<void>> {
  const room = `bystanders ${randomUUID()}`;
  const open = async (): Promise<RoomsClient> => new RoomsClient(await openRawLine(server.ws('/layout')));
  const [a, b] = [await open(), await open()];
  await a.ask('JOIN', { room, name: 'ann' });
  await b.ask('JOIN', { room, name: 'bob' });
  return async () => {
    a.say('NOTIFY', { room, message: 'still here' });
    expect(await b.next()).toEqual(['EVENT', { sender: 'ann', room, message: 'still here' }]);
    await expectQuiet(a, b);
  };
}
