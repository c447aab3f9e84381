import { HubError } from './errors.ts';
import type { ConditionalEntry } from './state-draft.ts';

/**
 * Entries as a client gave them: `[{key, value?, ifRev?}, …]`.
 *
 * @throws HubError `bad-request` when they are anything else, or none.
 */
export function readEntries(entries: unknown): ConditionalEntry[] {
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new HubError('bad-request', 'entries must be a list that is not empty');
  }
  return entries.map(readEntry);
}

/**
 * A whole number, 0 or more, as a client gave it.
 *
 * @throws HubError `bad-request` when it is anything else; `what` names it.
 */
export function readCount(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new HubError('bad-request', `${what} must be a whole number, 0 or more`);
  }
  return value;
}

function readEntry(given: unknown): ConditionalEntry {
  const { key, value, ifRev } = (typeof given === 'object' && given !== null ? given : {}) as {
    readonly [field in keyof ConditionalEntry]?: unknown;
  };
  if (typeof key !== 'string') throw new HubError('bad-request', 'the key of an entry must be a string');
  return {
    key,
    ...(value !== undefined && { value }),
    ...(ifRev !== undefined && { ifRev: readCount(ifRev, 'ifRev') }),
  };
}
