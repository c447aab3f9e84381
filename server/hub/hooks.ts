import type { Draft } from './publication.ts';
import type { Member } from './member.ts';

/**
 * User code that may refuse what clients ask for. A hook refuses by throwing: a {@link HubError} with its
 * code and reason, anything else as `forbidden`. Hooks are synchronous.
 */
export interface Hooks {
  /** Before a member enters a room. */
  join?(event: { readonly space: string; readonly room: string; readonly member: Member }): void;
  /** Before something is said in a room. */
  publish?(event: { readonly space: string; readonly room: string; readonly draft: Draft }): void;
}
