import { beforeEach, describe, expect, it } from 'vitest';
import { get, post } from './support/http-exchange.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { joinNamespace, openLine, openNamespace, openOriginalLine } from './support/socketio-words.ts';
import { openSocket } from './support/websocket-line.ts';

let server: TestServer;
const start = serverPool();
beforeEach(async () => {
  server = await start();
});

describe('the frames of the original (S1 §2.1)', () => {
  it('S1.1 join a namespace, and acknowledge with no arguments', async () => {
    const socket = await openOriginalLine(server);
    socket.send('40/layout');
    expect(await socket.next()).toBe('40/layout');
    socket.send('42/layout,7["JOIN",{"room":"r1","name":"ann"}]');
    expect(await socket.next()).toBe('43/layout,7[]');
    socket.send('42/layout,8["JOIN","{\\"room\\":\\"r1\\",\\"name\\":\\"ann\\"}"]');
    expect(await socket.next()).toBe('43/layout,8[]');
    socket.send('42/layout,0["LEAVE",{"room":"r1"}]');
    expect(await socket.next()).toBe('43/layout,0[]');
  });

  it('S1.3 bring an event as an array with an object in it', async () => {
    const [a, b] = [await openOriginalLine(server), await openOriginalLine(server)];
    for (const [socket, name] of [
      [a, 'ann'],
      [b, 'bob'],
    ] as const) {
      socket.send('40/layout');
      await socket.next();
      socket.send(`42/layout,1["JOIN",{"room":"r1","name":"${name}"}]`);
      await socket.next();
    }
    a.send('42/layout,["NOTIFY",{"room":"r1","message":"hello"}]');
    expect(await b.next()).toBe('42/layout,["EVENT",{"sender":"ann","room":"r1","message":"hello"}]');
  });

  it('refuse an unknown namespace by a plain string', async () => {
    const socket = await openOriginalLine(server);
    socket.send('40/nope');
    expect(await socket.next()).toBe('44/nope,"Invalid namespace"');
    socket.send('40/layout');
    expect(await socket.next()).toBe('40/layout');
  });

  it('answer a ping', async () => {
    const socket = await openOriginalLine(server);
    socket.send('2');
    expect(await socket.next()).toBe('3');
  });

  it('put a client out of a namespace without a comma', async () => {
    server = await start({ limits: { message: 1000 } });
    const socket = await openOriginalLine(server);
    socket.send('40/bus');
    expect(await socket.next()).toBe('40/bus');
    socket.send(`42/bus,["NOTIFY","${'x'.repeat(1000)}"]`);
    expect(await socket.next()).toBe('41/bus');
  });

  it('carry a refusal as an event', async () => {
    const socket = await openOriginalLine(server);
    socket.send('40/layout');
    await socket.next();
    socket.send('42/layout,3["JOIN",{}]');
    expect(await socket.next()).toBe(
      '42/layout,["ERROR",{"event":"JOIN","code":"bad-request","reason":"room must be a string that is not empty"}]',
    );
  });

  it('come over polling in payloads with lengths', async () => {
    const url = server.http('/socket.io/?EIO=3&transport=polling&b64=1');
    const sid = /"sid":"([^"]+)"/.exec((await get(url)).body)?.[1] ?? '';
    expect((await get(`${url}&sid=${sid}`)).body).toBe('2:40');
    expect((await post(`${url}&sid=${sid}`, '9:40/layout')).body).toBe('ok');
    expect((await get(`${url}&sid=${sid}`)).body).toBe('9:40/layout');
  });
});

