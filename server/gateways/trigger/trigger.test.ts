import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bystanders } from '../../test/support/bystanders.ts';
import { nested } from '../../test/support/nested.ts';
import { DOORS } from '../../test/support/doors.ts';
import { expectQuiet } from '../../test/support/fence.ts';
import { RoomsClient } from '../../test/support/rooms-client.ts';
import { openRawLine } from '../../test/support/websocket-line.ts';
import { startServer, type TestServer } from '../../test/support/server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

describe.each(DOORS)('/trigger through $name', (door) => {
  async function open(document?: string): Promise<RoomsClient> {
    const client = new RoomsClient(await door.open(server, 'trigger'));
    if (document !== undefined) expect(await client.ask('JOIN', document)).toEqual(['ACK', 1]);
    return client;
  }

  it.each(['EVENTS', 'UPDATES', 'STATUS'])('S1.35 hands %s to the others in the document', async (kind) => {
    const a = await open('doc1');
    const b = await open('doc1');
    const elsewhere = await open('doc2');
    for (const data of [{ k: [1, 2] }, 'text', null, 0, [[]]]) {
      a.say(`BROADCAST_${kind}`, 'doc1', data);
      expect(await b.nextText()).toBe(JSON.stringify([kind, data]));
    }
    await expectQuiet(a, b, elsewhere);
  });

  it('S1.35 lets a document be left', async () => {
    const a = await open('doc1');
    const b = await open('doc1');
    expect(await b.ask('LEAVE', 'doc1')).toEqual(['ACK', 2]);
    a.say('BROADCAST_EVENTS', 'doc1', 'x');
    await expectQuiet(a, b);
  });

  it('S1.35 takes broadcasts from someone who is not in the document', async () => {
    const a = await open('doc1');
    const outsider = await open();
    outsider.say('BROADCAST_STATUS', 'doc1', { ok: true });
    expect(await a.next()).toEqual(['STATUS', { ok: true }]);
    await expectQuiet(outsider, a);
  });

  it('S1.35 acknowledges a broadcast that asks for it', async () => {
    const a = await open('doc1');
    a.say('BROADCAST_EVENTS', 'doc1', 'x', 'id');
    expect((await a.next()).slice(0, 2)).toEqual(['ACK', 'id']);
  });

  it('S1.19 refuses a document that is no name and stays up', async () => {
    const a = await open('doc1');
    for (const verb of ['JOIN', 'LEAVE', 'BROADCAST_EVENTS', 'BROADCAST_UPDATES', 'BROADCAST_STATUS']) {
      for (const document of [null, 5, '', {}, ['doc1'], true]) {
        a.say(verb, document);
        expect(await a.next()).toMatchObject(['ERROR', { event: verb, code: 'bad-request' }]);
      }
    }
    await expectQuiet(a);
  });

  it('S1.22 shares no room with /layout', async () => {
    const a = await open('doc1');
    const onLayout = new RoomsClient(await door.open(server, 'layout'));
    await onLayout.ask('JOIN', { room: 'doc1', name: 'ann' });
    onLayout.say('NOTIFY', { room: 'doc1', message: 'x' });
    a.say('BROADCAST_EVENTS', 'doc1', 'y');
    onLayout.say('CLIENTS', { room: 'doc1' });
    expect(await onLayout.next()).toEqual(['CLIENTS', { room: 'doc1', clients: ['ann'] }]);
    await expectQuiet(a, onLayout);
  });
});

describe('deep JSON', () => {
  it.each([100, 5000, 60_000])('of %d levels in a document harms nobody', async (depth) => {
    const check = await bystanders(server);
    const verbs = ['["JOIN","d"]', `["BROADCAST_EVENTS","d",${nested(depth)}]`, `["JOIN",${nested(depth)}]`];
    for (let round = 0; round < 2; round++) {
      const client = new RoomsClient(await openRawLine(server.ws('/trigger')));
      await client.line.send(...verbs);
      await client.fence();
    }
    await check();
  });
});
