import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../services/controller.ts';
import { CHANNEL, DOORS, type Door } from '../../test/support/doors.ts';
import type { Line } from '../../test/support/line.ts';
import { serverPool, type TestServer } from '../../test/support/server.ts';
import { serviceProbe, type ServiceProbe } from '../../test/support/service-probe.ts';
import { openChannelLine } from '../../test/support/channel-line.ts';
import { openRawLine } from '../../test/support/websocket-line.ts';

const start = serverPool();
let server: TestServer;
let chat: ServiceProbe;
/** Controllers on the same server whose groups are their own, and those that all share. */
let other: ServiceProbe;
let shared: ServiceProbe;
beforeEach(async () => {
  [chat, other, shared] = [serviceProbe(), serviceProbe(), serviceProbe({ groups: 'shared' })];
  server = await start({
    services: { chat: chat.sessions, other: other.sessions, shared: shared.sessions },
  });
});

/** One client, and what its controller knows it by. */
interface Session {
  readonly line: Line;
  readonly id: string;
  readonly opened: SessionEvent;
}

async function open(door: Door, probe = chat, service = 'chat'): Promise<Session> {
  const line = await door.open(server, `service/${service}`);
  const opened = await probe.events.next();
  return { line, id: opened.session.id, opened };
}

/** Nothing came that was not read: the next thing to come is this. */
async function expectQuiet(probe: ServiceProbe, ...sessions: Session[]): Promise<void> {
  for (const { line, id } of sessions) {
    probe.sessions.send(id, `fence for ${id}`);
    expect(await line.next()).toBe(`fence for ${id}`);
  }
}

/** What the event that says this text leads to has been done. */
async function said(text: string, session: Session, probe = chat): Promise<void> {
  await session.line.send(text);
  expect(await probe.events.next()).toMatchObject({ type: 'message', message: text });
}

