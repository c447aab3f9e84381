import type { ActionRequest, ActionResponse, HelloRequest, KVStore } from '../../protocol/state-rooms.ts';
import type { Entry } from './keyed-state.ts';
import type { Member } from './member.ts';
import type { Draft } from './publication.ts';
import type { MemberView, RoomView } from './room-view.ts';

/** User code that may refuse what clients ask for. A hook refuses by throwing; see each for how it is told. */
export interface Hooks extends StateHooks {
  /**
   * Before a member enters a room, through whichever door. Synchronous. A {@link HubError} that is thrown is
   * told with its code and reason, anything else as `forbidden`.
   */
  join?(event: { readonly space: string; readonly room: string; readonly member: Member }): void;
  /** Before something is said in a room. Synchronous, and refuses as `join` does. */
  publish?(event: { readonly space: string; readonly room: string; readonly draft: Draft }): void;
}

/**
 * The hooks of state rooms (S5 §6). Each may answer at once or with a promise, for which it has `hookTimeoutMs`.
 * What it throws costs the client its connection, and the error's message is the reason the client gets.
 */
export interface StateHooks {
  /**
   * A client of `/wss` says hello and wants into `request.roomId`. The answer is the state it begins with and
   * whether it may only read; no answer: as it asked. Credentials in the request are checked by nobody else.
   */
  hello?(
    request: HelloRequest,
    peer: HelloPeer,
  ): HelloVerdict | undefined | void | Promise<HelloVerdict | undefined | void>;
  /**
   * A member wants to change the state of its room, or its own. The answer is what is changed instead; no
   * answer: what was asked. The next change of the room waits until this one is decided.
   */
  change?(
    request: ChangeRequest,
    context: StateContext,
  ): ChangeRequest | undefined | void | Promise<ChangeRequest | undefined | void>;
  /** A client of `/wss` asks for an action. What is answered is sent to it, and to nobody else, as it is. */
  action?(
    request: ActionRequest,
    context: StateContext,
  ): ActionResponse | undefined | void | Promise<ActionResponse | undefined | void>;
  /** A client of `/wss` has left its room, and the others were told. What is thrown here is logged. */
  leave?(context: StateContext): void | Promise<void>;
}

/** Who says hello. */
export interface HelloPeer {
  /** Its member id, if it is let in: `connection:N`. */
  readonly clientId: string;
  /** Raw `Cookie` header of the request that opened the connection; empty when there was none. */
  readonly cookie: string;
  /** Of that request, without the question mark. */
  readonly query: string;
  readonly remoteAddress: string;
}

/** How a client is let in. */
export interface HelloVerdict {
  readonly clientState: KVStore;
  /** It may not change the room's state, and others do not see it. Default false. */
  readonly readonly?: boolean | null | undefined;
}

/** What a member wants changed. Absent lists were not spoken of. */
export interface ChangeRequest {
  readonly roomChanges?: readonly Entry[] | undefined;
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
