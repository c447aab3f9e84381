import { Inbox } from '../../test/support/inbox.ts';
import type { Line } from '../../test/support/line.ts';
import type { RoomDoors, RoomWatcher } from '../../test/support/room-doors.ts';
import { openRawLine } from '../../test/support/websocket-line.ts';

interface Notice {
  readonly type: number;
  readonly addClients?: Readonly<Record<string, { readonly clientName?: string }>>;
  readonly removeClients?: readonly string[];
}

/** A client of `/wss` that watches who comes and goes in its room. */
class StateRoomWatcher implements RoomWatcher {
  readonly id: string;
  readonly #line: Line;
  readonly #joined = new Inbox<{ readonly id: string; readonly name: string }>('addClients');
  readonly #left = new Inbox<string>('removeClients');

  private constructor(line: Line, id: string) {
    this.#line = line;
    this.id = id;
    void this.#read().catch((error: Error) => {
      this.#joined.end(error.message);
      this.#left.end(error.message);
    });
  }

  static async enter(line: Line, roomId: string): Promise<StateRoomWatcher> {
    const hello = { protocol: 'websocket-room-server:1', roomProtocol: 'hub:1', roomId, clientState: {} };
    await line.send(JSON.stringify(hello));
    const { clientId } = JSON.parse(await line.next()) as { clientId: string };
    return new StateRoomWatcher(line, clientId);
  }

  nextJoined(): Promise<{ readonly id: string; readonly name: string }> {
    return this.#joined.next();
  }

  nextLeft(): Promise<string> {
    return this.#left.next();
  }

  leave(): Promise<void> {
    return this.#line.close();
  }

  async #read(): Promise<never> {
    for (;;) {
      const notice = JSON.parse(await this.#line.next(true)) as Notice;
      for (const [id, { clientName }] of Object.entries(notice.addClients ?? {}))
        this.#joined.push({ id, name: clientName ?? 'unknown' });
      for (const id of notice.removeClients ?? []) this.#left.push(id);
    }
  }
}

/** What is said in a room has no word here: these clients only see who is in it. */
export const roomDoors: RoomDoors = {
  doors: [],
  watchers: [
    {
      place: '/wss',
      watch: async (server, room) => StateRoomWatcher.enter(await openRawLine(server.ws('/wss')), room),
    },
  ],
};
