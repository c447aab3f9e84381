import { beforeEach, describe, expect, it } from 'vitest';
import { get, post } from './support/http-exchange.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { openSocket, type TextSocket } from './support/websocket-line.ts';

let server: TestServer;
const start = serverPool();
beforeEach(async () => {
  server = await start();
});

/** A line by WebSocket in the words of one protocol revision; its open packet is read already. */
async function openLine(revision: 3 | 4, query = ''): Promise<TextSocket> {
  const socket = await openSocket(server.ws(`/socket.io/?EIO=${revision}&transport=websocket${query}`));
  const [type, ...json] = await socket.next();
  expect(type).toBe('0');
  expect(JSON.parse(json.join(''))).toMatchObject({ upgrades: [], pingInterval: 25_000 });
  return socket;
}

describe('the frames of the original (S1 §2.1)', () => {
  async function openOriginal(query = ''): Promise<TextSocket> {
    const socket = await openLine(3, query);
    expect(await socket.next()).toBe('40');
    return socket;
  }

  it('S1.1 join a namespace, and acknowledge with no arguments', async () => {
    const socket = await openOriginal();
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
    const [a, b] = [await openOriginal(), await openOriginal()];
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
    const socket = await openOriginal();
    socket.send('40/nope');
    expect(await socket.next()).toBe('44/nope,"Invalid namespace"');
    socket.send('40/layout');
    expect(await socket.next()).toBe('40/layout');
  });

  it('answer a ping', async () => {
    const socket = await openOriginal();
    socket.send('2');
    expect(await socket.next()).toBe('3');
  });

  it('put a client out of a namespace without a comma', async () => {
    server = await start({ limits: { message: 1000 } });
    const socket = await openOriginal();
    socket.send('40/lobby');
    expect(await socket.next()).toBe('40/lobby');
    socket.send(`42/lobby,["BROADCAST","${'x'.repeat(1000)}"]`);
    expect(await socket.next()).toBe('41/lobby');
  });

  it('S1.26 name peers by namespace and line, and take the lobby from the query', async () => {
    const socket = await openOriginal('&lobbyId=green');
    socket.send('40/lobby');
    expect(await socket.next()).toBe('40/lobby');
    expect(await socket.next()).toMatch(/^42\/lobby,\["JOINED","\/lobby#[\w-]{20}"\]$/);
    expect(await socket.next()).toBe('42/lobby,["PEERS",[]]');
  });

  it('carry a refusal as an event', async () => {
    const socket = await openOriginal();
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
  async function join(path: string, auth = ''): Promise<TextSocket> {
    const socket = await openLine(4);
    socket.send(`40${path},${auth}`);
    expect(await socket.next()).toMatch(new RegExp(`^40${path},\\{"sid":"[\\w-]{20}"\\}$`));
    return socket;
  }

  it('join a namespace with an id for it alone, and take the lobby from auth', async () => {
    const socket = await join('/lobby', '{"lobbyId":"green"}');
    expect(await socket.next()).toMatch(/^42\/lobby,\["JOINED","[\w-]{20}"\]$/);
    expect(await socket.next()).toBe('42/lobby,["PEERS",[]]');
  });

  it('refuse an unknown namespace by an object', async () => {
    const socket = await openLine(4);
    socket.send('40/nope,');
    expect(await socket.next()).toBe('44/nope,{"message":"Invalid namespace"}');
  });

  it('take two joins at once for one', async () => {
    const socket = await openLine(4);
    socket.send('40/echo,');
    socket.send('40/echo,');
    expect(await socket.next()).toMatch(/^40\/echo,/);
    socket.send('42/echo,["message","once"]');
    expect(await socket.next()).toBe('42/echo,["message","once"]');
  });

  it('take a join from within for a leave and another join', async () => {
    const [socket, other] = [await join('/lobby', '{"lobbyId":"green"}'), await join('/lobby')];
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

  it('let a client leave and come again in one breath, however much it said before', async () => {
    const socket = await join('/echo');
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
    const socket = await join('/echo');
    for (const packet of ['41/echo,', '40/echo,', '41/echo,', '40/layout,']) socket.send(packet);
    expect(await socket.next()).toMatch(/^40\/layout,/);
    socket.send('42/layout,["FENCE",{},1]');
    expect(await socket.next()).toContain('unknown-event');
  });

  it('let the line live when something is said to a namespace that the client was put out of', async () => {
    server = await start({ limits: { message: 1000 } });
    const socket = await join('/echo');
    socket.send('40/layout,');
    await socket.next();
    socket.send(`42/echo,["message","${'x'.repeat(1001)}"]`);
    expect(await socket.next()).toBe('41/echo');
    for (const packet of ['42/echo,["message","late"]', '41/echo,']) socket.send(packet);
    socket.send('42/layout,["FENCE",{},1]');
    expect(await socket.next()).toContain('unknown-event');
  });

  it('let a client leave a namespace and come again, under another id', async () => {
    const socket = await join('/echo');
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
    const socket = await join('/layout');
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
    const socket = await openLine(4);
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
