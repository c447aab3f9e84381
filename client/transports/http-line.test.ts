import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import { startOpenSession, startSession } from '../test/http-session.ts';
import { ManualClock } from '../test/manual-clock.ts';
import { Inbox } from '../test/scripted-server.ts';
import { openHttpLine } from './http-line.ts';
import type { HttpTransport } from './http-receiver.ts';

const TRANSPORTS: readonly HttpTransport[] = ['xhr-streaming', 'eventsource', 'xhr-polling'];

function cut(reason: string): object {
  return { code: 1006, reason, isClean: false };
}

describe('an HTTP line', () => {
  it('streams, and goes on with the next response when one is over', async () => {
    const { receives, told } = await startSession('xhr-streaming');
    const first = await receives.next();
    expect(first.what).toBe('POST xhr_streaming');
    expect([...first.query]).toEqual([
      ['token', 't'],
      ['heartbeat', '5000'],
      ['seen', '0'],
    ]);
    first.response.write(`${'h'.repeat(2048)}\no\na["ü`);
    expect(await told.next()).toBe('opened xhr-streaming');
    first.response.end('日","two"]\n');
    expect(await told.take(2)).toEqual(['ü日', 'two']);
    const second = await receives.next();
    expect([second.what, second.session]).toEqual([first.what, first.session]);
    expect(second.query.get('seen')).toBe('1');
    second.response.end('h\nc[1001,"going away"]\n');
    expect(await told.next()).toEqual({ code: 1001, reason: 'going away', isClean: true });
  });

  it('puts characters together that come byte by byte', async () => {
    const { receives, told } = await startSession('xhr-streaming');
    const { response } = await receives.next();
    response.socket?.setNoDelay(true);
    for (const byte of Buffer.from('o\na["日本 😀"]\n')) response.write(Buffer.of(byte));
    expect(await told.take(2)).toEqual(['opened xhr-streaming', '日本 😀']);
  });

  it('reads events, and asks each time in another way', async () => {
    const { receives, told } = await startSession('eventsource');
    const first = await receives.next();
    expect(first.what).toBe('GET eventsource');
    expect(first.request.headers.accept).toBe('text/event-stream');
    first.response.end(': padding\r\n\r\ndata: o\r\n\r\ndata:a["100%25 ü"," x"]\r\n\r\n');
    expect(await told.take(3)).toEqual(['opened eventsource', '100% ü', ' x']);
    const second = await receives.next();
    expect([second.query.get('token'), second.query.get('heartbeat')]).toEqual(['t', '5000']);
    expect(second.query.get('t')).not.toBe(first.query.get('t'));
  });

  it('polls, and has asked again before it hands over what came', async () => {
    const log: string[] = [];
    const { receives, told } = await startSession('xhr-polling', {
      fetch: (input, init) => {
        log.push('asks');
        return fetch(input, init);
      },
    });
    const { put } = told;
    told.put = (item) => {
      log.push(String(item));
      put.call(told, item);
    };
    for (const frame of ['o\n', 'a["one"]\n', 'h\n', 'a["two"]\n']) {
      const { what, response } = await receives.next();
      expect(what).toBe('POST xhr');
      response.end(frame);
    }
    expect(await told.take(3)).toEqual(['opened xhr-polling', 'one', 'two']);
    expect(log).toEqual(['asks', 'asks', 'opened xhr-polling', 'asks', 'one', 'asks', 'asks', 'two']);
  });

  it('asks for no preflight, and keeps caches out', async () => {
    const asked = new Inbox<RequestInit>();
    const { receives, sends, line, told } = await startSession('xhr-polling', {
      fetch: (input, init = {}) => {
        asked.put(init);
        return fetch(input, init);
      },
    });
    (await receives.next()).answer(200, 'o\n');
    await told.next();
    line.send('one');
    (await sends.next()).answer(204);
    for (const init of await asked.take(3)) {
      expect(init).toMatchObject({ method: 'POST', cache: 'no-store', credentials: 'same-origin' });
      expect(new Headers(init.headers).get('content-type')).toBe('text/plain');
      expect(init).not.toHaveProperty('keepalive');
    }
  });

  it('hears every byte that comes', async () => {
    const heard = new Inbox<'heard'>();
    const { receives } = await startSession('xhr-streaming', { heard: () => heard.put('heard') });
    const { response } = await receives.next();
    for (const part of ['hhh', 'h\n', 'o\na["half', ' and half"]\n']) {
      response.write(part);
      expect(await heard.next()).toBe('heard');
    }
  });

  it.each(TRANSPORTS)('does not ask again and again by %s when nothing is to be had', async (transport) => {
    const clock = new ManualClock();
    const pauses = new Inbox<number>();
    const watched: Clock = {
      now: () => clock.now(),
      after: (ms, ring) => {
        pauses.put(ms);
        return clock.after(ms, ring);
      },
    };
    const { receives, told } = await startSession(transport, { clock: watched });
    const greeting = transport === 'eventsource' ? 'data: o\r\n\r\n' : 'o\n';
    (await receives.next()).answer(200, greeting);
    await told.next();
    for (const nothing of [transport === 'eventsource' ? 'data: h\r\n\r\n' : 'h\n', '']) {
      (await receives.next()).answer(200, nothing);
      expect(await pauses.next()).toBe(20);
      clock.advance(20);
    }
    await receives.next();
  });

  it.each(TRANSPORTS)('says by %s that the server lost the session', async (transport) => {
    const { told, say } = await startOpenSession(transport);
    await say('a["one"]');
    void say('o');
    expect(await told.take(2)).toEqual(['one', cut('the server lost the session')]);
  });

  it('suspects several servers where the session is lost at once', async () => {
    const { told, say } = await startOpenSession('xhr-polling');
    void say('o');
    const hint = 'are there several servers, and no session affinity?';
    expect(await told.next()).toEqual(cut(`the server lost the session; ${hint}`));
    const other = await startOpenSession('xhr-streaming');
    other.line.send('one');
    (await other.sends.next()).answer(404);
    expect(await other.told.next()).toEqual(cut(`what was sent was refused: HTTP status 404; ${hint}`));
  });
});

