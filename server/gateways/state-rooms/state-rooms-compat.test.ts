import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  MESSAGE_TYPE,
  PROTOCOL,
  WSS,
  wss as readyMade,
  type ActionReq,
  type ActionResp,
  type ChangeReq,
  type HelloReq,
  type KVSet,
  type KVStore,
  type RoomClientInfo,
  type RoomInfo,
} from '../../compat/state-rooms/state-rooms.ts';
import { expectQuiet } from '../../test/support/fence.ts';
import { get } from '../../test/support/http-exchange.ts';
import { Inbox } from '../../test/support/inbox.ts';
import { DOORS, type Door } from '../../test/support/doors.ts';
import { hello, StateRoomsClient, type Entered } from '../../test/support/state-rooms-client.ts';
import { openRawLine, openSocket, refusedUpgrade } from '../../test/support/websocket-line.ts';

const RAW = DOORS[0] as Door;
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** An HTTP server of one's own, and where it listens. */
async function listen(
  http: Server = createServer(),
): Promise<{ readonly http: Server; readonly port: number }> {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  // Last of all: it waits for the connections.
  cleanUps.unshift(() => new Promise((resolve) => http.close(resolve)));
  return { http, port: (http.address() as AddressInfo).port };
}

async function open(port: number): Promise<StateRoomsClient> {
  return new StateRoomsClient(await openRawLine(`ws://127.0.0.1:${port}/wss`), RAW);
}

async function enter(port: number, extras: object = {}, room = 'r1'): Promise<Entered> {
  const client = await open(port);
  client.say(hello(room, extras));
  const success = (await client.next()) as Entered['success'];
  expect(success).toMatchObject({ type: 1 });
  return Object.assign(client, { id: success.clientId, success });
}

/** The seed's own server, with another import. */
function asInTheSeed(wss: WSS): void {
  // check new clients (optional)
  wss.onHelloReq = async function (
    wss: WSS,
    req: HelloReq,
    clientId: string,
  ): Promise<{ clientState: KVStore; readonly: boolean }> {
    if (!clientId.startsWith('connection:') || !(wss instanceof WSS)) throw new Error('wrong arguments');
    return {
      clientState: req.clientState,
      readonly: !!req.readonly,
    };
  };
  // validate/respond to change (optional)
  wss.onChangeReq = async function (
    _wss: WSS,
    req: ChangeReq,
    _room: RoomInfo,
    _clientId: string,
    _clientInfo: RoomClientInfo,
  ): Promise<{ roomChanges?: KVSet[] | undefined; clientChanges?: KVSet[] | undefined; echo?: boolean }> {
    return {
      roomChanges: req.roomChanges,
      clientChanges: req.clientChanges,
      echo: !!req.echo,
    };
  };
  // handle action request (required if used)
  wss.onActionReq = async function (
    _wss: WSS,
    req: ActionReq,
    _room: RoomInfo,
    _clientId: string,
    _clientInfo: RoomClientInfo,
  ): Promise<ActionResp> {
    if (req.action === 'test' || req.action === 'fence') {
      return {
        type: MESSAGE_TYPE.ACTION_RESP,
        id: req.id,
        success: true,
        data: req.data,
        // msg: 'error...'
      };
    }
    throw new Error(`unknown action ${req.action}`);
  };
}

async function startWss(wss = new WSS(false, { stateRooms: { closeTimeoutMs: 20 } })): Promise<{
  wss: WSS;
  port: number;
}> {
  const { http, port } = await listen();
  wss.addWebsockets(http);
  cleanUps.push(() => wss.close());
  return { wss, port };
}

