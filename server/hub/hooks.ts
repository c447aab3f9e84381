import type { Entry } from './entries.ts';
import type { Member } from './member.ts';
import type { Draft } from './publication.ts';
import type { MemberView, RoomView } from './room-view.ts';
import type { ConditionalEntry } from './state-draft.ts';

/** User code that may refuse what clients ask for. A hook refuses by throwing; see each for how it is told. */
export interface Hooks {
  /**
   * Before a member enters a room, through whichever door. Synchronous. A {@link HubError} that is thrown is
   * told with its code and reason, anything else as `forbidden`.
   */
  join?(event: { readonly space: string; readonly room: string; readonly member: Member }): void;
  /** Before something is said in a room. Synchronous, and refuses as `join` does. */
  publish?(event: { readonly space: string; readonly room: string; readonly draft: Draft }): void;
  /**
   * A member wants to change the state of its room, or its own. The answer is what is changed instead, a condition
   * on one of its keys included; no answer: what was asked. The next change of the room waits until this one is made.
   */
  change?(
    request: ChangeRequest,
    context: StateContext,
  ): ChangeRequest | undefined | void | Promise<ChangeRequest | undefined | void>;
}

/** What a member wants changed. Absent lists were not spoken of. */
export interface ChangeRequest {
  readonly roomChanges?: readonly ConditionalEntry[] | undefined;
  /** The epoch that the revisions in conditions are of. */
  readonly epoch?: string | undefined;
  /** In its own state. */
  readonly clientChanges?: readonly Entry[] | undefined;
  /** The member is told of its change like the others. Default false. */
  readonly echo?: boolean | undefined;
}

/** Where something is asked, and by whom. */
export interface StateContext {
  readonly room: RoomView;
  readonly clientId: string;
  readonly client: MemberView;
}
