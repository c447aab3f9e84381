import { createServer as createNetServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from './clock.ts';
import type { Environment } from './environment.ts';
import type { RoomplexError } from './errors.ts';
import { nodeEnvironment } from './node/environment.ts';
import { ManualClock } from './test/manual-clock.ts';
import { eagerEnvironment, startClient, startPair, startServer, told } from './test/setup.ts';
import type { Client, ClientState } from './types.ts';

function states(client: Client): ClientState[] {
  const seen: ClientState[] = [];
  client.on('state', (state) => seen.push(state));
  return seen;
}

function inState(client: Client, wanted: ClientState): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.on('state', (state) => {
      if (state !== wanted) return;
      stop();
      resolve();
    });
  });
}

/** Time passes, and no alarm ever rings. */
const patientClock: Clock = { now: () => Date.now(), after: () => () => undefined };

describe('a client', () => {
  it('connects, tells its transport, and is ready', async () => {
    const server = await startServer();
    const client = startClient(server.url);
    const seen = states(client);
    const transports: unknown[] = [];
    client.on('transport', (transport) => transports.push(transport));
    expect([client.state, client.transport, client.retry]).toEqual(['connecting', null, null]);
    await server.greeted();
    await client.ready();
    await client.ready();
    expect([client.state, client.transport]).toEqual(['open', 'websocket']);
    expect([seen, transports]).toEqual([['open'], ['websocket']]);
  });

  it('is not open before the server greets', async () => {
    const server = await startServer();
    const client = startClient(server.url);
    client.channel('x');
    const peer = await server.peers.next();
    peer.heartbeat();
    peer.say('msg,x,too early');
    peer.greet();
    await client.ready();
    expect(await peer.messages.next()).toBe('sub,x');
  });

  it('comes back after the line is cut, and says when', async () => {
    const { client, server, peer } = await startPair();
    const seen = states(client);
    const waiting = inState(client, 'waiting');
    const before = Date.now();
    peer.cut();
    await waiting;
    expect(client.retry?.attempt).toBe(1);
    expect(client.retry?.at).toBeGreaterThanOrEqual(before);
    expect(client.transport).toBeNull();
    await server.greeted();
    await client.ready();
    expect(seen).toEqual(['waiting', 'connecting', 'open']);
    expect(client.retry).toBeNull();
  });

  it.each([
    [1001, 'server going away'],
    [1009, 'message too big'],
    [3000, 'Go away!'],
    [4003, 'draining'],
    [4008, 'slow consumer'],
  ])('comes back after code %i', async (code, reason) => {
    const { client, server, peer } = await startPair();
    const waiting = inState(client, 'waiting');
    peer.goodbye(code, reason);
    await waiting;
    await server.greeted();
    await client.ready();
  });

  it.each([
    [4522, 'protocol violation'],
    [4501, 'unauthorized'],
    [1000, 'done'],
  ])('stays away after code %i, with an error that says why', async (code, reason) => {
    const { client, peer } = await startPair();
    const channel = client.channel('x');
    const room = client.room('r');
    const joining = room.join();
    const failed = told<RoomplexError>((listener) => client.on('error', listener));
    const closed = told((listener) => channel.on('close', () => listener(undefined)));
    peer.goodbye(code, reason);
    const error = await failed;
    expect(error).toMatchObject({ code: 'refused', reason: expect.stringContaining(reason) });
    expect(client.state).toBe('closed');
    await closed;
    await expect(joining).rejects.toBe(error);
    await expect(client.ready()).rejects.toBe(error);
    client.reconnect();
    expect(client.state).toBe('closed');
  });

  it('stays away when the server refuses before it greets', async () => {
    const server = await startServer();
    const client = startClient(server.url);
    const ready = client.ready();
    (await server.peers.next()).goodbye(4501, 'unauthorized');
    await expect(ready).rejects.toMatchObject({ code: 'refused' });
    expect(client.state).toBe('closed');
  });

  it('goes on trying while nobody listens, and tells each failure', async () => {
    const server = await startServer();
    const { port, url } = server;
    await server.close();
    const client = startClient(url);
    const failures: string[] = [];
    await new Promise<void>((resolve) => {
      client.on('error', (error) => {
        failures.push(error.code);
        if (failures.length === 3) resolve();
      });
    });
    expect(failures).toEqual(['unreachable', 'unreachable', 'unreachable']);
    const again = await startServer(port);
    await again.greeted();
    await client.ready();
  });

  it('blames no transport for a server that dies again and again', async () => {
    const { client, server, peer } = await startPair({ transports: ['websocket', 'xhr-polling'] });
    const { port } = server;
    peer.cut();
    await server.greeted();
    await inState(client, 'open');
    const failed = told((listener) => client.on('error', listener));
    await server.close();
    await failed;
    const again = await startServer(port);
    await again.greeted();
    await client.ready();
    expect(client.transport).toBe('websocket');
  });

  it('tries at once when it is told to', async () => {
    const server = await startServer();
    const { port, url } = server;
    await server.close();
    const client = startClient(url, {}, { ...nodeEnvironment, clock: patientClock });
    await inState(client, 'waiting');
    const again = await startServer(port);
    client.reconnect();
    expect(client.state).toBe('connecting');
    await again.greeted();
    await client.ready();
  });

  it('tries at once when the page is looked at again or the network is back', async () => {
    let wake: (mayBeOtherNetwork: boolean) => void = () => undefined;
    const server = await startServer();
    const { port, url } = server;
    await server.close();
    const client = startClient(
      url,
      {},
      {
        ...nodeEnvironment,
        clock: patientClock,
        onWake: (listener) => {
          wake = listener;
          return () => undefined;
        },
      },
    );
    await inState(client, 'waiting');
    const again = await startServer(port);
    wake(true);
    await again.greeted();
    await client.ready();
  });

  it('begins anew when the network is back and a try from before leads nowhere', async () => {
    let wake: (mayBeOtherNetwork: boolean) => void = () => undefined;
    const clock = new ManualClock();
    const server = await startServer();
    const onWake: Environment['onWake'] = (listener) => {
      wake = listener;
      return () => undefined;
    };
    const client = startClient(server.url, {}, { ...eagerEnvironment, clock, onWake });
    const seen = states(client);
    const silent = await server.peers.next();
    wake(true);
    clock.advance(3001);
    const gone = silent.gone();
    wake(true);
    await gone;
    await server.greeted();
    await client.ready();
    expect(seen).toEqual(['open']);
  });

  it('asks a silent line for a sign of life, and takes it for lost when none comes', async () => {
    const clock = new ManualClock();
    const { client, peer, server } = await startPair({ heartbeatMs: 1000 }, { ...eagerEnvironment, clock });
    await peer.beats.next();
    const channel = client.channel('x');
    await peer.messages.next();
    const heard = told<string>((listener) => channel.on('message', listener));
    clock.advance(900);
    peer.say('msg,x,a sign of life');
    await heard;
    peer.answersBeats = false;
    clock.advance(1000);
    await peer.beats.next();
    clock.advance(999);
    expect(client.state).toBe('open');
    const gone = peer.gone();
    const waiting = inState(client, 'waiting');
    clock.advance(1);
    await waiting;
    expect(await gone).toBe(1000);
    await server.greeted();
    await client.ready();
  });

  it('closes for good, whatever it is doing', async () => {
    const { client, peer } = await startPair();
    const gone = peer.gone();
    const seen = states(client);
    await Promise.all([client.close(), client.close()]);
    expect(await gone).toBe(1000);
    expect([client.state, client.transport, seen]).toEqual(['closed', null, ['closed']]);
    await expect(client.ready()).rejects.toMatchObject({ code: 'closed' });

    const server = await startServer();
    const connecting = startClient(server.url);
    const ready = connecting.ready();
    await connecting.close();
    await expect(ready).rejects.toMatchObject({ code: 'closed' });

    const { url } = server;
    await server.close();
    const waiting = startClient(url, {}, { ...nodeEnvironment, clock: patientClock });
    await inState(waiting, 'waiting');
    await waiting.close();
    expect([waiting.state, waiting.retry]).toEqual(['closed', null]);
  });

  it('may be closed by any of its own listeners', async () => {
    const server = await startServer();
    const client = startClient(server.url);
    const seen = states(client);
    client.on('transport', (transport) => {
      if (transport !== null) void client.close();
    });
    const ready = client.ready();
    await server.greeted();
    await expect(ready).rejects.toMatchObject({ code: 'closed' });
    expect(seen).toEqual(['closed']);
  });

  it('gives up on a server that takes the connection and says nothing', async () => {
    const silent = createNetServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    const clock = new ManualClock();
    const connected = once(silent, 'connection');
    const { port } = silent.address() as AddressInfo;
    const client = startClient(`http://127.0.0.1:${port}/multiplex`, {}, { ...eagerEnvironment, clock });
    await connected;
    const failed = told<RoomplexError>((listener) => client.on('error', listener));
    clock.advance(60_000);
    expect((await failed).code).toBe('unreachable');
  });
});
