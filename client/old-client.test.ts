import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';
import SockJS from 'sockjs-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RoomplexServer } from '../server/create-server.ts';
import { startRoomplex } from './test/roomplex.ts';
import { Inbox } from './test/scripted-server.ts';

/** As much of the original browser client as its cases need. */
interface OldChannel {
  onopen: () => void;
  onmessage: (event: { data: string }) => void;
  onclose: (event: object) => void;
  addEventListener(type: 'message', listener: (event: { data: string }) => void): void;
  send(text: string): void;
  close(): void;
}
type OldClient = new (socket: object) => { channel(name: string): OldChannel };

describe('S2.43 the unmodified browser client of websocket-multiplex', () => {
  async function startOld(): Promise<{ server: RoomplexServer; connectOld: () => InstanceType<OldClient> }> {
    const { server, url } = await startRoomplex();
    server.registerChannel('ann').on('connection', (connection) => {
      connection.write('welcome ann');
      connection.on('data', (text) => connection.write(`got:${text}`));
    });
    server.registerChannel('bye').on('connection', (connection) => {
      connection.write('going');
      connection.end('last words');
    });
    server.registerRoom('red');
    const file = createRequire(import.meta.url).resolve('websocket-multiplex/multiplex_client.js');
    const context = createContext({ escape, setTimeout });
    runInContext(readFileSync(file, 'utf8'), context, { filename: file });
    const Old = runInContext('WebSocketMultiplex', context) as OldClient;
    return {
      server,
      connectOld: () => {
        const socket = new SockJS(url);
        onTestFinished(() => {
          socket.close();
        });
        return new Old(socket);
      },
    };
  }

  function inboxOfOld(channel: OldChannel): Inbox<string> {
    const inbox = new Inbox<string>();
    channel.onopen = () => inbox.put('open');
    channel.onmessage = (event) => inbox.put(`message ${event.data}`);
    channel.onclose = (event) => inbox.put(`close ${JSON.stringify(event)}`);
    return inbox;
  }

  it('is greeted and answered (cases 1-5)', async () => {
    const { connectOld } = await startOld();
    const channel = connectOld().channel('ann');
    const inbox = inboxOfOld(channel);
    expect(await inbox.take(2)).toEqual(['open', 'message welcome ann']);
    for (const text of ['hello', 'one,two,,three,', '', 'a\nb"\\\u0000😀']) {
      channel.send(text);
      expect(await inbox.next()).toBe(`message got:${text}`);
    }
  });

  it('leaves in the middle of what it sends (case 12)', async () => {
    const { server, connectOld } = await startOld();
    const closed = new Promise<void>((resolve) => {
      server.registerChannel('hold').on('connection', (connection) => connection.on('close', resolve));
    });
    const heard: string[] = [];
    server.registerChannel('ann', { replace: true }).on('connection', (connection) => {
      connection.on('data', (text) => heard.push(text));
    });
    const old = connectOld();
    const channel = old.channel('ann');
    const hold = old.channel('hold');
    const open = new Promise<void>((resolve) => {
      hold.onopen = resolve;
    });
    await open;
    channel.send('1');
    channel.send('2');
    channel.close();
    channel.send('3');
    hold.close();
    await closed;
    expect(heard).toEqual(['1', '2']);
  });

  it('hears the last words and the end of a channel (case 16)', async () => {
    const { connectOld } = await startOld();
    const inbox = inboxOfOld(connectOld().channel('bye'));
    expect(await inbox.take(4)).toEqual(['open', 'message going', 'message last words', 'close {}']);
  });

  it('hears a room, its own messages included, each once (case 28)', async () => {
    const { server, connectOld } = await startOld();
    const room = server.registerRoom('blue');
    const both = new Promise<void>((resolve) => {
      room.on('join', () => {
        if (room.size === 2) resolve();
      });
    });
    const channels = [connectOld().channel('blue'), connectOld().channel('blue')] as const;
    const inboxes = channels.map(inboxOfOld);
    await both;
    channels[0].send('x,y');
    channels[0].send('end');
    for (const inbox of inboxes) {
      expect(await inbox.take(3)).toEqual(['open', 'message x,y', 'message end']);
    }
  });
});
