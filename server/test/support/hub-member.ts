import type { Change } from '../../hub/change.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Departure, Format, Member } from '../../hub/member.ts';

/** A member without a connection, and what it was told, in short. */
export interface HubMember extends Member<string> {
  readonly got: string[];
  /** What it was told since the last time. */
  news(): string[];
}

/** Hears everything: presence of a tick as `+a -b:cause`, arrivals and departures as `a came`, `b went`. */
const CURIOUS: Format<string> = {
  encode: ({ data }) => String(data),
  encodePresence: ({ joins, leaves, count, roster }) =>
    [
      ...joins.map(({ id }) => `+${id}`),
      ...leaves.map(({ member, cause }: Departure) => `-${member.id}:${cause}`),
      ...(roster === undefined
        ? []
        : [`#${count}`, roster === null ? 'too many' : `${roster.length} listed`]),
    ].join(' '),
  encodeArrival: ({ id }) => `${id} came`,
  encodeDeparture: ({ id }) => `${id} went`,
  encodeChange: ({ roomChanges = [] }: Change) =>
    roomChanges.map(({ key, value }) => `${key}=${String(value)}`).join(),
};

/** Hears what is said, and nothing else. */
export const PLAIN: Format<string> = { encode: ({ data }) => String(data) };

/** Puts somebody into a room of the space `s`. */
export function join(hub: Hub, room: string, id: string, extras: Partial<Member<string>> = {}): HubMember {
  const got: string[] = [];
  const member: HubMember = {
    id,
    name: id,
    info: undefined,
    gateway: 'test',
    transport: 'test',
    since: 0,
    format: CURIOUS,
    deliver: (encoded) => got.push(encoded),
    eject: ({ cause }) => {
      got.push(`out: ${cause}`);
      hub.leave('s', room, member, 'ejected');
    },
    got,
    news: () => got.splice(0),
    ...extras,
  };
  hub.join('s', room, member);
  return member;
}

/** When presence has told what came of this tick. */
export function endOfTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
