import type { Revision } from '../../protocol/rooms.ts';
import type { Entry } from './entries.ts';
import type { ConditionalEntry } from './state-draft.ts';

/**
 * What changes in a room as one step: all of it or nothing. A list that is absent was not spoken of; an empty one
 * was, and members are told of it.
 */
interface Step {
  /** In the state of the room. */
  readonly roomChanges?: readonly ConditionalEntry[] | undefined;
  /** In the state of the member `by`; dropped when that is no longer in the room. */
  readonly clientChanges?: readonly Entry[] | undefined;
  /** Member id of whoever changes; `null` for the server. */
  readonly by: string | null;
  /** Member id that is not told. */
  readonly except?: string | undefined;
  /** Nobody is told. Default false. */
  readonly isSilent?: boolean | undefined;
}

/** What is to change in a room. */
export interface ChangeDraft extends Step {
  /** The epoch that the revisions in conditions are of; in another one no condition holds. */
  readonly epoch?: string | undefined;
}

/** What changed in a room, as its members are told. `clientChanges` are there only if others may see `by`. */
export interface Change extends Step, Revision {
  /** Name of the room, without its space. */
  readonly room: string;
  /** ms since 1970. */
  readonly at: number;
}
