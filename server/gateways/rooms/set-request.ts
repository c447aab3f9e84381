import { HubError } from '../../hub/errors.ts';
import type { ConditionalEntry } from '../../hub/state-draft.ts';
import { asCount } from './join-wishes.ts';

/** What a `SET` asks for: `entries`, and the epoch that its conditions are of. */
export interface SetWishes {
  readonly entries: readonly ConditionalEntry[];
  readonly epoch: string | undefined;
}

/** @throws HubError `bad-request` */
export function readSet(request: Record<string, unknown>): SetWishes {
  const { entries, epoch } = request;
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new HubError('bad-request', 'entries must be a list that is not empty');
  }
  if (epoch !== undefined && typeof epoch !== 'string') {
    throw new HubError('bad-request', 'epoch must be a string');
  }
  return { entries: entries.map(asEntry), epoch };
}

function asEntry(value: unknown): ConditionalEntry {
  const entry = (typeof value === 'object' && value !== null ? value : {}) as Partial<ConditionalEntry>;
  const { key, ifRev } = entry;
  if (typeof key !== 'string') throw new HubError('bad-request', 'the key of an entry must be a string');
  return {
    key,
    ...(entry.value !== undefined && { value: entry.value }),
    ...(ifRev !== undefined && { ifRev: asCount(ifRev, 'ifRev') }),
  };
}