describe('an HTTP line ends', () => {
  it.each([403, 404, 500, 502])('with HTTP status %i', async (status) => {
    const { receives, told } = await startSession('xhr-streaming');
    (await receives.next()).answer(status, '<h1>sorry</h1>');
    expect(await told.next()).toEqual(cut(`HTTP status ${status}`));
  });

  it('with the page that a network shows instead', async () => {
    const { receives, told } = await startSession('xhr-polling');
    (await receives.next()).answer(200, '<!doctype html>\n<title>Log in</title>');
    expect(await told.next()).toEqual(cut('something else answered: <!doctype html>'));
  });

  it.each(TRANSPORTS)('when the response to %s is over before anything was said', async (transport) => {
    const { receives, told } = await startSession(transport);
    (await receives.next()).answer(200, 'h\n');
    expect(await told.next()).toEqual(cut('the response ended before the server had greeted'));
  });

  it('when nobody listens at the address', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const told = new Inbox<unknown>();
    const request = {
      url: new URL(`http://127.0.0.1:${port}/base`),
      heartbeatMs: 5000,
      postLimit: { bytes: 65_536 },
    };
    openHttpLine('xhr-polling', request, fetch, systemClock, {
      opened: () => undefined,
      heard: () => undefined,
      beatAnswered: () => undefined,
      message: () => undefined,
      interrupted: () => undefined,
      closed: (end) => told.put(end),
    });
    expect(await told.next()).toEqual(
      cut(expect.stringMatching(/^no answer: .*ECONNREFUSED/) as unknown as string),
    );
  });

  it('when a response breaks off before the greeting', async () => {
    const { receives, told } = await startSession('xhr-streaming');
    (await receives.next()).response.destroy();
    expect(await told.next()).toMatchObject({ code: 1006, isClean: false });
  });

  it('when a frame is broken: what it said is lost', async () => {
    const { told, say } = await startOpenSession('eventsource');
    await say('a["one",]');
    expect(await told.next()).toEqual(cut('something else answered: a["one",]'));
  });

  it.each(TRANSPORTS)('with the goodbye of the server by %s, and asks no more', async (transport) => {
    const { told, say } = await startOpenSession(transport);
    void say('c[4501,"unauthorized"]');
    expect(await told.next()).toEqual({ code: 4501, reason: 'unauthorized', isClean: true });
  });
});

it('takes it for a cut when the server still holds a response that ended long ago', async () => {
  const { told, say } = await startOpenSession('xhr-streaming');
  await say('c[2010,"Another connection still open"]');
  expect(await told.next()).toEqual({ code: 2010, reason: 'Another connection still open', isClean: false });
});

