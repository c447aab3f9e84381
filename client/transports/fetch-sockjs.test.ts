import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Inbox } from '../test/scripted-server.ts';
import { FetchSockJS } from './fetch-sockjs.ts';

interface Exchange {
  /** Method and path, without server and session. */
  readonly what: string;
  readonly session: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** An HTTP server that does nothing by itself. */
async function startHttp(): Promise<{ readonly url: string; readonly exchanges: Inbox<Exchange> }> {
  const exchanges = new Inbox<Exchange>();
  const server = createServer((request, response) => {
    const [, session = '', rest = ''] = /^\/base\/(\d{3}\/\w+)\/(.*)/.exec(request.url ?? '') ?? [];
    exchanges.put({ what: `${request.method} ${rest}`, session, request, response });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base?token=t`, exchanges };
}

/** Notes what a session tells, to be waited for. */
function open(url: string, ...transports: string[]): { socket: FetchSockJS; told: Inbox<string> } {
  const told = new Inbox<string>();
  const socket = new FetchSockJS(url, null, { transports });
  socket.onopen = () => told.put(`open ${socket.transport}`);
  socket.onmessage = ({ data }) => told.put(`message ${String(data)}`);
  socket.onheartbeat = () => told.put('heartbeat');
  socket.onclose = ({ code, wasClean }) => told.put(`close ${code} ${wasClean ? 'clean' : 'cut'}`);
  onTestFinished(() => socket.close());
  return { socket, told };
}

describe('FetchSockJS', () => {
  it('streams, and goes on with the next response when one is over', async () => {
    const { url, exchanges } = await startHttp();
    const { told } = open(url, 'xhr-streaming', 'xhr-polling');
    const first = await exchanges.next();
    expect(first.what).toBe('POST xhr_streaming?token=t');
    first.response.write(`${'h'.repeat(2048)}\no\na["ü`);
    expect(await told.take(2)).toEqual(['heartbeat', 'open xhr-streaming']);
    first.response.end('日","two"]\n');
    expect(await told.take(2)).toEqual(['message ü日', 'message two']);
    const second = await exchanges.next();
    expect([second.what, second.session]).toEqual([first.what, first.session]);
    second.response.end('h\nc[1001,"going away"]\n');
    expect(await told.take(2)).toEqual(['heartbeat', 'close 1001 clean']);
  });

  it('polls', async () => {
    const { url, exchanges } = await startHttp();
    const { told } = open(url, 'xhr-polling');
    for (const frame of ['o\n', 'a["one"]\n', 'h\n']) {
      const { what, response } = await exchanges.next();
      expect(what).toBe('POST xhr?token=t');
      response.end(frame);
    }
    expect(await told.take(3)).toEqual(['open xhr-polling', 'message one', 'heartbeat']);
  });

  it('reads events', async () => {
    const { url, exchanges } = await startHttp();
    const { told } = open(url, 'eventsource');
    const { what, response } = await exchanges.next();
    expect(what).toBe('GET eventsource?token=t');
    response.write('\r\ndata: o\r\n\r\ndata: a["100%25 ü"]\r\n\r\n');
    expect(await told.take(2)).toEqual(['open eventsource', 'message 100% ü']);
  });

  it('sends in order, one request at a time, and shows what waits', async () => {
    const { url, exchanges } = await startHttp();
    const { socket, told } = open(url, 'xhr-polling');
    (await exchanges.next()).response.end('o\n');
    await told.next();
    await exchanges.next();
    socket.send('one');
    socket.send('two');
    socket.send('three');
    expect(socket._transport).toEqual({ sendBuffer: ['"two"', '"three"'], sendStop: true });
    const bodies = [];
    for (let i = 0; i < 2; i++) {
      const { what, request, response } = await exchanges.next();
      expect(what).toBe('POST xhr_send?token=t');
      bodies.push(Buffer.concat(await request.toArray()).toString());
      response.writeHead(204).end();
    }
    expect(bodies).toEqual(['["one"]', '["two","three"]']);
  });

  it('tries the next transport in another session when one does not open', async () => {
    const { url, exchanges } = await startHttp();
    const { told } = open(url, 'xhr-streaming', 'eventsource', 'xhr-polling');
    const first = await exchanges.next();
    first.response.destroy();
    const second = await exchanges.next();
    second.response.writeHead(502).end();
    const third = await exchanges.next();
    third.response.end('o\n');
    expect(await told.next()).toBe('open xhr-polling');
    expect(new Set([first.session, second.session, third.session]).size).toBe(3);
  });

  it('passes over one whose response is held back, but waits for what is open', async () => {
    const { url, exchanges } = await startHttp();
    const told = new Inbox<string>();
    const socket = new FetchSockJS(url, null, { transports: ['xhr-streaming', 'xhr-polling'], openMs: 50 });
    onTestFinished(() => socket.close());
    socket.onopen = () => told.put(`open ${socket.transport}`);
    socket.onmessage = ({ data }) => told.put(`message ${String(data)}`);
    socket.onclose = ({ code }) => told.put(`close ${code}`);
    await exchanges.next();
    (await exchanges.next()).response.end('o\n');
    const { response } = await exchanges.next();
    setTimeout(() => response.end('a["late"]\n'), 100);
    expect(await told.take(2)).toEqual(['open xhr-polling', 'message late']);
  });

  it('says that the line was cut when nothing opens', async () => {
    const { url, exchanges } = await startHttp();
    const { told } = open(url, 'xhr-polling');
    (await exchanges.next()).response.writeHead(404).end();
    expect(await told.next()).toBe('close 1006 cut');
    expect(await open(url, 'jsonp-polling').told.next()).toBe('close 1006 cut');
  });

  it.each([
    ['breaks off', (response: ServerResponse) => response.destroy()],
    ['ends in the middle of a frame', (response: ServerResponse) => response.end()],
  ])('says that the line was cut when a response %s', async (_, end) => {
    const { url, exchanges } = await startHttp();
    const { told } = open(url, 'xhr-streaming');
    const { response } = await exchanges.next();
    response.write('o\na["whole"]\na["hal');
    expect(await told.take(2)).toEqual(['open xhr-streaming', 'message whole']);
    end(response);
    expect(await told.next()).toBe('close 1006 cut');
  });

  it('says that the line was cut when the server has lost the session, or does not take a message', async () => {
    const { url, exchanges } = await startHttp();
    const lost = open(url, 'xhr-polling');
    (await exchanges.next()).response.end('o\n');
    (await exchanges.next()).response.end('o\n');
    expect(await lost.told.take(2)).toEqual(['open xhr-polling', 'close 1006 cut']);
    const refused = open(url, 'xhr-polling');
    (await exchanges.next()).response.end('o\n');
    await exchanges.next();
    refused.socket.send('too much');
    (await exchanges.next()).response.writeHead(413).end();
    expect(await refused.told.take(2)).toEqual(['open xhr-polling', 'close 1006 cut']);
  });

  it('tells nothing any more once it is closed', async () => {
    const { url, exchanges } = await startHttp();
    const { socket, told } = open(url, 'xhr-streaming');
    const { request, response } = await exchanges.next();
    response.write('o\n');
    await told.next();
    const gone = once(request.socket, 'close');
    socket.close();
    await gone;
    const other = open(url, 'xhr-polling');
    (await exchanges.next()).response.end('o\n');
    expect(await other.told.next()).toBe('open xhr-polling');
    told.put('nothing');
    expect(await told.next()).toBe('nothing');
  });
});
