import { beforeAll, describe, expect, it } from 'vitest';
import { bystanders } from './support/bystanders.ts';
import { nested } from './support/nested.ts';
import { post } from './support/http-exchange.ts';
import { MultiplexClient } from './support/multiplex-client.ts';
import { poll, pollingSession } from './support/polling-session.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openRawLine, openSocket } from './support/websocket-line.ts';

let server: TestServer;
const start = serverPool();
beforeAll(async () => {
  server = await start();
});

const onLayout = async (): Promise<RoomsClient> => new RoomsClient(await openRawLine(server.ws('/layout')));

describe('deep JSON', () => {
  it.each([100, 5000, 60_000])('of %d levels in a NOTIFY harms nobody', async (depth) => {
    const check = await bystanders(server);
    const a = await onLayout();
    const b = await onLayout();
    const topic = await MultiplexClient.over(await openRawLine(server.ws('/multiplex')));
    topic.say('sub,r1');
    for (const client of [a, b])
      await client.ask('JOIN', { room: 'r1', name: 'ann', positions: client === a });
    await a.line.send(`["NOTIFY",{"room":"r1","message":${nested(depth)}}]`);
    await a.line.send(`["JOIN",{"room":"r2","name":"ann","info":${nested(Math.min(depth, 2000))}}]`);
    await a.line.send(`["NOTIFY",${JSON.stringify(nested(Math.min(depth, 60_000)))}]`);
    await a.line.send(nested(depth));
    // Passed on or refused, but answered in order and with everybody alive.
    await a.fence();
    await b.fence();
    a.say('NOTIFY', { room: 'r1', message: 'after' });
    let last: unknown[];
    do last = await b.next();
    while (last[1] === null || (last[1] as { message: unknown }).message !== 'after');
    await check();
  });

  it('in a SockJS frame or a request body harms nobody', async () => {
    const check = await bystanders(server);
    const socket = await openSocket(server.ws(`/echo${sessionPath()}/websocket`));
    expect(await socket.next()).toBe('o');
    socket.send(nested(200_000));
    socket.send('["after"]');
    expect(await socket.next()).toBe('a["after"]');
    const url = await pollingSession(server);
    expect((await post(`${url}/xhr_send`, nested(400_000))).status).toBe(204);
    expect((await post(`${url}/xhr_send`, '["after"]')).status).toBe(204);
    expect(await poll(url)).toEqual(['after']);
    const json = { 'content-type': 'application/json' };
    expect((await post(server.http('/bus-message/b1'), nested(40_000), json)).status).toBeLessThan(500);
    await check();
  });

  it('in a bus message that somebody hears harms nobody', async () => {
    const check = await bystanders(server);
    const bus = new RoomsClient(await openRawLine(server.ws('/bus')));
    await bus.ask('JOIN', { room: 'b1', name: 'bob' });
    const json = { 'content-type': 'application/json' };
    const answer = await post(server.http('/bus-message/b1'), nested(40_000), json);
    expect(answer.status).toBeLessThan(500);
    await bus.fence();
    await check();
  });
});
