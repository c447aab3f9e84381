import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatPath, PROTOCOL_IDS, roomPath, routeOf, tryPath, tryPathOfGateway } from './route.ts';

const at = (path: string, basePath = '/') => routeOf(new URL(path, 'http://localhost'), basePath);

describe('routeOf', () => {
  it('knows every page, with or without a last slash', () => {
    expect(at('/')).toEqual({ page: 'dashboard' });
    expect(at('/latency')).toEqual({ page: 'latency' });
    expect(at('/latency/')).toEqual({ page: 'latency' });
    expect(at('/chat/')).toEqual({ page: 'chat', room: null });
    expect(at('/chat/kitchen')).toEqual({ page: 'chat', room: 'kitchen' });
    expect(at('/rooms/kitchen')).toEqual({ page: 'room', room: 'kitchen' });
    expect(at('/try/')).toEqual({ page: 'try' });
    expect(at('/try/socket.io')).toEqual({ page: 'try-protocol', protocol: 'socket.io' });
  });

  it('finds nothing elsewhere', () => {
    for (const path of [
      '/nope',
      '/chats',
      '/latency/x',
      '/chat/%E0%A4%A',
      '/chatter/x',
      '/rooms',
      '/rooms/',
      '/rooms?room=',
      '/try/nope',
      '/try/ws/x',
    ]) {
      expect(at(path), path).toEqual({ page: 'not-found' });
    }
  });

  it('works below a folder', () => {
    expect(at('/rooms/', '/rooms/')).toEqual({ page: 'dashboard' });
    expect(at('/rooms', '/rooms/')).toEqual({ page: 'dashboard' });
    expect(at('/rooms/chat/a', '/rooms/')).toEqual({ page: 'chat', room: 'a' });
    expect(at('/chat/a', '/rooms/')).toEqual({ page: 'not-found' });
  });
});

describe('chatPath', () => {
  const back = (room: string) => routeOf(new URL(chatPath(room), 'http://localhost/'), '/');

  it('leads back to the same room for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (room) => {
        expect(back(room)).toEqual({ page: 'chat', room });
      }),
    );
  });

  it('carries names that are special in addresses', () => {
    for (const room of ['.', '..', 'a/b', '?#&', '100%', ' ', 'ü', '日本', '😀', '__proto__']) {
      expect(back(room), room).toEqual({ page: 'chat', room });
    }
  });

  it('shows plain names in the path and keeps special ones out of it', () => {
    expect(chatPath('the kitchen')).toBe('chat/the%20kitchen');
    expect(chatPath('example.com')).toBe('chat?room=example.com');
    expect(chatPath('a/b')).toBe('chat?room=a%2Fb');
  });

  it('writes an address even for a name that is no text', () => {
    expect(back('a\ud800b')).toEqual({ page: 'chat', room: 'a\u{FFFD}b' });
  });
});

describe('roomPath', () => {
  it('leads back to the same room for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (room) => {
        const address = new URL(roomPath(room), 'http://localhost/');
        expect(routeOf(address, '/')).toEqual({ page: 'room', room });
      }),
    );
  });
});

describe('tryPath', () => {
  it('leads back to the protocol', () => {
    for (const protocol of PROTOCOL_IDS) {
      expect(at(`/${tryPath(protocol)}`)).toEqual({ page: 'try-protocol', protocol });
    }
  });

  it('knows what a gateway speaks', () => {
    expect(tryPathOfGateway('wss')).toBe('try/wss');
    expect(tryPathOfGateway('service/my chat')).toBe('try/service?name=my%20chat');
    expect(tryPathOfGateway('roomplex.overview')).toBeNull();
  });
});