describe('the frames of today', () => {
  it('join a namespace with an id for it alone', async () => {
    const [one, other] = [await openLine(server, 4), await openLine(server, 4)];
    const ids = new Set<string>();
    for (const socket of [one, other]) {
      for (const name of ['layout', 'bus']) ids.add(await joinNamespace(socket, name));
    }
    expect(ids.size).toBe(4);
  });

  it('refuse an unknown namespace by an object', async () => {
    const socket = await openLine(server, 4);
    socket.send('40/nope,');
    expect(await socket.next()).toBe('44/nope,{"message":"Invalid namespace"}');
  });

  it('take two joins at once for one', async () => {
    const socket = await openLine(server, 4);
    socket.send('40/echo,');
    socket.send('40/echo,');
    expect(await socket.next()).toMatch(/^40\/echo,/);
    socket.send('42/echo,["message","once"]');
    expect(await socket.next()).toBe('42/echo,["message","once"]');
  });

  it('let a client leave and come again in one breath, however much it said before', async () => {
    const socket = await openNamespace(server, 'echo');
    for (let n = 0; n < 500; n++) socket.send('42/echo,["message","before"]');
    socket.send('41/echo,');
    socket.send('40/echo,');
    let frame: string;
    while ((frame = await socket.next()) === '42/echo,["message","before"]');
    expect(frame).toMatch(/^40\/echo,/);
    socket.send('42/echo,["message","after"]');
    expect(await socket.next()).toBe('42/echo,["message","after"]');
  });

  it('take back a join that waits when the client leaves again', async () => {
    const socket = await openNamespace(server, 'echo');
    for (const packet of ['41/echo,', '40/echo,', '41/echo,', '40/layout,']) socket.send(packet);
    expect(await socket.next()).toMatch(/^40\/layout,/);
    socket.send('42/layout,["FENCE",{},1]');
    expect(await socket.next()).toContain('unknown-event');
  });

  it('let the line live when something is said to a namespace that the client was put out of', async () => {
    server = await start({ limits: { message: 1000 } });
    const socket = await openNamespace(server, 'echo');
    socket.send('40/layout,');
    await socket.next();
    socket.send(`42/echo,["message","${'x'.repeat(1001)}"]`);
    expect(await socket.next()).toBe('41/echo');
    for (const packet of ['42/echo,["message","late"]', '41/echo,']) socket.send(packet);
    socket.send('42/layout,["FENCE",{},1]');
    expect(await socket.next()).toContain('unknown-event');
  });

  it('let a client leave a namespace and come again, under another id', async () => {
    const socket = await openNamespace(server, 'echo');
    socket.send('40/layout,');
    await socket.next();
    const ids = new Set<string>();
    for (let times = 0; times < 3; times++) {
      socket.send('41/echo,');
      // The answer shows that the line is done with what came before.
      socket.send('42/layout,["FENCE",{},1]');
      expect(await socket.next()).toContain('unknown-event');
      socket.send('40/echo,');
      ids.add(await socket.next());
      socket.send(`42/echo,["message","${times}"]`);
      expect(await socket.next()).toBe(`42/echo,["message","${times}"]`);
    }
    expect(ids.size).toBe(3);
  });

  it('that come in a flood wait for their turn, and hold up nothing that follows', async () => {
    const socket = await openNamespace(server, 'layout');
    socket.send('40/echo,');
    await socket.next();
    const texts = Array.from({ length: 1000 }, (_, index) => `42/echo,["message","${index}"]`);
    for (const text of texts) socket.send(text);
    for (const text of texts) expect(await socket.next()).toBe(text);
    for (const text of texts) socket.send(text);
    socket.send('41/echo,');
    socket.send('42/layout,1["JOIN",{"room":"r1","name":"ann"}]');
    let last: string;
    do last = await socket.next();
    while (last.startsWith('42/echo,'));
    expect(last).toBe('43/layout,1[]');
    // Only then is the other namespace free again.
    await expect
      .poll(async () => {
        socket.send('40/echo,');
        return (await socket.next()).slice(0, 9);
      })
      .toBe('40/echo,{');
  });

  it('have no place for an event before the namespace', async () => {
    const socket = await openLine(server, 4);
    socket.send('42/echo,["message","x"]');
    await socket.closed;
  });

  it('ask old clients and new ones for signs of life', async () => {
    server = await start({ heartbeatMs: 50 });
    const socket = await openSocket(server.ws('/socket.io/?EIO=4&transport=websocket'));
    expect(await socket.next()).toContain('"pingInterval":50,"pingTimeout":50');
    expect(await socket.next()).toBe('2');
    socket.send('3');
    expect(await socket.next()).toBe('2');
    await socket.closed;
  });
});
