import type { HistoryRequest } from '../../protocol/rooms.ts';
import { RoomplexError } from '../errors.ts';
import type { HistoryOptions, RoomMessage } from '../types.ts';
import { readHistoryAnswer } from './decode.ts';

const LIMIT = 100;

/** Asks for page after page, until there are enough messages or no more. */
export async function readHistory(
  room: string,
  options: HistoryOptions,
  ask: (body: string) => Promise<unknown>,
): Promise<readonly RoomMessage[]> {
  const { limit = LIMIT, ...range } = options;
  const isForward = range.after !== undefined;
  let rest: Pick<HistoryRequest, 'before' | 'after'> = range;
  let all: readonly RoomMessage[] = [];
  let isMore = limit > 0;
  while (isMore) {
    const request: HistoryRequest = { room, ...rest, limit: limit - all.length };
    const answer = readHistoryAnswer(await ask(JSON.stringify(request)));
    if (answer === undefined) {
      throw new RoomplexError('unknown-outcome', 'the server answered without a history');
    }
    const { epoch, first, messages } = answer;
    const page = messages.map(({ sender, id, message, offset, at }) => ({
      room,
      sender,
      senderId: id ?? null,
      data: message,
      epoch,
      offset,
      at,
      replayed: true,
    }));
    const [oldest] = page;
    const newest = page.at(-1);
    if (oldest === undefined || newest === undefined || epoch !== (all[0]?.epoch ?? epoch)) return all;
    all = isForward ? [...all, ...page] : [...page, ...all];
    rest = isForward ? { ...rest, after: newest.offset } : { before: oldest.offset };
    isMore = all.length < limit && (isForward || oldest.offset > first);
  }
  return all;
}
