import { describe, expect, it } from 'vitest';
import { ENGINES } from './support/engines.ts';
import { joinRoom } from './support/enter-room.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool } from './support/server.ts';
import { openRawLine } from './support/websocket-line.ts';

const start = serverPool();

describe.each(ENGINES)('with $engine, whoever leaves right after it spoke', ({ options }) => {
  it('hears what it said itself, and nothing else', async () => {
    const { ws } = await start(options());
    const [ann, bob] = [await openRawLine(ws('/multiplex')), await openRawLine(ws('/multiplex'))];
    await bob.send('sub,r1', 'msg,r1,before');
    expect(await bob.next()).toBe('msg,r1,before');
    await ann.send('sub,r1', 'msg,r1,mine', 'uns,r1');
    expect(await ann.next()).toBe('msg,r1,mine');
    expect(await bob.next()).toBe('msg,r1,mine');
    await bob.send('msg,r1,after');
    expect(await bob.next()).toBe('msg,r1,after');
    await ann.send('sub,r2', 'msg,r2,end');
    expect(await ann.next()).toBe('msg,r2,end');
  });

  it('is told that it has left when the others have heard it, and see it no more', async () => {
    const { ws } = await start(options());
    const open = async (): Promise<RoomsClient> => new RoomsClient(await openRawLine(ws('/layout')));
    const [ann, bob] = [await open(), await open()];
    await joinRoom(bob, { name: 'bob' });
    await joinRoom(ann, {});
    for (let n = 0; n < 100; n++) ann.say('NOTIFY', { room: 'r1', message: n }, n);
    ann.say('LEAVE', { room: 'r1' }, 'left');
    for (let n = 0; n < 100; n++) expect(await ann.next()).toMatchObject(['ACK', n, { offset: n + 1 }]);
    expect(await ann.next()).toEqual(['ACK', 'left']);
    expect((await bob.events(100)).map(({ message }) => message)).toEqual([...Array(100).keys()]);
    expect(await bob.ask('CLIENTS', { room: 'r1' })).toEqual(['CLIENTS', { room: 'r1', clients: ['bob'] }]);
  });
});
