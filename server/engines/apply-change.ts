import type { ChangeDraft } from '../hub/change.ts';
import { ConflictError } from '../hub/errors.ts';
import type { StateDraft } from '../hub/state-draft.ts';

/**
 * Makes a change in the draft of a room's state, if its conditions are of the room's epoch and hold.
 *
 * @throws ConflictError with the room's epoch, HubError `limit` or TypeError; then the draft is as it was.
 */
export function applyChange(state: StateDraft, room: { readonly epoch: string }, draft: ChangeDraft): void {
  const { roomChanges, epoch } = draft;
  if (roomChanges === undefined || roomChanges.length === 0) return;
  try {
    if (epoch !== undefined && epoch !== room.epoch) {
      const conditions = roomChanges.filter(({ ifRev }) => ifRev !== undefined);
      const keys = new Set(conditions.map(({ key }) => key));
      const entries = Array.from(keys, (key) => state.entry(key));
      if (entries.length > 0) throw new ConflictError(entries, room.epoch, OTHER_EPOCH);
    }
    state.change(roomChanges);
  } catch (error) {
    if (error instanceof ConflictError) throw new ConflictError(error.conflicts, room.epoch, error.message);
    throw error;
  }
}

const OTHER_EPOCH = 'the revisions asked for are of another epoch of the room';
