import { describe, expect, it } from 'vitest';
import type { Gateway } from '../gateways/gateway.ts';
import { Endpoints } from './endpoints.ts';

function gateway(name: string): Gateway {
  return { name, accept: () => ({ message: () => undefined, closed: () => undefined }) };
}

const endpoints = new Endpoints();
for (const name of ['multiplex', 'ws', 'wss', 'service/chat']) endpoints.add(gateway(name));

describe('Endpoints#match', () => {
  it.each([
    ['/multiplex', 'multiplex', '', ''],
    ['/multiplex?x=1', 'multiplex', '', 'x=1'],
    ['/multiplex/', 'multiplex', '/', ''],
    ['/multiplex/000/abc/xhr?t=1', 'multiplex', '/000/abc/xhr', 't=1'],
    ['/ws', 'ws', '', ''],
    ['/wss/info', 'wss', '/info', ''],
    ['/service/chat', 'service/chat', '', ''],
    ['/service/chat/info', 'service/chat', '/info', ''],
  ])('finds %s', (url, name, rest, query) => {
    const match = endpoints.match(url);
    expect([match?.gateway.name, match?.rest, match?.query]).toEqual([name, rest, query]);
  });

  it.each(['/', '', '/multiplexed', '/service', '/service/none/info', '/a/multiplex', '//multiplex'])(
    'finds nothing at %j',
    (url) => {
      expect(endpoints.match(url)).toBeUndefined();
    },
  );
});
