import { defineSessions } from '../../services/sessions.ts';
import { fenceMark } from '../../test/support/fence.ts';
import { readUntil, type Guest } from '../../test/support/guests.ts';
import type { Line } from '../../test/support/line.ts';
import type { RoomDoors } from '../../test/support/room-doors.ts';
import { openRawLine } from '../../test/support/websocket-line.ts';

/** A controller whose groups are rooms: `in ROOM`, `say ROOM TEXT`, and `echo TEXT`, which is sent back. */
const meeting = defineSessions({
  groups: 'shared',
  get: ({ webSocket }) => (webSocket ? { webSocket: {} } : { status: 404 }),
  webSocketEvent(event) {
    if (event.type !== 'message') return;
    const { id } = event.session;
    const [, verb, room = '', text = ''] = /^(\w+) (\S*) ?(.*)$/s.exec(event.message) ?? [];
    if (verb === 'in') meeting.addToGroup(room, id);
    else if (verb === 'say') meeting.sendToGroup(room, text);
    else if (verb === 'echo') meeting.send(id, room);
  },
});

/** A client of the controller above, in the group of the room's name. */
async function serviceGuest(line: Line, room: string): Promise<Guest> {
  await line.send(`in ${room}`, 'echo in');
  await line.next();
  return {
    name: 'unknown',
    hearsItself: true,
    say: (text) => void line.send(`say ${room} ${text}`),
    heard: () => {
      const mark = fenceMark();
      return readUntil(line, `echo ${mark}`, (frame) => frame === mark);
    },
    leave: () => line.close(),
  };
}

export const roomDoors: RoomDoors = {
  options: { services: { meeting } },
  doors: [
    {
      door: 'a shared group of a service',
      enter: async (server, room) => serviceGuest(await openRawLine(server.ws('/service/meeting')), room),
    },
  ],
};
