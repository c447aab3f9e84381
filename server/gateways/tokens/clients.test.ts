import { describe, expect, it } from 'vitest';
import { Clients, remoteOf } from './clients.ts';
import type { TokensSession } from './tokens-session.ts';

const request = (remoteAddress: string, remotePort: number) => ({
  path: '/ws',
  query: '',
  cookie: '',
  origin: undefined,
  remoteAddress,
  remotePort,
});

describe('remoteOf', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1:80'],
    ['::ffff:127.0.0.1', '127.0.0.1:80'],
    ['::1', '[::1]:80'],
    ['fe80::1%eth0', '[fe80::1%eth0]:80'],
  ])('writes %s as %s', (address, remote) => {
    expect(remoteOf(request(address, 80))).toBe(remote);
  });
});

describe('Clients', () => {
  it('gives every connection a name of its own, and a free one again', () => {
    const clients = new Clients();
    const session = {} as TokensSession;
    const add = (): string => clients.add(session, 'a:1');
    expect([add(), add(), add()]).toEqual(['a:1', 'a:1#2', 'a:1#3']);
    clients.delete('a:1#2');
    expect([add(), clients.add(session, 'a:2')]).toEqual(['a:1#2', 'a:2']);
    expect([...clients.entries()].map(([remote]) => remote)).toEqual(['a:1', 'a:1#3', 'a:1#2', 'a:2']);
  });
});
