import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DOORS } from './support/doors.ts';
import { expectQuiet } from './support/fence.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

describe.each(DOORS)('/layout through $name', (door) => {
  async function open(gateway = 'layout'): Promise<RoomsClient> {
    return new RoomsClient(await door.open(server, gateway));
  }

  /** A client that is in `room` as `name`. */
  async function member(room: string, name: string): Promise<RoomsClient> {
    const client = await open();
    expect(await client.ask('JOIN', { room, name })).toEqual(['ACK', 1]);
    return client;
  }

  /** What `CLIENTS` says of a room; nothing else may be on its way to the asker. */
  async function clientsOf(asker: RoomsClient, room: string): Promise<unknown> {
    asker.say('CLIENTS', { room });
    const [event, body] = await asker.next();
    expect(event).toBe('CLIENTS');
    return body;
  }

  it('S1.1 acknowledges a JOIN once and tells nobody else', async () => {
    const b = await member('r1', 'bob');
    const a = await open();
    a.say('JOIN', { room: 'r1', name: 'ann' }, 7);
    expect(await a.nextText()).toBe('["ACK",7]');
    await expectQuiet(a, b);
  });

  it('S1.1 acknowledges with the id as it was given, and is silent on success without one', async () => {
    const a = await open();
    a.say('JOIN', { room: 'r1', name: 'ann' }, 'x-1');
    expect(await a.nextText()).toBe('["ACK","x-1"]');
    a.say('JOIN', { room: 'r2', name: 'ann' });
    a.say('LEAVE', { room: 'r2' });
    a.say('NOTIFY', { room: 'r2', message: 1 });
    await expectQuiet(a);
  });

  it('S1.2 takes the argument as a JSON string and as an object', async () => {
    const a = await open();
    const b = await open();
    expect(await a.ask('JOIN', '{"room":"r1","name":"ann"}')).toEqual(['ACK', 1]);
    expect(await b.ask('JOIN', { room: 'r1', name: 'bob' })).toEqual(['ACK', 1]);
    a.say('NOTIFY', '{"room":"r1","message":"from a string"}');
    expect(await b.next()).toEqual(['EVENT', { sender: 'ann', room: 'r1', message: 'from a string' }]);
    b.say('CLIENTS', '{"room":"r1"}');
    expect(await b.next()).toEqual(['CLIENTS', { room: 'r1', clients: ['ann', 'bob'] }]);
    expect(await b.ask('LEAVE', '{"room":"r1"}')).toEqual(['ACK', 2]);
    expect(await clientsOf(a, 'r1')).toEqual({ room: 'r1', clients: ['ann'] });
  });

  it('S1.3 hands a NOTIFY to the others in the room, byte for byte, and not to the sender', async () => {
    const a = await member('r1', 'ann');
    const b = await member('r1', 'bob');
    a.say('NOTIFY', { room: 'r1', message: 'hello' });
    expect(await b.nextText()).toBe('["EVENT",{"sender":"ann","room":"r1","message":"hello"}]');
    await expectQuiet(a, b);
  });

  it('S1.4 passes objects and arrays through as the same JSON value', async () => {
    const a = await member('r1', 'ann');
    const b = await member('r1', 'bob');
    for (const message of [
      '{"k":[1,2]}',
      '[[],{}]',
      '{"__proto__":{"x":1},"a b":null}',
      '1.5',
      '"{\\"k\\":1}"',
    ]) {
      a.say('NOTIFY', JSON.parse(`{"room":"r1","message":${message}}`));
      expect(await b.nextText()).toBe(`["EVENT",{"sender":"ann","room":"r1","message":${message}}]`);
    }
  });

  it('S1.5 passes empty, zero, false and null through, and leaves an absent message absent', async () => {
    const a = await member('r1', 'ann');
    const b = await member('r1', 'bob');
    for (const message of ['""', '0', 'false', 'null']) {
      a.say('NOTIFY', `{"room":"r1","message":${message}}`);
      expect(await b.nextText()).toBe(`["EVENT",{"sender":"ann","room":"r1","message":${message}}]`);
    }
    a.say('NOTIFY', { room: 'r1' });
    expect(await b.nextText()).toBe('["EVENT",{"sender":"ann","room":"r1"}]');
  });

  it('S1.6 does not believe a sender in the request', async () => {
    const a = await member('r1', 'ann');
    const b = await member('r1', 'bob');
    a.say('NOTIFY', { room: 'r1', message: 'x', sender: 'root', id: 'root', offset: 9 });
    expect(await b.nextText()).toBe('["EVENT",{"sender":"ann","room":"r1","message":"x"}]');
  });

  it('S1.7 calls a sender in no room unknown, and one that left by its nickname', async () => {
    const b = await member('r1', 'bob');
    const c = await open();
    c.say('NOTIFY', { room: 'r1', message: 1 });
    expect(await b.next()).toEqual(['EVENT', { sender: 'unknown', room: 'r1', message: 1 }]);
    await c.ask('JOIN', { room: 'r1', name: 'carl' });
    await c.ask('LEAVE', { room: 'r1' });
    c.say('NOTIFY', { room: 'r1', message: 2 });
    expect(await b.next()).toEqual(['EVENT', { sender: 'carl', room: 'r1', message: 2 }]);
  });

  it('S1.8 says nothing to a NOTIFY that nobody hears', async () => {
    const a = await member('r1', 'ann');
    a.say('NOTIFY', { room: 'r1', message: 'alone' });
    a.say('NOTIFY', { room: 'never-heard-of', message: 'x' });
    await expectQuiet(a);
  });

  it('S1.9 keeps rooms apart', async () => {
    const a = await member('r1', 'ann');
    await a.ask('JOIN', { room: 'r2', name: 'ann' });
    const b = await member('r1', 'bob');
    a.say('NOTIFY', { room: 'r2', message: 'x' });
    await expectQuiet(a, b);
  });

  it('S1.10 lists the room in join order, to the asker only, member or not', async () => {
    const a = await member('r1', 'ann');
    const b = await member('r1', 'bob');
    const c = await member('r9', 'carl');
    a.say('CLIENTS', { room: 'r1' });
    expect(await a.nextText()).toBe('["CLIENTS",{"room":"r1","clients":["ann","bob"]}]');
    c.say('CLIENTS', { room: 'r1' });
    expect(await c.nextText()).toBe('["CLIENTS",{"room":"r1","clients":["ann","bob"]}]');
    await expectQuiet(a, b, c);
  });

  it('S1.11 knows an empty list for a room that does not exist', async () => {
    const a = await open();
    a.say('CLIENTS', { room: 'zzz' });
    expect(await a.nextText()).toBe('["CLIENTS",{"room":"zzz","clients":[]}]');
  });

  it('S1.12 keeps two members of the same name apart', async () => {
    const a = await member('r1', 'ann');
    const b = await member('r1', 'ann');
    expect(await clientsOf(a, 'r1')).toEqual({ room: 'r1', clients: ['ann', 'ann'] });
    await b.ask('LEAVE', { room: 'r1' });
    expect(await clientsOf(a, 'r1')).toEqual({ room: 'r1', clients: ['ann'] });
  });

  it('S1.13 lets a member leave', async () => {
    const a = await member('r1', 'ann');
    const b = await member('r1', 'bob');
    a.say('LEAVE', { room: 'r1' }, 9);
    expect(await a.nextText()).toBe('["ACK",9]');
    b.say('NOTIFY', { room: 'r1', message: 'x' });
    await expectQuiet(b, a);
    expect(await clientsOf(b, 'r1')).toEqual({ room: 'r1', clients: ['bob'] });
  });

  it('S1.14 acknowledges leaving a room that was never joined', async () => {
    const a = await open();
    expect(await a.ask('LEAVE', { room: 'r1' })).toEqual(['ACK', 1]);
    expect(await a.ask('LEAVE', { room: 'r1' })).toEqual(['ACK', 2]);
  });

  it('S1.15 takes a lost connection out of its rooms without a word', async () => {
    const a = await member('r1', 'ann');
    const b = await member('r1', 'bob');
    await a.close();
    await expectQuiet(b);
    expect(await clientsOf(b, 'r1')).toEqual({ room: 'r1', clients: ['bob'] });
  });

  it('S1.16 delivers once however often a member joined', async () => {
    const a = await member('r1', 'ann');
    expect(await a.ask('JOIN', { room: 'r1', name: 'ann' })).toEqual(['ACK', 2]);
    const b = await member('r1', 'bob');
    b.say('NOTIFY', { room: 'r1', message: 'x' });
    expect(await a.next()).toEqual(['EVENT', { sender: 'bob', room: 'r1', message: 'x' }]);
    await expectQuiet(a, b);
    expect(await clientsOf(a, 'r1')).toEqual({ room: 'r1', clients: ['ann', 'bob'] });
  });

  it('S1.17 keeps one nickname for each room', async () => {
    const a = await member('r1', 'ann');
    await a.ask('JOIN', { room: 'r2', name: 'ann2' });
    const b = await member('r1', 'bob');
    await b.ask('JOIN', { room: 'r2', name: 'bob' });
    a.say('NOTIFY', { room: 'r1', message: 1 });
    a.say('NOTIFY', { room: 'r2', message: 2 });
    expect(await b.next()).toEqual(['EVENT', { sender: 'ann', room: 'r1', message: 1 }]);
    expect(await b.next()).toEqual(['EVENT', { sender: 'ann2', room: 'r2', message: 2 }]);
    expect(await clientsOf(b, 'r1')).toEqual({ room: 'r1', clients: ['ann', 'bob'] });
    expect(await clientsOf(b, 'r2')).toEqual({ room: 'r2', clients: ['ann2', 'bob'] });
  });

  it('S1.17 calls a sender by its first nickname in a room where it has none', async () => {
    const b = await member('r3', 'bob');
    const a = await member('r1', 'ann');
    await a.ask('JOIN', { room: 'r2', name: 'ann2' });
    a.say('NOTIFY', { room: 'r3', message: 1 });
    expect(await b.next()).toEqual(['EVENT', { sender: 'ann', room: 'r3', message: 1 }]);
  });

  it('S1.17 renames a member that joins the same room under another name', async () => {
    const a = await member('r1', 'ann');
    const b = await member('r1', 'bob');
    await a.ask('JOIN', { room: 'r1', name: 'anna' });
    a.say('NOTIFY', { room: 'r1', message: 1 });
    expect(await b.next()).toEqual(['EVENT', { sender: 'anna', room: 'r1', message: 1 }]);
    expect(await clientsOf(b, 'r1')).toEqual({ room: 'r1', clients: ['anna', 'bob'] });
  });

  it('S1.18 refuses a JOIN without a name or a room', async () => {
    const a = await open();
    const requests = [
      { room: 'r1' },
      { name: 'ann' },
      { room: 'r1', name: '' },
      { room: '', name: 'ann' },
      { room: 'r1', name: 5 },
      { room: ['r1'], name: 'ann' },
      { room: 'r1', name: null },
    ];
    for (const [index, request] of requests.entries()) {
      expect(await a.ask('JOIN', request)).toEqual([
        'ERROR',
        { event: 'JOIN', id: index + 1, code: 'bad-request', reason: expect.any(String) },
      ]);
    }
    expect(await clientsOf(a, 'r1')).toEqual({ room: 'r1', clients: [] });
    expect(await clientsOf(a, 'undefined')).toEqual({ room: 'undefined', clients: [] });
  });

  it.each(['JOIN', 'NOTIFY', 'LEAVE', 'CLIENTS'])(
    'S1.19 refuses nonsense for %s and stays up',
    async (verb) => {
      const b = await member('r1', 'bob');
      const a = await member('r1', 'ann');
      for (const argument of ['{oops', 'null', '5', '[]', '"text"', null, 5, [], true, '']) {
        a.say(verb, argument);
        expect(await a.next()).toEqual([
          'ERROR',
          { event: verb, code: 'bad-request', reason: expect.any(String) },
        ]);
      }
      a.say(verb);
      expect(await a.next()).toEqual([
        'ERROR',
        { event: verb, code: 'bad-request', reason: expect.any(String) },
      ]);
      a.say('NOTIFY', { room: 'r1', message: 'still here' });
      expect(await b.next()).toEqual(['EVENT', { sender: 'ann', room: 'r1', message: 'still here' }]);
      await expectQuiet(a, b);
    },
  );

  if (door.hasTexts) {
    it('S1.19 refuses text that is no verb at all and stays up', async () => {
      const a = await member('r1', 'ann');
      for (const text of ['', 'hello', '{}', '[]', 'null', '[null]', '[5,{}]', '[["JOIN"]]', '"JOIN"']) {
        void a.line.send(text);
        const [event, body] = await a.next();
        expect(event).toBe('ERROR');
        expect(body).toMatchObject({ code: 'bad-request' });
      }
      expect(await clientsOf(a, 'r1')).toEqual({ room: 'r1', clients: ['ann'] });
    });
  }

  it.each(['FOO', 'toString', '__proto__', 'constructor', '', 'join'])(
    'S1.20 refuses the unknown event "%s" and stays up',
    async (event) => {
      const a = await member('r1', 'ann');
      a.say(event, {});
      expect(await a.next()).toEqual(['ERROR', { event, code: 'unknown-event', reason: expect.any(String) }]);
      a.say(event, {}, 3);
      expect(await a.next()).toEqual([
        'ERROR',
        { event, id: 3, code: 'unknown-event', reason: expect.any(String) },
      ]);
      expect(await clientsOf(a, 'r1')).toEqual({ room: 'r1', clients: ['ann'] });
    },
  );

  it.each([
    'all.contexts',
    'device[42] x',
    '日本',
    '😀',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'a,b',
    'a"\\b',
    '\u0000\n',
    'layout',
    'x'.repeat(200),
  ])('S1.21 treats the name %j like any other, as a room and as a nickname', async (name) => {
    const a = await member(name, name);
    const b = await member(name, 'bob');
    a.say('NOTIFY', { room: name, message: name });
    expect(await b.next()).toEqual(['EVENT', { sender: name, room: name, message: name }]);
    expect(await clientsOf(b, name)).toEqual({ room: name, clients: [name, 'bob'] });
    await a.ask('LEAVE', { room: name });
    expect(await clientsOf(b, name)).toEqual({ room: name, clients: ['bob'] });
    await expectQuiet(a, b);
  });

  it('S1.22 keeps /layout and /bus apart', async () => {
    const onLayout = await member('r1', 'ann');
    const onBus = await open('bus');
    const otherOnBus = await open('bus');
    expect(await onBus.ask('JOIN', { room: 'r1', name: 'bob' })).toEqual(['ACK', 1]);
    expect(await otherOnBus.ask('JOIN', { room: 'r1', name: 'carl' })).toEqual(['ACK', 1]);
    expect(await clientsOf(onLayout, 'r1')).toEqual({ room: 'r1', clients: ['ann'] });
    expect(await clientsOf(onBus, 'r1')).toEqual({ room: 'r1', clients: ['bob', 'carl'] });
    onBus.say('NOTIFY', { room: 'r1', message: 'bus' });
    expect(await otherOnBus.next()).toEqual(['EVENT', { sender: 'bob', room: 'r1', message: 'bus' }]);
    onLayout.say('NOTIFY', { room: 'r1', message: 'layout' });
    await expectQuiet(onBus, onLayout, otherOnBus);
  });
});