describe('an HTTP line whose response is lost', () => {
  it.each<[string, (response: ServerResponse) => unknown]>([
    ['breaks off', (response) => response.destroy()],
    ['ends in the middle of a frame', (response) => response.end()],
    [
      'breaks off in the middle of a character',
      (response) => response.write(Buffer.of(0xe6, 0x97), () => response.destroy()),
    ],
    ['ends in the middle of a character', (response) => response.end(Buffer.of(0xe6, 0x97))],
  ])('goes on where it %s', async (_, finish) => {
    const { receives, told } = await startSession('xhr-streaming');
    const { response } = await receives.next();
    response.write('o\na["whole"]\na["hal');
    expect(await told.take(2)).toEqual(['opened xhr-streaming', 'whole']);
    finish(response);
    const next = await receives.next();
    expect(next.query.get('seen')).toBe('1');
    next.response.write('a["half"]\na[]\n');
    expect(await told.next()).toBe('half');
    next.response.end();
    expect((await receives.next()).query.get('seen')).toBe('3');
  });

  it('hands over what a poll brought before it broke off', async () => {
    const { receives, told } = await startSession('xhr-polling');
    (await receives.next()).answer(200, 'o\n');
    await told.next();
    const { response } = await receives.next();
    response.write('a["one"]\na["tw', () => response.destroy());
    expect((await receives.next()).query.get('seen')).toBe('1');
    expect(await told.next()).toBe('one');
  });

  it('tells after how much quiet, and asks for the heartbeat that is wanted then', async () => {
    const clock = new ManualClock();
    const quiet = new Inbox<number>();
    let heartbeatMs = 5000;
    const { receives, told } = await startSession('eventsource', {
      clock,
      interrupted: (ms) => {
        quiet.put(ms);
        heartbeatMs = 700;
      },
      heartbeatMs: () => heartbeatMs,
    });
    const { response } = await receives.next();
    clock.advance(300);
    response.write('data: o\r\n\r\n');
    await told.next();
    clock.advance(1500);
    response.destroy();
    expect(await quiet.next()).toBe(1500);
    expect((await receives.next()).query.get('heartbeat')).toBe('700');
  });

  it('asks again a few times, each later than the one before, and no more', async () => {
    const clock = new ManualClock();
    const { receives, told } = await startSession('xhr-streaming', { clock });
    const first = await receives.next();
    first.response.write('o\n');
    await told.next();
    first.response.destroy();
    // With a long one a stream begins; it brings nothing.
    const cutOff = ({ response }: { readonly response: ServerResponse }): unknown =>
      response.write(`${'h'.repeat(2048)}\n`, () => response.destroy());
    cutOff(await receives.next());
    for (const ms of [100, 400]) {
      await expect.poll(() => clock.alarms).toBe(1);
      clock.advance(ms);
      cutOff(await receives.next());
    }
    expect(await told.next()).toEqual(
      cut(expect.stringMatching(/^the response broke off: /) as unknown as string),
    );
  });

  it('asks no more when that took too long', async () => {
    const clock = new ManualClock();
    const { receives, told } = await startSession('xhr-streaming', { clock });
    const first = await receives.next();
    first.response.write('o\n');
    await told.next();
    first.response.destroy();
    const second = await receives.next();
    clock.advance(4001);
    second.response.destroy();
    expect(await told.next()).toMatchObject({ code: 1006, isClean: false });
  });

  it('does not ask again where it was refused', async () => {
    const { receives, told } = await startSession('xhr-streaming');
    const first = await receives.next();
    first.response.write('o\n');
    await told.next();
    first.response.destroy();
    (await receives.next()).answer(404);
    expect(await told.next()).toEqual(cut('HTTP status 404'));
  });

  it.each([502, 503, 504])('asks again where a proxy says %i, which passes', async (status) => {
    const { receives, told } = await startSession('xhr-streaming');
    const first = await receives.next();
    first.response.write('o\n');
    await told.next();
    first.response.destroy();
    (await receives.next()).answer(status);
    (await receives.next()).response.write('a["after all"]\n');
    const heard: unknown[] = [];
    while (heard.at(-1) !== 'after all') heard.push(await told.next());
  });
});

describe('an HTTP line that is closed', () => {
  it('lets what was said leave first, and hangs up then', async () => {
    const { receives, sends, line, told } = await startSession('xhr-streaming');
    const { request, response } = await receives.next();
    response.write('o\n');
    await told.next();
    line.send('one');
    const first = await sends.next();
    line.send('two');
    const closing = Promise.all([line.close(), line.close()]);
    response.write('a["too late"]\n');
    first.answer(204);
    const second = await sends.next();
    expect(await second.body()).toBe('["two"]');
    const gone = once(request.socket, 'close');
    second.answer(204);
    const goodbye = await sends.next();
    expect([goodbye.query.has('bye'), goodbye.query.get('n'), await goodbye.body()]).toEqual([
      true,
      '3',
      '[]',
    ]);
    goodbye.answer(204);
    await Promise.all([closing, gone]);
    told.put('nothing more');
    expect(await told.next()).toBe('nothing more');
  });

  it('does not wait for ever', async () => {
    const clock = new ManualClock();
    const { sends, line } = await startOpenSession('xhr-polling', { clock });
    line.send('one');
    const { request } = await sends.next();
    const gone = once(request.socket, 'close');
    const closing = line.close();
    clock.advance(2000);
    await Promise.all([closing, gone]);
    expect(clock.alarms).toBe(0);
  });

  it('hangs up at once when it was not open', async () => {
    const { receives, line } = await startSession('xhr-streaming');
    const { request } = await receives.next();
    const gone = once(request.socket, 'close');
    await Promise.all([line.close(), gone]);
  });

  it('says nothing more, even halfway through a frame', async () => {
    const { line, told, say, sends } = await startOpenSession('xhr-streaming');
    const { put } = told;
    told.put = (item) => {
      put.call(told, item);
      void line.close();
    };
    await say('a["one","two"]');
    expect(await told.next()).toBe('one');
    (await sends.next()).answer(204);
    await line.close();
    told.put('nothing more');
    expect(await told.next()).toBe('nothing more');
  });
});
