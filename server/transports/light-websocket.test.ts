import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import fc from 'fast-check';
import { WebSocketServer } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientFrame } from '../test/support/ws-codec.ts';
import { LightWebSocket } from './light-websocket.ts';

let server: Server;
/** Resolves with everything the next connection's listener hears, once it is closed. */
let heard: (events: string[]) => void;
let onText: (ws: LightWebSocket, text: string) => void = () => undefined;

beforeAll(async () => {
  const sockets = new WebSocketServer({ noServer: true, WebSocket: LightWebSocket, maxPayload: 100_000 });
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const events: string[] = [];
      ws.listener = {
        onText: (text) => {
          events.push(`text ${text}`);
          onText(ws, text);
        },
        onBinary: (data) => events.push(`binary ${data.toString('hex')}`),
        onPong: () => events.push('pong'),
        onClose: (code, reason) => {
          events.push(`close ${code} ${reason}`);
          heard(events);
        },
      };
      ws.start();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

const HANDSHAKE =
  'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n';

const closeFrame = clientFrame(8, Buffer.from([0x03, 0xe8, 0x62, 0x79, 0x65]));

async function open(): Promise<{ socket: Socket; events: Promise<string[]> }> {
  const events = new Promise<string[]>((resolve) => (heard = resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return { socket, events };
}

/** Writes bytes in the given pieces, each in a turn of its own. */
async function writeCut(socket: Socket, bytes: Buffer, cuts: readonly number[]): Promise<void> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const place of [...places, bytes.length]) {
    if (place === from) continue;
    socket.write(bytes.subarray(from, place));
    from = place;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Something a client sends, and what the listener must hear of it. */
const message = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => ({
    bytes: clientFrame(1, text),
    events: [`text ${text}`],
  })),
  fc.constant({ bytes: clientFrame(10), events: ['pong'] }),
  fc.constant({ bytes: clientFrame(9, 'ping'), events: [] }),
  fc.constant({ bytes: clientFrame(2, Buffer.from([1, 2])), events: ['binary 0102'] }),
  fc.constant({
    bytes: Buffer.concat([clientFrame(1, 'in ', { fin: false }), clientFrame(9), clientFrame(0, 'parts')]),
    events: ['text in parts'],
  }),
  fc.integer({ min: 60_000, max: 90_000 }).map((length) => ({
    bytes: clientFrame(1, 'x'.repeat(length)),
    events: [`text ${'x'.repeat(length)}`],
  })),
);

describe('LightWebSocket', () => {
  it('hears every message once and in order, whatever comes and wherever the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (messages, cuts) => {
          const { socket, events } = await open();
          const bytes = [Buffer.from(HANDSHAKE), ...messages.map((one) => one.bytes), closeFrame];
          await writeCut(socket, Buffer.concat(bytes), cuts);
          socket.resume();
          expect(await events).toEqual([...messages.flatMap((one) => one.events), 'close 1000 bye']);
          socket.destroy();
        },
      ),
      { numRuns: 80 },
    );
  });

  it.each([
    [1002, 'an unmasked frame', Buffer.from([0x81, 1, 0x78])],
    [1007, 'text that is no UTF-8', clientFrame(1, Buffer.from([0xff]))],
    [1002, 'an unknown opcode', clientFrame(3, 'x')],
    [1002, 'a reserved bit', Buffer.concat([Buffer.from([0xc1]), clientFrame(1, 'x').subarray(1)])],
    [1009, 'a frame over the limit', clientFrame(1, 'x'.repeat(100_001))],
  ])('closes with %i on %s, as ws does, after what came before it', async (code, _, bytes) => {
    const { socket, events } = await open();
    socket.resume();
    socket.write(
      Buffer.concat([Buffer.from(HANDSHAKE), clientFrame(1, 'before'), bytes, clientFrame(1, 'after')]),
    );
    const seen = await events;
    expect(seen).toEqual(['text before', `close ${code} `]);
  });

  it('is gone with 1006 when the line ends without a word', async () => {
    for (const end of ['end', 'resetAndDestroy'] as const) {
      const { socket, events } = await open();
      socket.write(HANDSHAKE);
      await once(socket, 'data');
      socket[end]();
      expect(await events).toEqual(['close 1006 ']);
    }
  });

  it('closes from within a message, and says nothing of what follows', async () => {
    onText = (ws, text) => {
      if (text === 'stop') ws.close(4000, 'enough');
    };
    const { socket, events } = await open();
    socket.write(
      Buffer.concat([
        Buffer.from(HANDSHAKE),
        clientFrame(1, 'stop'),
        clientFrame(8, Buffer.from([0x0f, 0xa0])),
      ]),
    );
    socket.resume();
    expect(await events).toEqual(['text stop', 'close 4000 ']);
  });

  it('ends at once when it is terminated', async () => {
    onText = (ws) => ws.terminate();
    const { socket, events } = await open();
    socket.write(Buffer.concat([Buffer.from(HANDSHAKE), clientFrame(1, 'x')]));
    socket.resume();
    expect(await events).toEqual(['text x', 'close 1006 ']);
    onText = () => undefined;
  });
});