describe('roomplex/state-rooms', () => {
  it('has the names and numbers of the original', () => {
    expect(PROTOCOL).toBe('websocket-room-server:1');
    expect(MESSAGE_TYPE).toEqual({
      HELLO_FAIL_RESP: 0,
      HELLO_SUCCESS_RESP: 1,
      CHANGE_REQ: 2,
      CHANGE_NOTIF: 3,
      ACTION_REQ: 4,
      ACTION_RESP: 5,
      CLOSE_REQ: 6,
      CLOSE_RESP: 7,
    });
  });

  it('runs the server of the seed', async () => {
    const { port } = await startWss(readyMade);
    asInTheSeed(readyMade);
    const a = await enter(port, { clientState: { x: '1' } });
    const b = await enter(port, { readonly: true });
    expect(b.success).toMatchObject({ readonly: true, clients: { [a.id]: { clientState: { x: '1' } } } });
    a.say({ type: 2, echo: true, roomChanges: [{ key: 'k', value: 'v' }] });
    expect(await a.next()).toMatchObject({ roomChanges: [{ key: 'k', value: 'v' }] });
    expect(await b.next()).toMatchObject({ roomChanges: [{ key: 'k', value: 'v' }] });
    b.say({ type: 4, action: 'test', id: '1', data: 'hi' });
    expect(await b.nextText()).toBe('{"type":5,"id":"1","success":true,"data":"hi"}');
    b.say({ type: 4, action: 'other' });
    await b.expectEnd(1002, 'error: unknown action other');
  });

  it('lets everybody in without callbacks, takes changes as they come, and refuses actions', async () => {
    const { port } = await startWss();
    const a = await enter(port);
    a.say({ type: 2, echo: true, roomChanges: [{ key: 'k', value: 'v' }] });
    expect(await a.next()).toMatchObject({ roomChanges: [{ key: 'k', value: 'v' }] });
    a.say({ type: 4, action: 'test' });
    await a.expectEnd(1002, 'error: unhandled actions');
  });

  it('gives callbacks their own server, the room, the client, and the cookies of its request', async () => {
    const { wss, port } = await startWss();
    const calls = new Inbox<unknown>('callbacks');
    wss.onHelloReq = async (own, req, clientId, sws) => {
      calls.push([own === wss, req.clientName, clientId, sws.cookies]);
      return { clientState: req.clientState, readonly: !!req.readonly };
    };
    wss.onChangeReq = async (own, req, room, clientId, client) => {
      calls.push([
        own === wss,
        req.type,
        room.id,
        clientId,
        client.clientName,
        client.readonly,
        client.clientType,
      ]);
      return req;
    };
    wss.onLeave = async (own, room, clientId, client) => {
      calls.push([own === wss, room.id, { ...room.state }, clientId, client.clientState]);
    };
    const socket = await openSocket(`ws://127.0.0.1:${port}/wss`, { headers: { cookie: 'a=1' } });
    socket.send(
      JSON.stringify(hello('r1', { clientName: 'ann', clientType: 'web', clientState: { x: '1' } })),
    );
    const { clientId } = JSON.parse(await socket.next()) as { clientId: string };
    expect(await calls.next()).toEqual([true, 'ann', clientId, 'a=1']);
    socket.send(
      '{"type":2,"roomChanges":[{"key":"k","value":"v"}],"clientChanges":[{"key":"x","value":"2"}]}',
    );
    expect(await calls.next()).toEqual([true, 2, 'r1', clientId, 'ann', false, 'web']);
    await socket.close();
    expect(await calls.next()).toEqual([true, 'r1', { k: 'v' }, clientId, { x: '2' }]);
  });

  it.each([undefined, null])('takes no answer for no, such as %s', async (nothing) => {
    const { wss, port } = await startWss();
    wss.onHelloReq = async () => nothing as never;
    const client = await open(port);
    client.say(hello('r1'));
    expect(await client.next()).toMatchObject({ type: 0, msg: 'the server gave no answer' });
    await client.expectEnd(1002, 'error: the server gave no answer');
  });

  it('takes null for a list that is not there', async () => {
    const { wss, port } = await startWss();
    wss.onChangeReq = async (_wss, { clientChanges }) => ({ roomChanges: null, clientChanges, echo: null });
    const a = await enter(port);
    const b = await enter(port);
    await a.next();
    const [roomChanges, clientChanges] = [[{ key: 'k', value: 'v' }], [{ key: 'x', value: '1' }]];
    a.say({ type: 2, roomChanges, clientChanges });
    expect(await b.next()).toEqual({ type: 3, updateClients: { [a.id]: clientChanges } });
    expect(wss.rooms['r1']?.state).toEqual({});
  });

  it('may close a client that says hello', async () => {
    const { wss, port } = await startWss();
    wss.onHelloReq = async (own, req, _id, sws) => {
      own.closeSocket(sws, 'go away');
      return { clientState: req.clientState, readonly: false };
    };
    const client = await open(port);
    client.say(hello('r1'));
    await client.next();
    await client.expectEnd(1002, 'error: go away');
  });

  it('broadcasts what changes nothing, and lets server code change what it then broadcasts', async () => {
    const { wss, port } = await startWss();
    asInTheSeed(wss);
    const a = await enter(port);
    const b = await enter(port, { readonly: true });
    const room = wss.rooms['r1'] as RoomInfo;
    expect(Object.keys(room.clients)).toEqual([a.id, b.id]);
    expect(wss.getClientMap(room)).toEqual({ [a.id]: { clientState: {} } });
    const notice = { type: MESSAGE_TYPE.CHANGE_NOTIF, roomChanges: [{ key: 'k', value: 'v' }] };
    wss.broadcastChange(room, notice);
    expect([await a.next(), await b.next()]).toEqual([notice, notice]);
    expect(room.state).toEqual({});
    room.state['k'] = 'v';
    wss.broadcastChange(room, notice, a.id);
    expect(await b.next()).toEqual(notice);
    await expectQuiet(a, b);
    expect((await enter(port)).success.roomState).toEqual({ k: 'v' });
  });

  it('shows the state of a room as a plain object, live both ways', async () => {
    const { wss, port } = await startWss();
    asInTheSeed(wss);
    const a = await enter(port);
    const { state } = wss.rooms['r1'] as RoomInfo;
    a.say('{"type":2,"roomChanges":[{"key":"k","value":"v"},{"key":"__proto__","value":"p"}]}');
    await a.fence();
    expect(JSON.stringify(state)).toBe('{"k":"v","__proto__":"p"}');
    expect(['k' in state, 'nope' in state, state['k'], state['nope']]).toEqual([true, false, 'v', undefined]);
    expect(Object.hasOwn(state, 'k')).toBe(true);
    state['l'] = 'w';
    delete state['k'];
    delete state['nope'];
    expect(Object.entries(state)).toEqual([
      ['__proto__', 'p'],
      ['l', 'w'],
    ]);
  });

  it('has what the original was to get: room.change, send, eject and closeRoom', async () => {
    const { wss, port } = await startWss();
    asInTheSeed(wss);
    const a = await enter(port);
    const b = await enter(port);
    await a.fence();
    const room = wss.rooms['r1'] as RoomInfo;
    room.change([{ key: 'k', value: 'v' }], { skip: a.id });
    expect(await b.nextText()).toBe('{"type":3,"roomChanges":[{"key":"k","value":"v"}],"updateClients":{}}');
    expect(wss.send(a.id, { type: 5, success: true, data: 'by the way' })).toBe(true);
    room.clients[a.id]?.ws.send('{"type":3}');
    expect([await a.nextText(), await a.nextText()]).toEqual([
      '{"type":5,"success":true,"data":"by the way"}',
      '{"type":3}',
    ]);
    await expectQuiet(a, b);
    expect([wss.send('connection:99', {}), wss.eject('connection:99')]).toEqual([false, false]);
    expect(wss.eject(b.id, 'kicked')).toBe(true);
    expect(await b.next()).toEqual({ type: 6, msg: 'kicked' });
    await b.expectEnd(4001, 'kicked');
    expect(await a.next()).toEqual({ type: 3, removeClients: [b.id] });
    expect(wss.closeRoom('r1', 'bye')).toBe(1);
    expect(await a.next()).toEqual({ type: 6, msg: 'bye' });
    await a.expectEnd(4002, 'bye');
    expect(wss.rooms).toEqual({});
  });

  it('is added to a server twice without harm, and to two servers with the same rooms', async () => {
    const { wss, port } = await startWss();
    asInTheSeed(wss);
    const { http, port: otherPort } = await listen();
    for (let times = 0; times < 2; times++) wss.addWebsockets(http);
    const a = await enter(port);
    const b = await enter(otherPort);
    expect([a.id, b.id]).toEqual(['connection:1', 'connection:2']);
    expect(await a.next()).toMatchObject({ addClients: { [b.id]: {} } });
    await expectQuiet(a, b);
  });

  it('keeps instances apart', async () => {
    const [one, other] = [await startWss(), await startWss()];
    await enter(one.port);
    const b = await enter(other.port);
    expect(Object.keys(b.success.clients)).toEqual([b.id]);
    expect(Object.keys(one.wss.rooms)).toEqual(['r1']);
  });

  it('answers at /wss and leaves the rest of the server to whoever has it', async () => {
    const http = createServer((request, response) => response.end(`mine: ${request.url}`));
    const { port } = await listen(http);
    const wss = new WSS();
    wss.addWebsockets(http);
    cleanUps.push(() => wss.close());
    for (const path of [
      '/',
      '/api/overview',
      '/healthz',
      '/socket.io/?EIO=4&transport=polling',
      '/layout/info',
    ]) {
      expect((await get(`http://127.0.0.1:${port}${path}`)).body).toBe(`mine: ${path}`);
    }
    expect(await refusedUpgrade(`ws://127.0.0.1:${port}/layout`)).toBe(404);
    await enter(port);
  });

  it('leaves requests to a listener that came later', async () => {
    const { wss, port } = await startWss();
    const { http, port: laterPort } = await listen();
    wss.addWebsockets(http);
    http.on('request', (_request, response) => response.end('later'));
    expect((await get(`http://127.0.0.1:${laterPort}/`)).body).toBe('later');
    expect((await get(`http://127.0.0.1:${port}/`)).status).toBe(404);
  });

  it('tells of everybody who leaves because it closes, and begins anew afterwards', async () => {
    const { wss, port } = await startWss();
    const left: string[] = [];
    wss.onLeave = async (own, room, clientId) => {
      left.push(`${clientId} of ${room.id}`);
      own.broadcastChange(room, { type: 3, roomChanges: [] });
    };
    const [a, b] = [await enter(port), await enter(port, {}, 'r2')];
    await wss.close();
    expect(left.toSorted()).toEqual([`${a.id} of r1`, `${b.id} of r2`]);
    expect(wss.rooms).toEqual({});
    const { port: later } = await startWss(wss);
    await enter(later);
    expect(Object.keys(wss.rooms)).toEqual(['r1']);
  });

  it('says what is wrong before there is a server', () => {
    const wss = new WSS();
    expect(wss.rooms).toEqual({});
    expect([wss.eject('connection:1'), wss.closeRoom('r1'), wss.send('connection:1', {})]).toEqual([
      false,
      0,
      false,
    ]);
    expect(() => wss.broadcastChange({ id: 'r1' } as RoomInfo, { type: 3 })).toThrow(
      'call addWebsockets first',
    );
  });
});
