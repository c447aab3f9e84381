import { fenceMark } from '../../test/support/fence.ts';
import { readUntil, type Guest } from '../../test/support/guests.ts';
import { post } from '../../test/support/http-exchange.ts';
import type { Line } from '../../test/support/line.ts';
import type { RoomDoors } from '../../test/support/room-doors.ts';
import { openRawLine } from '../../test/support/websocket-line.ts';

/** A client of the token broker whose token is the room's name. */
async function tokenGuest(line: Line, room: string): Promise<Guest> {
  await line.send(`RegisterToken:${room}`, 'Echo:in');
  await line.next();
  return {
    name: 'unknown',
    hearsItself: true,
    say: (text) => void line.send(`${room}|${text}`),
    heard: () => {
      const mark = fenceMark();
      return readUntil(line, `Echo:${mark}`, (frame) => frame === mark);
    },
    leave: () => line.close(),
  };
}

export const roomDoors: RoomDoors = {
  options: { tokenBroker: { allowUnregistered: true } },
  doors: [
    { door: 'a token', enter: async (server, room) => tokenGuest(await openRawLine(server.ws('/ws')), room) },
  ],
  callers: [
    {
      caller: "the broker's API",
      call: (server, room, text) =>
        post(
          server.http('/'),
          new URLSearchParams({ method: 'broadcast', message: `${room}|${text}` }).toString(),
          {
            'content-type': 'application/x-www-form-urlencoded',
          },
        ),
    },
  ],
};
