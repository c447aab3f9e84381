import type { LeaveCause, RoomPresenceChange } from '../../client/index.ts';
import type { Passage } from './message-log.ts';

/** What a change of presence is to those who stay. */
export interface PresenceNews {
  /** Names by how they came or went, in the order in which it is told. */
  readonly passages: ReadonlyMap<Passage, readonly string[]>;
  readonly renames: readonly { readonly from: string; readonly to: string }[];
}

/** Reads a change; `names` are those of the members before it, by id, and `ownId` is no news. */
export function newsOf(
  { joins, leaves }: RoomPresenceChange,
  names: ReadonlyMap<string, string>,
  ownId: string | null,
): PresenceNews {
  const passages = new Map<Passage, string[]>();
  const renames: { from: string; to: string }[] = [];
  const add = (passage: Passage, name: string): void => {
    const list = passages.get(passage);
    if (list === undefined) passages.set(passage, [name]);
    else list.push(name);
  };
  const here = new Set(joins.map(({ id }) => id));
  for (const { id, name, cause } of leaves) {
    if (id !== ownId && !here.has(id)) add(PASSAGES[cause ?? 'left'], name);
  }
  for (const { id, name } of joins) {
    const before = names.get(id);
    if (id === ownId || before === name) continue;
    if (before === undefined) add('joined', name);
    else renames.push({ from: before, to: name });
  }
  return { passages, renames };
}

const PASSAGES: Readonly<Record<LeaveCause, Passage>> = {
  left: 'left',
  closed: 'left',
  timeout: 'lost',
  ejected: 'ejected',
};
