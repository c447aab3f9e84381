import { beforeEach, describe, expect, it } from 'vitest';
import { DOORS } from './support/doors.ts';
import { ENGINES } from './support/engines.ts';
import { enterRoom } from './support/enter-room.ts';
import { expectQuiet } from './support/fence.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { openRawLine } from './support/websocket-line.ts';

const start = serverPool();
let server: TestServer;

describe.each(ENGINES)('with $engine', ({ options }) => {
  beforeEach(async () => {
    server = await start({ ...options(), memberGraceMs: 0, limits: { history: 5 } });
  });

  it.each(DOORS)('a client of the older protocol sees what it always saw, through $name', async (door) => {
    const plain = new RoomsClient(await door.open(server, 'layout'));
    plain.say('JOIN', { room: 'r1', name: 'old' }, 1);
    expect(await plain.nextText()).toBe('["ACK",1]');
    const wishes = {
      info: { hat: 'red' },
      positions: true,
      echo: true,
      presence: true,
      state: true,
      history: 10,
      memberKey: 'sixteen chars at least',
    };
    const { client: ann } = await enterRoom(await openRawLine(server.ws('/layout')), wishes);
    await ann.call('SET', { room: 'r1', entries: [{ key: 'k', value: 1 }] });
    for (let n = 1; n <= 8; n++) await ann.call('NOTIFY', { room: 'r1', message: n, publishId: `p${n}` });
    await ann.call('NOTIFY', { room: 'r1', message: 8, publishId: 'p8' });
    for (let n = 1; n <= 8; n++) {
      expect(await plain.nextText()).toBe(`["EVENT",{"sender":"ann","room":"r1","message":${n}}]`);
    }
    const { client: again } = await enterRoom(await openRawLine(server.ws('/layout')), {
      ...wishes,
      name: 'anna',
      recover: { epoch: 'another', offset: 1 },
    });
    plain.say('CLIENTS', { room: 'r1' });
    expect(await plain.nextText()).toBe('["CLIENTS",{"room":"r1","clients":["old","anna"]}]');
    await again.close();
    plain.say('NOTIFY', { room: 'r1', message: 'mine' });
    plain.say('JOIN', { room: 'r1', name: 'older' }, 2);
    expect(await plain.nextText()).toBe('["ACK",2]');
    plain.say('LEAVE', { room: 'r1' }, 3);
    expect(await plain.nextText()).toBe('["ACK",3]');
    await expectQuiet(plain);
  });
});
