import type { PresenceDiff } from '../../../protocol/rooms.ts';
import { enterRoom } from '../../test/support/enter-room.ts';
import { Inbox } from '../../test/support/inbox.ts';
import type { RoomsClient } from '../../test/support/rooms-client.ts';
import { layoutGuest } from '../../test/support/guests.ts';
import { openHttpLine } from '../../test/support/http-line.ts';
import type { TestServer } from '../../test/support/server.ts';
import type { RoomDoors, RoomWatcher } from '../../test/support/room-doors.ts';
import { SOCKET_IO_VERSIONS } from '../../test/support/socketio-clients.ts';
import { openSocketIOLine } from '../../test/support/socketio-line.ts';
import { openRawLine } from '../../test/support/websocket-line.ts';

type Seen = PresenceDiff['joins'][number];

/** Follows presence. */
class LayoutWatcher implements RoomWatcher {
  readonly id: string;
  readonly #client: RoomsClient;
  readonly #joined = new Inbox<Seen>('joins');
  readonly #left = new Inbox<string>('leaves');

  private constructor(client: RoomsClient, id: string) {
    this.#client = client;
    this.id = id;
    void this.#read().catch((error: Error) => {
      this.#joined.end(error.message);
      this.#left.end(error.message);
    });
  }

  static async enter(server: TestServer, room: string): Promise<LayoutWatcher> {
    const line = await openRawLine(server.ws('/layout'));
    const { client, answer } = await enterRoom(line, { room, name: 'watcher', presence: true });
    return new LayoutWatcher(client, answer.id ?? '');
  }

  nextJoined(): Promise<Seen> {
    return this.#joined.next();
  }

  nextLeft(): Promise<string> {
    return this.#left.next();
  }

  leave(): Promise<void> {
    return this.#client.close();
  }

  async #read(): Promise<never> {
    for (;;) {
      const [event, body] = await this.#client.next();
      if (event !== 'PRESENCE') continue;
      const { joins, leaves } = body as PresenceDiff;
      for (const one of joins) if (one.id !== this.id) this.#joined.push(one);
      for (const { id } of leaves) this.#left.push(id);
    }
  }
}

export const roomDoors: RoomDoors = {
  doors: [
    {
      door: '/layout by WebSocket',
      enter: async (server, room) => layoutGuest(await openRawLine(server.ws('/layout')), room, 'ann'),
    },
    {
      door: '/layout by xhr-streaming',
      enter: async (server, room) =>
        layoutGuest(await openHttpLine(server.http('/layout'), 'xhr-streaming'), room, 'bob'),
    },
    ...SOCKET_IO_VERSIONS.map(({ name, connect }) => ({
      door: `/layout by ${name}`,
      enter: async (server: TestServer, room: string) =>
        layoutGuest(await openSocketIOLine('layout', connect(server.http('/layout'))), room, name),
    })),
  ],
  watchers: [{ place: '/layout', watch: (server, room) => LayoutWatcher.enter(server, room) }],
  callers: [
    {
      caller: 'a NOTIFY from outside',
      call: async (server, room, text) => {
        const line = await openRawLine(server.ws('/layout'));
        await line.send(JSON.stringify(['NOTIFY', { room, message: text }, 1]));
        await line.next();
        await line.close();
      },
    },
  ],
};
