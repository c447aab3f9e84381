import type { HistoryAnswer, JoinAnswer } from '../../protocol/rooms.ts';
import type { RoomBooks, RoomEnd } from '../audit/room-books.ts';
import type { Message } from '../participants/participant.ts';
import { RawLine } from './raw-line.ts';

const PAGE = 500;

/** Reads a room from its oldest message to its newest, and its state, when nothing happens in it any more. */
export async function readRoom(port: number, { room, changes }: RoomBooks): Promise<RoomEnd> {
  const line = await RawLine.open(port, () => undefined);
  try {
    const { newest } = changes;
    const join = { room, name: 'auditor', positions: true, state: true };
    const joined = (await line.request('JOIN', join)) as JoinAnswer;
    const { epoch = '', offset: end = 0, rev = 0, state = [] } = joined;
    const messages: { id: string; offset: number }[] = [];
    let first: number | undefined;
    for (let after = 0; after < end; after = messages.at(-1)?.offset ?? end) {
      const page = (await line.request('HISTORY', { room, after, limit: PAGE })) as HistoryAnswer;
      first ??= page.first;
      for (const { message, offset } of page.messages) messages.push({ id: (message as Message).id, offset });
      if (page.messages.length === 0) break;
    }
    const snapshot = { who: 'the auditor', epoch, rev, entries: state, newest };
    return { history: { epoch, first: first ?? end + 1, messages }, state: snapshot };
  } finally {
    line.cut();
  }
}