describe.each(DOORS)('/service/NAME through $name', (door) => {
  it('S3.2, S3.3 tells of a new session with type, session and data, all of which are strings', async () => {
    const { opened } = await open(door);
    expect(JSON.stringify(opened)).toBe(
      JSON.stringify({
        type: 'open',
        session: { id: opened.session.id, path: '/service/chat', params: {} },
        data: { user: 'test', n: '1', b: 'true' },
      }),
    );
    expect((await chat.requests.next()).webSocket).toBe(true);
  });

  it('S3.5 tells of a message, and of nothing else with it', async () => {
    const { line, opened } = await open(door);
    await line.send('Hello World');
    const event = await chat.events.next();
    expect(JSON.stringify(event)).toBe(
      JSON.stringify({ ...opened, type: 'message', message: 'Hello World' }),
    );
    expect(Object.keys(event)).toEqual(['type', 'session', 'data', 'message']);
  });

  it('S3.6 tells of an empty message with an empty message', async () => {
    const { line } = await open(door);
    await line.send('');
    expect(await chat.events.next()).toHaveProperty('message', '');
  });

  it('S3.7 tells of messages in order, however long the handler takes', async () => {
    const { line } = await open(door);
    let running = 0;
    chat.handler = async () => {
      expect(++running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    };
    await line.send('1', '2', '3');
    for (const message of ['1', '2', '3']) {
      expect(await chat.events.next()).toMatchObject({ type: 'message', message });
    }
  });

  it('S3.9 gives every session an id of its own, and keeps it', async () => {
    const [a, b] = [await open(door), await open(door)];
    expect(a.id).not.toBe(b.id);
    await a.line.send('x');
    expect((await chat.events.next()).session).toBe(a.opened.session);
    await a.line.close();
    const closed = await chat.events.next();
    expect(closed).toMatchObject({ type: 'close', session: { id: a.id } });
  });

  it('S3.10 sends a bare text, from within open already', async () => {
    chat.handler = ({ type, session }) => {
      if (type === 'open') chat.sessions.send(session.id, 'hi');
    };
    const { line } = await open(door);
    expect(await line.next()).toBe('hi');
  });

  it('S3.11 sends nothing to an id that nobody has', async () => {
    const a = await open(door);
    for (const id of ['nope', '', '__proto__', `${a.id} `]) chat.sessions.send(id, 'x');
    other.sessions.send(a.id, 'from another service');
    await expectQuiet(chat, a);
  });

  it('S3.12 sends to a group, the sender included, once to each', async () => {
    const [a, b, c] = [await open(door), await open(door), await open(door)];
    for (const { id } of [a, b]) chat.sessions.addToGroup('g', id);
    chat.handler = () => chat.sessions.sendToGroup('g', 'm');
    await said('say it', a);
    expect([await a.line.next(), await b.line.next()]).toEqual(['m', 'm']);
    await expectQuiet(chat, a, b, c);
  });

  it('S3.13 counts a member that is added twice once', async () => {
    const a = await open(door);
    for (let times = 0; times < 2; times++) chat.sessions.addToGroup('g', a.id);
    expect(chat.sessions.getGroupSize('g')).toBe(1);
    chat.sessions.sendToGroup('g', 'once');
    expect(await a.line.next()).toBe('once');
    await expectQuiet(chat, a);
  });

  it('S3.15 sends nothing more to who was removed', async () => {
    const [a, b] = [await open(door), await open(door)];
    for (const { id } of [a, b]) chat.sessions.addToGroup('g', id);
    for (let times = 0; times < 2; times++) chat.sessions.removeFromGroup('g', a.id);
    chat.sessions.removeFromGroup('none', b.id);
    chat.sessions.removeFromGroup('g', 'nobody');
    expect(chat.sessions.getGroupSize('g')).toBe(1);
    chat.sessions.sendToGroup('g', 'm');
    expect(await b.line.next()).toBe('m');
    await expectQuiet(chat, a, b);
  });

  it('S3.16, S3.17 counts a closed session until its handler is through with close', async () => {
    const [a, b] = [await open(door), await open(door)];
    for (const { id } of [a, b]) for (const g of ['g', 'h']) chat.sessions.addToGroup(g, id);
    let goOn: (() => void) | undefined;
    const sizes: number[] = [];
    chat.handler = async ({ session }) => {
      sizes.push(chat.sessions.getGroupSize('g'));
      chat.sessions.removeFromGroup('g', session.id);
      sizes.push(chat.sessions.getGroupSize('g'));
      chat.sessions.sendToGroup('h', 'one goes');
      await new Promise<void>((resolve) => (goOn = resolve));
    };
    await a.line.close();
    expect(await chat.events.next()).toMatchObject({ type: 'close', session: { id: a.id } });
    expect(sizes).toEqual([2, 1]);
    expect(await b.line.next()).toBe('one goes');
    expect(chat.sessions.getGroupSize('h')).toBe(2);
    goOn?.();
    await expectQuiet(chat, b);
    expect(chat.sessions.getGroupSize('h')).toBe(1);
    chat.sessions.sendToGroup('h', 'still here');
    expect(await b.line.next()).toBe('still here');
    await expectQuiet(chat, b);
  });

  it('S3.18 adds nobody who is gone', async () => {
    const [a, b] = [await open(door), await open(door)];
    chat.sessions.addToGroup('g', b.id);
    await a.line.close();
    await chat.events.next();
    await expectQuiet(chat, b);
    chat.sessions.addToGroup('g', a.id);
    chat.sessions.send(a.id, 'too late');
    expect(chat.sessions.getGroupSize('g')).toBe(1);
  });

  it('S3.19 sends a session in two groups what is for either, once', async () => {
    const a = await open(door);
    for (const group of ['g', 'h']) chat.sessions.addToGroup(group, a.id);
    for (const group of ['g', 'h']) chat.sessions.sendToGroup(group, `to ${group}`);
    expect([await a.line.next(), await a.line.next()]).toEqual(['to g', 'to h']);
    await expectQuiet(chat, a);
  });

  it('S3.30 keeps the groups of two services apart', async () => {
    const [a, b] = [await open(door), await open(door, other, 'other')];
    chat.sessions.addToGroup('g', a.id);
    other.sessions.addToGroup('g', b.id);
    expect([chat.sessions.getGroupSize('g'), shared.sessions.getGroupSize('g')]).toEqual([1, 0]);
    chat.sessions.sendToGroup('g', 'm');
    expect(await a.line.next()).toBe('m');
    await expectQuiet(chat, a);
    await expectQuiet(other, b);
  });

  it.each(['__proto__', 'constructor', 'toString', '', '日本 😀', 'a,b', '%00'])(
    'S3.33 takes %j for a group like any other',
    async (group) => {
      const [a, b] = [await open(door), await open(door)];
      expect(chat.sessions.getGroupSize(group)).toBe(0);
      chat.sessions.addToGroup(group, a.id);
      chat.sessions.addToGroup(group, b.id);
      chat.sessions.removeFromGroup(group, b.id);
      expect(chat.sessions.getGroupSize(group)).toBe(1);
      chat.sessions.sendToGroup(group, group);
      expect(await a.line.next()).toBe(group);
      await expectQuiet(chat, a, b);
    },
  );

  it('is closed by its controller with the code it names', async () => {
    const { line, id } = await open(door);
    chat.sessions.send(id, 'farewell');
    chat.sessions.close(id, 4001, 'enough');
    expect(await line.next()).toBe('farewell');
    const { code, reason } = await line.closed;
    // A channel ends with `uns` and a namespace with a disconnect; neither has room for a code.
    if (door.hasTexts && door !== CHANNEL) expect({ code, reason }).toEqual({ code: 4001, reason: 'enough' });
    expect(await chat.events.next()).toMatchObject({ type: 'close', closeReason: 4001 });
    await expectQuiet(chat, await open(door));
  });

  it('is closed by its controller within open', async () => {
    chat.handler = ({ type, session }) => {
      if (type === 'open') chat.sessions.close(session.id);
    };
    const { line } = await open(door);
    await line.closed;
    expect(await chat.events.next()).toMatchObject({ type: 'close', closeReason: 1000 });
  });
});

describe('a service', () => {
  const [raw] = DOORS as [Door];

  it('S3.14 says that a group nobody is in has size 0', () => {
    expect(chat.sessions.getGroupSize('none')).toBe(0);
  });

  it.each(DOORS.filter(({ hasQuery, hasTexts }) => hasQuery && hasTexts))(
    'S3.4 knows the parameters of a request through $name',
    async (door) => {
      await door.open(server, 'service/chat', '?x=1&y=2&y=3&z=&__proto__=p&%C3%BC=a+b');
      const { session } = await chat.events.next();
      expect(session.path).toBe('/service/chat');
      expect(JSON.stringify(session.params)).toBe('{"x":"1","y":["2","3"],"z":"","__proto__":"p","ü":"a b"}');
      expect(Object.getPrototypeOf(session.params)).toBe(Object.prototype);
    },
  );

  it('S3.4 knows the parameters and cookies of the connection that a channel rides on', async () => {
    const options = { headers: { cookie: 'sid=42; theme="dark"; sid=43', origin: server.origin } };
    const carrier = await openRawLine(server.ws('/multiplex?x=1&x=2'), options);
    await openChannelLine(carrier, 'service/chat');
    const { session } = await chat.events.next();
    expect(session).toMatchObject({ path: '/service/chat', params: { x: ['1', '2'] } });
    expect(await chat.requests.next()).toMatchObject({
      method: 'GET',
      webSocket: true,
      cookies: { sid: '42', theme: 'dark' },
      headers: { origin: server.origin },
    });
  });

  it('ends a session on a channel without ending what else is on the connection', async () => {
    chat.handler = ({ type }) => {
      if (type === 'message') throw new Error('broken');
    };
    const carrier = await openRawLine(server.ws('/multiplex'));
    await carrier.send('sub,latency', 'sub,service/chat', 'msg,service/chat,x');
    expect(await carrier.next()).toBe('uns,service/chat');
    await carrier.send('msg,latency,still here');
    expect(await carrier.next()).toBe('msg,latency,still here');
  });

  it('keeps data and session as they are, whatever a handler does to them', async () => {
    const { line, opened } = await open(raw);
    for (const part of [opened.data, opened.session, opened.session.params]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    Object.assign(opened, { data: 'changed' });
    await line.send('x');
    expect((await chat.events.next()).data).toEqual({ user: 'test', n: '1', b: 'true' });
  });

  it('refuses a message that is no string', async () => {
    const a = await open(raw);
    chat.sessions.addToGroup('g', a.id);
    for (const message of [undefined, null, 5, { a: 1 }, ['x'], Buffer.from('x')] as never[]) {
      expect(() => chat.sessions.send(a.id, message)).toThrow(TypeError);
      expect(() => chat.sessions.sendToGroup('g', message)).toThrow(TypeError);
      expect(() => chat.sessions.send('nobody', message)).toThrow(TypeError);
    }
    await expectQuiet(chat, a);
  });

  it('refuses to close with a code that cannot be sent', async () => {
    const a = await open(raw);
    for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 1.5, NaN]) {
      expect(() => chat.sessions.close(a.id, code)).toThrow(RangeError);
    }
    chat.sessions.close('nobody', 1000);
    await expectQuiet(chat, a);
  });

  it('S3.30 talks with topics and /layout through shared groups', async () => {
    const a = await open(raw, shared, 'shared');
    shared.sessions.addToGroup('r1', a.id);
    const topic = await openRawLine(server.ws('/multiplex'));
    const layout = await openRawLine(server.ws('/layout'));
    await layout.send('["JOIN",{"room":"r1","name":"ann"},1]');
    expect(await layout.next()).toBe('["ACK",1]');
    await topic.send('sub,r1', 'msg,r1,from a topic');
    expect(await topic.next()).toBe('msg,r1,from a topic');
    expect(await a.line.next()).toBe('from a topic');
    expect(shared.sessions.getGroupSize('r1')).toBe(3);
    expect(await layout.next()).toContain('from a topic');
    await layout.send('["NOTIFY",{"room":"r1","message":{"a":[1]}}]');
    expect(await a.line.next()).toBe('{"a":[1]}');
    expect(await topic.next()).toBe('msg,r1,{"a":[1]}');
    shared.sessions.sendToGroup('r1', 'from a service');
    expect(await a.line.next()).toBe('from a service');
    expect(await topic.next()).toBe('msg,r1,from a service');
    expect(await layout.next()).toBe('["EVENT",{"sender":"unknown","room":"r1","message":"from a service"}]');
  });

  it('lets go of a session that is ejected from its group, without a word', async () => {
    const a = await open(raw, shared, 'shared');
    shared.sessions.addToGroup('r1', a.id);
    const url = server.http(`/api/rooms/r1/members/${encodeURIComponent(a.id)}`);
    expect((await fetch(url, { method: 'DELETE' })).ok).toBe(true);
    expect(shared.sessions.getGroupSize('r1')).toBe(0);
    shared.sessions.sendToGroup('r1', 'not for it');
    await expectQuiet(shared, a);
    shared.sessions.addToGroup('r1', a.id);
    expect(shared.sessions.getGroupSize('r1')).toBe(1);
  });
});
