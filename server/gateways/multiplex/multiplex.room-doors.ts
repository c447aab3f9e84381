import { connect } from '../../../client/node.ts';
import { clientGuest } from '../../test/support/client-guest.ts';
import { topicGuest } from '../../test/support/guests.ts';
import type { RoomDoors } from '../../test/support/room-doors.ts';
import { openSockJSLine } from '../../test/support/websocket-line.ts';

export const roomDoors: RoomDoors = {
  doors: [
    {
      door: 'a topic on /multiplex',
      enter: async (server, room) => topicGuest(await openSockJSLine(server.ws('/multiplex')), room),
    },
    {
      door: 'the client library',
      enter: async (server, room) => clientGuest(connect(server.http('/multiplex')), room, 'lib'),
    },
  ],
};
