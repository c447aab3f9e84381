import { describe, expect, it } from 'vitest';
import { createClient } from '../client.ts';
import { RoomplexError } from '../errors.ts';
import { eagerEnvironment, startClient, startPair, startServer, told } from '../test/setup.ts';
import type { Channel } from '../types.ts';

/** Notes what a channel tells, in order. */
function record(channel: Channel): string[] {
  const events: string[] = [];
  channel.on('open', () => events.push('open'));
  channel.on('message', (text) => events.push(`message ${text}`));
  channel.on('close', () => events.push('close'));
  return events;
}

describe('a channel', () => {
  it('S2.34 opens after its sub is sent, gets payloads with their commas, and closes', async () => {
    const { client, peer } = await startPair();
    const channel = client.channel('ann');
    const events = record(channel);
    expect(channel.isOpen).toBe(false);
    channel.on('open', () => {
      channel.send('from open');
    });
    expect(await peer.messages.take(2)).toEqual(['sub,ann', 'msg,ann,from open']);
    expect(channel.isOpen).toBe(true);
    const message = told<string>((listener) => channel.on('message', listener));
    peer.say('msg,ann,x,y');
    expect(await message).toBe('x,y');
    channel.close();
    expect(await peer.messages.next()).toBe('uns,ann');
    expect(events).toEqual(['open', 'message x,y', 'close']);
  });

  it('S2.35 tells all its listeners, in the order they were added', async () => {
    const { client, peer } = await startPair();
    const channel = client.channel('ann');
    const heard: string[] = [];
    channel.on('message', (text) => heard.push(`first ${text}`));
    const both = told<string>((listener) => channel.on('message', listener));
    channel.on('message', (text) => heard.push(`last ${text}`));
    await peer.messages.next();
    peer.say('msg,ann,hi');
    await both;
    expect(heard).toEqual(['first hi', 'last hi']);
  });

  it('S2.36 shares one subscription: one sub, messages for each handle, one uns by the last', async () => {
    const { client, peer } = await startPair();
    const one = client.channel('x');
    const two = client.channel('x');
    const ofOne = record(one);
    const ofTwo = record(two);
    expect(await peer.messages.next()).toBe('sub,x');
    const first = told<string>((listener) => two.on('message', listener));
    peer.say('msg,x,1');
    await first;
    one.close();
    const second = told<string>((listener) => two.on('message', listener));
    peer.say('msg,x,2');
    await second;
    two.close();
    expect(await peer.messages.next()).toBe('uns,x');
    client.channel('fence');
    expect(await peer.messages.next()).toBe('sub,fence');
    expect(ofOne).toEqual(['open', 'message 1', 'close']);
    expect(ofTwo).toEqual(['open', 'message 1', 'message 2', 'close']);
  });

  it('S2.36 opens a handle that joins an open subscription without another sub', async () => {
    const { client, peer } = await startPair();
    client.channel('x');
    expect(await peer.messages.next()).toBe('sub,x');
    const late = client.channel('x');
    await told((listener) => late.on('open', () => listener(undefined)));
    late.send('hi');
    expect(await peer.messages.next()).toBe('msg,x,hi');
  });

  it('S2.37 sends neither sub nor uns when it is closed before the sub went out', async () => {
    const { client, peer } = await startPair();
    const channel = client.channel('x');
    const events = record(channel);
    channel.send('never');
    channel.close();
    client.channel('fence');
    expect(await peer.messages.next()).toBe('sub,fence');
    expect(events).toEqual(['close']);
  });

  it('S2.37 sends neither when it is closed before there is a connection', async () => {
    const server = await startServer();
    const client = startClient(server.url);
    client.channel('x').close();
    client.channel('fence');
    const peer = await server.greeted();
    expect(await peer.messages.next()).toBe('sub,fence');
  });

  it('S2.38 sends one uns and tells one close when it is closed twice', async () => {
    const { client, peer } = await startPair();
    const channel = client.channel('x');
    const events = record(channel);
    expect(await peer.messages.next()).toBe('sub,x');
    channel.close();
    channel.close();
    client.channel('fence');
    expect(await peer.messages.take(2)).toEqual(['uns,x', 'sub,fence']);
    expect(events).toEqual(['open', 'close']);
    expect(() => channel.send('late')).toThrow(expect.objectContaining({ code: 'closed' }));
  });

  it('S2.39 delivers what was sent before it opened after the sub, in order', async () => {
    const server = await startServer();
    const client = startClient(server.url);
    const channel = client.channel('a,b');
    channel.send('1');
    channel.send('2,3');
    channel.on('open', () => {
      channel.send('4');
    });
    const peer = await server.greeted();
    expect(await peer.messages.take(4)).toEqual(['sub,a%2Cb', 'msg,a%2Cb,1', 'msg,a%2Cb,2,3', 'msg,a%2Cb,4']);
  });

  it('S2.40 closes when the connection is lost, and subscribes and opens again once after it', async () => {
    const { client, peer, server } = await startPair();
    const channels = ['x', 'y'].map((name) => client.channel(name));
    const events = channels.map(record);
    const closed = client.channel('z');
    await peer.messages.take(3);
    closed.close();
    await peer.messages.next();
    const closing = told(
      (listener) => channels[1]?.on('close', () => listener(undefined)) ?? (() => undefined),
    );
    peer.cut();
    await closing;
    expect(channels.map((channel) => channel.isOpen)).toEqual([false, false]);
    channels[0]?.send('meanwhile');
    const next = await server.greeted();
    expect(await next.messages.take(3)).toEqual(['sub,x', 'msg,x,meanwhile', 'sub,y']);
    client.channel('fence');
    expect(await next.messages.next()).toBe('sub,fence');
    expect(events).toEqual([
      ['open', 'close', 'open'],
      ['open', 'close', 'open'],
    ]);
  });

  it('S2.41 ignores what it does not know', async () => {
    const { client, peer } = await startPair();
    const channel = client.channel('x');
    const events = record(channel);
    await peer.messages.next();
    peer.raw(
      'a["msg,nosuch,1","msg,toString,1","msg,__proto__,1","uns,constructor","foo,x,1","MSG,x,1","","x",5]',
    );
    peer.raw('a{not json');
    peer.raw('?');
    const message = told<string>((listener) => channel.on('message', listener));
    peer.say('sub,x', 'msg,x,still here');
    expect(await message).toBe('still here');
    expect(events).toEqual(['open', 'message still here']);
  });

  it('S2.41 carries topics that are names of object properties', async () => {
    const { client, peer } = await startPair();
    const channel = client.channel('__proto__');
    expect(await peer.messages.next()).toBe('sub,__proto__');
    const message = told<string>((listener) => channel.on('message', listener));
    peer.say('msg,__proto__,hi');
    expect(await message).toBe('hi');
  });

  it('S2.42 subscribes when it is made long after the connection opened', async () => {
    const { client, peer } = await startPair();
    client.channel('early');
    expect(await peer.messages.next()).toBe('sub,early');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    client.channel('late');
    expect(await peer.messages.next()).toBe('sub,late');
  });

  it('ends when the server ends it, and a new one of that name starts afresh', async () => {
    const { client, peer } = await startPair();
    const channel = client.channel('日本');
    const events = record(channel);
    expect(await peer.messages.next()).toBe('sub,%u65E5%u672C');
    const closing = told((listener) => channel.on('close', () => listener(undefined)));
    peer.say('msg,%u65E5%u672C,going', 'uns,%u65E5%u672C');
    await closing;
    expect(() => channel.send('x')).toThrow(RoomplexError);
    channel.close();
    const again = client.channel('日本');
    expect(await peer.messages.next()).toBe('sub,%u65E5%u672C');
    const message = told<string>((listener) => again.on('message', listener));
    peer.say('msg,%u65e5%u672c,hello');
    expect(await message).toBe('hello');
    expect(events).toEqual(['open', 'message going', 'close']);
  });

  it('does not come back after a lost connection when it was ended or closed before', async () => {
    const { client, peer, server } = await startPair();
    const ended = client.channel('ended');
    const left = client.channel('left');
    client.channel('kept');
    await peer.messages.take(3);
    const closing = told((listener) => ended.on('close', () => listener(undefined)));
    peer.say('uns,ended');
    await closing;
    peer.cut();
    const lost = told((listener) => left.on('close', () => listener(undefined)));
    await lost;
    left.close();
    const next = await server.greeted();
    expect(await next.messages.next()).toBe('sub,kept');
    client.channel('fence');
    expect(await next.messages.next()).toBe('sub,fence');
  });

  it('refuses to queue more than the limit, and takes more when there is room again', async () => {
    const server = await startServer();
    const client = startClient(server.url, { queueLimit: 3 });
    const one = client.channel('one');
    const two = client.channel('two');
    one.send('1');
    one.send('2');
    two.send('3');
    expect(() => two.send('4')).toThrow(expect.objectContaining({ code: 'queue-full' }));
    two.close();
    one.send('5');
    const peer = await server.greeted();
    expect(await peer.messages.take(4)).toEqual(['sub,one', 'msg,one,1', 'msg,one,2', 'msg,one,5']);
    one.send('6');
    expect(await peer.messages.next()).toBe('msg,one,6');
  });

  it('closes with the client, after which there are no channels', async () => {
    const { client, peer } = await startPair();
    const events = record(client.channel('x'));
    await peer.messages.next();
    await client.close();
    expect(events).toEqual(['open', 'close']);
    expect(() => client.channel('y')).toThrow(expect.objectContaining({ code: 'closed' }));
  });

  it('survives listeners that close everything from within', async () => {
    const { client, peer } = await startPair();
    const one = client.channel('x');
    const two = client.channel('x');
    const ofTwo = record(two);
    await peer.messages.next();
    const closed = told((listener) => one.on('close', () => listener(undefined)));
    one.on('message', () => {
      two.close();
      one.close();
      void client.close();
    });
    peer.say('msg,x,1', 'msg,x,2');
    await closed;
    expect(client.state).toBe('closed');
    expect(ofTwo).toEqual(['open', 'close']);
  });
});

describe('connect', () => {
  it('takes http, https, ws and wss addresses, and no others', async () => {
    const server = await startServer();
    const client = startClient(server.url.replace('http:', 'ws:'));
    await server.greeted();
    await client.ready();
    expect(() => createClient(eagerEnvironment, 'ftp://localhost/multiplex', {})).toThrow(/http or https/);
  });

  it('adds the token to the query, and keeps what is there', async () => {
    const server = await startServer();
    startClient(`${server.url}/?a=1#part`, { token: 'a b&c' });
    const { path } = await server.greeted();
    expect(path).toMatch(/^\/multiplex\/\d{3}\/[a-z0-5]{24}\/websocket\?a=1&token=a\+b%26c&heartbeat=15000$/);
  });

  it('refuses transports that do not exist, or none at all', () => {
    const url = 'http://localhost/multiplex';
    expect(() => createClient(eagerEnvironment, url, { transports: [] })).toThrow(TypeError);
    expect(() => createClient(eagerEnvironment, url, { transports: ['pigeon' as 'websocket'] })).toThrow(
      /pigeon/,
    );
  });
});
