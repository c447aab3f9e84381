import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { BadLine } from './bad-line.ts';

/** Everything that came until the end, and how that was. */
interface Heard {
  readonly text: string;
  readonly isReset: boolean;
}

let line: BadLine;
let heardByServer: Promise<Heard>;
let serverPort: number;

/** Behind the line a server that sends back what it gets. */
beforeEach(async () => {
  const server = createServer((socket) => {
    socket.pipe(socket).on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  heardByServer = new Promise((resolve) => server.once('connection', (socket) => resolve(listen(socket))));
  await once(server, 'listening');
  serverPort = (server.address() as AddressInfo).port;
  line = await BadLine.open(serverPort);
  onTestFinished(async () => {
    await line.close();
    server.close();
  });
});

function listen(socket: Socket): Promise<Heard> {
  let text = '';
  let isReset = false;
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.on('error', () => (isReset = true));
  return new Promise((resolve) => socket.on('close', () => resolve({ text, isReset })));
}

function say(text: string): { readonly socket: Socket; readonly heard: Promise<Heard> } {
  const socket = connect(line.port, '127.0.0.1');
  socket.write(text);
  return { socket, heard: listen(socket) };
}

/** Somebody who does without the line says something, and hears it again. */
async function answeredDirectly(): Promise<void> {
  const socket = connect(serverPort, '127.0.0.1');
  socket.write('direct');
  await once(socket, 'data');
  socket.destroy();
}

describe('BadLine', () => {
  it('passes everything on, and counts it', async () => {
    const { socket, heard } = say('hello');
    await once(socket, 'data');
    socket.end();
    expect(await heard).toEqual({ text: 'hello', isReset: false });
    expect([line.passed('up'), line.passed('down'), line.cuts]).toEqual([5, 5, 0]);
  });

  it('cuts after exactly so many bytes up', async () => {
    line.cutAfter(3, 'up', 'end');
    const { heard } = say('hello');
    expect((await heardByServer).text).toBe('hel');
    await heard;
    expect(line.cuts).toBe(1);
  });

  it('cuts after exactly so many bytes down, and lets the next line through', async () => {
    line.cutAfter(4, 'down', 'end');
    expect((await say('hello').heard).text).toBe('hell');
    expect(line.cuts).toBe(1);
    const { socket, heard } = say('again');
    await once(socket, 'data');
    socket.destroy();
    expect((await heard).text).toBe('again');
  });

  it('cuts with a reset where that is asked for', async () => {
    const { socket, heard } = say('hello');
    await once(socket, 'data');
    line.cut('reset');
    expect(await heard).toEqual({ text: 'hello', isReset: true });
  });

  it('loses an answer, after the server has given it', async () => {
    line.loseNextAnswer();
    const { socket, heard } = say('no reply');
    await once(socket, 'data');
    socket.write('["ACK",1]');
    expect((await heard).text).toBe('no reply');
    expect((await heardByServer).text).toBe('no reply["ACK",1]');
  });

  it('turns WebSocket away, and nothing else', async () => {
    line.refusesWebSocket = true;
    const handshake = 'GET /x HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n';
    expect((await say(handshake).heard).text).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('lets nobody through while it is down', async () => {
    line.isDown = true;
    expect((await say('hello').heard).text).toBe('');
  });

  it('holds back what comes down until it is released', async () => {
    line.hold();
    const { socket, heard } = say('hello');
    await vi.waitFor(() => expect(line.passed('up')).toBe(5));
    // By the time that others are answered the answer that is held back was given.
    for (let round = 0; round < 2; round++) await answeredDirectly();
    expect([line.passed('down'), socket.bytesRead]).toEqual([0, 0]);
    const first = once(socket, 'data');
    line.release();
    expect(await first).toEqual(['hello']);
    socket.destroy();
    await heard;
  });
});
