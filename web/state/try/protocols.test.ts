import { describe, expect, it } from 'vitest';
import { PROTOCOL_IDS } from '../route.ts';
import { endpointOf } from './endpoint.ts';
import type { Moment, Protocol } from './protocol.ts';
import { PROTOCOLS } from './protocols.ts';
import { groupWays } from './ways.ts';

const all = PROTOCOL_IDS.map((id): [string, Protocol] => [id, PROTOCOLS[id]]);

function momentOf({ fields, ways }: Protocol, extras: Partial<Moment> = {}): Moment {
  const values = new Map(fields.map(({ key, defaults }) => [key, defaults[0]]));
  return { me: 'ann', other: 'bob', way: ways[0] ?? 'raw', fields: values, received: [], ...extras };
}

describe.each(all)('%s', (id, protocol) => {
  it('is told in sentences', () => {
    expect(protocol.id).toBe(id);
    for (const text of [protocol.summary, protocol.audience, protocol.absent]) expect(text).toMatch(/\w\.$/);
    for (const text of [protocol.note, protocol.refused]) if (text !== undefined) expect(text).toMatch(/\.$/);
  });

  it('has examples with names of their own, on every way', () => {
    for (const way of protocol.ways) {
      const examples = protocol.examples(momentOf(protocol, { way }));
      expect(examples.length).toBeGreaterThan(0);
      expect(examples[0]?.text).not.toBe('');
      expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
      for (const { hint } of examples) expect(hint).toMatch(/^[A-Z].*[^.]$/);
    }
  });

  it('offers every way it lists', () => {
    const faces = [...groupWays(protocol.ways).values()].flat();
    expect(faces.map(({ way }) => way)).toEqual(protocol.ways);
  });

  it('gives code that names the server and nobody else', () => {
    const { fields } = momentOf(protocol);
    const endpoint = endpointOf(protocol, fields, new URL('https://rooms.test:8443/'));
    const snippets = protocol.snippets(endpoint);
    expect(new Set(snippets.map(({ title }) => title)).size).toBe(snippets.length);
    for (const { title, code } of snippets) {
      expect(code, title).toMatch(/(https|wss):\/\/rooms\.test:8443\//);
      expect(code.replaceAll(/(https|wss):\/\/rooms\.test:8443\//g, ''), title).not.toMatch(/\w:\/\//);
    }
  });
});

describe('examples', () => {
  it('of the lobby signal to the peer that came last, and not to oneself', () => {
    const { lobby } = PROTOCOLS;
    const signalAfter = (...received: string[]): unknown => {
      const example = lobby.examples(momentOf(lobby, { received })).find(({ name }) => name === 'RTCSIGNAL');
      return (JSON.parse(example?.text ?? '') as [string, { to: string }])[1].to;
    };
    expect(signalAfter()).toBe('an id from PEERS');
    expect(signalAfter('["JOINED","me"]', '["PEERS",[]]')).toBe('an id from PEERS');
    expect(signalAfter('["JOINED","me"]', '["PEERS",["a"]]')).toBe('a');
    expect(signalAfter('["JOINED","me"]', '["PEERS",["a"]]', '["JOINED","b"]')).toBe('b');
    expect(signalAfter('["JOINED","me"]', '["PEERS",["a"]]', '["JOINED","b"]', '["LEFT","b"]', 'x')).toBe(
      'a',
    );
  });

  it('of the lobby begin with JOIN where the address does not say which lobby', () => {
    const { lobby } = PROTOCOLS;
    const first = (lobbyId: string): unknown =>
      lobby.examples(momentOf(lobby, { fields: new Map([['lobbyId', lobbyId]]) }))[0]?.name;
    expect(first('green')).toBe('BROADCAST');
    expect(first('')).toBe('JOIN');
  });

  it('of Socket.IO follow the namespace', () => {
    const socketIO = PROTOCOLS['socket.io'];
    const first = (namespace: string): unknown =>
      socketIO.examples(momentOf(socketIO, { fields: new Map([['namespace', namespace]]) }))[0]?.text;
    expect(first('/layout')).toBe('["JOIN",{"room":"kitchen","name":"ann"}]');
    expect(first('lobby')).toBe('["JOIN","green"]');
    expect(first('/trigger')).toBe('["JOIN","doc1"]');
    expect(first('/echo')).toBe('["message","Hello from ann"]');
  });
});
