import { describe, expect, it } from 'vitest';
import { describeTarget, endpointOf } from './endpoint.ts';
import { PROTOCOLS } from './protocols.ts';

const at = (
  id: keyof typeof PROTOCOLS,
  fields: Record<string, string> = {},
  base = 'http://localhost:3000/',
) => endpointOf(PROTOCOLS[id], new Map(Object.entries(fields)), new URL(base));

describe('endpointOf', () => {
  it('gives the address for HTTP and for WebSocket', () => {
    expect(at('layout')).toMatchObject({
      http: 'http://localhost:3000/layout',
      ws: 'ws://localhost:3000/layout',
      topic: 'layout',
      query: '',
    });
    expect(at('layout', {}, 'https://rooms.test/').ws).toBe('wss://rooms.test/layout');
  });

  it('works below a folder', () => {
    const { http, ws, server } = at('echo', {}, 'https://rooms.test/deep/down/');
    expect([http, ws, server.href]).toEqual([
      'https://rooms.test/deep/down/echo',
      'wss://rooms.test/deep/down/echo',
      'https://rooms.test/deep/down/',
    ]);
  });

  it('puts parameters into the query, and leaves out what is empty', () => {
    expect(at('ws', { RegisterToken: ' group/item 1 ' })).toMatchObject({
      http: 'http://localhost:3000/ws?RegisterToken=group%2Fitem%201',
      base: 'http://localhost:3000/ws',
      query: '?RegisterToken=group%2Fitem%201',
    });
    expect(at('ws', { RegisterToken: '' }).ws).toBe('ws://localhost:3000/ws');
  });

  it('puts the name into the path and a whole query behind it', () => {
    expect(at('service', { name: 'my chat$&', query: '?room=blue&tag=a' })).toMatchObject({
      http: 'http://localhost:3000/service/my%20chat%24%26?room=blue&tag=a',
      topic: 'service/my chat$&',
    });
  });

  it('gives a namespace its slash', () => {
    expect(at('socket.io', { namespace: 'layout' })).toMatchObject({
      base: 'http://localhost:3000/socket.io/',
      namespace: '/layout',
    });
    expect(at('socket.io', { namespace: '//lobby' }).namespace).toBe('/lobby');
  });
});

describe('describeTarget', () => {
  it('names the address as each way sees it', () => {
    const broker = at('ws', { RegisterToken: 'abc1' });
    expect(describeTarget(broker, 'raw')).toBe('ws://localhost:3000/ws?RegisterToken=abc1');
    expect(describeTarget(broker, 'xhr-polling')).toBe('http://localhost:3000/ws?RegisterToken=abc1');
    expect(describeTarget(broker, 'channel')).toBe(
      'ws on http://localhost:3000/multiplex?RegisterToken=abc1',
    );
    const io = at('socket.io', { namespace: '/lobby', query: 'lobbyId=green' });
    expect(describeTarget(io, 'socket.io')).toBe('http://localhost:3000/lobby?lobbyId=green');
    expect(describeTarget(io, 'engine.io')).toBe(
      'ws://localhost:3000/socket.io/?lobbyId=green&EIO=4&transport=websocket',
    );
  });
});
