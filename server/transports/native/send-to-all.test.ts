import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canCompile, compileAddon } from '../../../tools/native.mjs';
import { ADDON, loadSendToAll, type SendToAll } from './send-to-all.ts';

const folder = mkdtempSync(join(tmpdir(), 'roomplex-native-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('is not there where it was not built', () => {
  expect(loadSendToAll(join(folder, 'nowhere'))).toBeUndefined();
});

describe.runIf(canCompile())('the native sender', () => {
  let sendToAll: SendToAll;
  let server: Server;
  const lines: { near: Socket; far: Socket }[] = [];

  beforeAll(async () => {
    await compileAddon(join(folder, ADDON));
    const loaded = loadSendToAll(folder);
    if (loaded === undefined) throw new Error('the addon was built and cannot be loaded');
    sendToAll = loaded;
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(() => {
    for (const { near, far } of lines) for (const socket of [near, far]) socket.destroy();
    server.close();
  });

  async function openLine(): Promise<{ near: Socket; far: Socket; descriptor: number }> {
    const { port } = server.address() as { port: number };
    const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const [near] = (await once(server, 'connection')) as [Socket];
    const line = { near, far };
    lines.push(line);
    return { ...line, descriptor: descriptorOf(near) };
  }

  it('sends one frame to every socket it is given and to no other', async () => {
    const open = [await openLine(), await openLine(), await openLine()];
    const frame = Buffer.from('hello');
    const sockets = Int32Array.from(open, ({ descriptor }) => descriptor);
    expect(sendToAll(frame, sockets, 2)).toBe(0);
    expect([...sockets]).toEqual([5, 5, open[2]?.descriptor]);
    for (const { far } of open.slice(0, 2)) expect(await read(far, 5)).toBe('hello');
    open[2]?.near.write('other');
    expect(await read(open[2]?.far ?? fail(), 5)).toBe('other');
  });

  it('tells how much a socket took that is full', async () => {
    const [slow, quick] = [await openLine(), await openLine()];
    slow.far.pause();
    const frame = Buffer.alloc(4 * 1024 * 1024, 'x');
    let inAll = 0;
    for (;;) {
      const sockets = Int32Array.of(slow.descriptor);
      const unfinished = sendToAll(frame, sockets, 1);
      const [taken = 0] = sockets;
      inAll += taken;
      expect(unfinished).toBe(taken === frame.length ? 0 : 1);
      if (taken === 0) break;
    }
    const both = Int32Array.of(slow.descriptor, quick.descriptor);
    expect(sendToAll(Buffer.from('hello'), both, 2)).toBe(1);
    expect([...both]).toEqual([0, 5]);
    slow.far.resume();
    expect(await read(slow.far, inAll)).toBe('x'.repeat(inAll));
  });

  it('passes over sockets that are gone, or may not send any more', async () => {
    const [ended, there] = [await openLine(), await openLine()];
    ended.near.end();
    await once(ended.near, 'finish');
    const sockets = Int32Array.of(-1, 999_999, ended.descriptor, there.descriptor);
    expect(sendToAll(Buffer.from('hello'), sockets, 4)).toBe(3);
    expect([...sockets]).toEqual([0, 0, 0, 5]);
  });

  it('sends nothing to nobody', () => {
    expect(sendToAll(Buffer.from('hello'), new Int32Array(0), 0)).toBe(0);
  });

  it.each([
    ['a text for a frame', ['hello', new Int32Array(1), 1]],
    ['a frame of 16 bits', [new Uint16Array(1), new Int32Array(1), 1]],
    ['sockets of another type', [new Uint8Array(1), new Uint32Array(1), 1]],
    ['more than there are', [new Uint8Array(1), new Int32Array(1), 2]],
    ['a count that is none', [new Uint8Array(1), new Int32Array(1), '1']],
    ['too little', [new Uint8Array(1)]],
  ])('refuses %s', (_, args) => {
    expect(() => (sendToAll as (...args: unknown[]) => number)(...args)).toThrow(TypeError);
  });
});

function descriptorOf(socket: Socket): number {
  return (socket as Socket & { readonly _handle: { readonly fd: number } | null })._handle?.fd ?? -1;
}

/** The next `bytes` that come in. */
async function read(socket: Socket, bytes: number): Promise<string> {
  let text = '';
  while (text.length < bytes) text += String((await once(socket, 'data'))[0]);
  return text;
}

function fail(): never {
  throw new Error('no such line');
}
