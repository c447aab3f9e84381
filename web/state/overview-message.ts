import type { OverviewMessage } from '../../protocol/overview.ts';

/** Reads what came on the overview channel; `undefined` for anything this version does not know. */
export function parseOverviewMessage(text: string): OverviewMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  switch (value.type) {
    case 'unauthorized':
      return { type: 'unauthorized' };
    case 'overview':
      return 'rooms' in value && Array.isArray(value.rooms) ? (value as OverviewMessage) : undefined;
    case 'room':
      return 'members' in value && Array.isArray(value.members) ? (value as OverviewMessage) : undefined;
    default:
      return undefined;
  }
}
