import { defineSessions } from '../../services/sessions.ts';

/** A controller whose groups are rooms: `in ROOM`, `say ROOM TEXT`, and `echo TEXT`, which is sent back. */
export const meeting = defineSessions({
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
