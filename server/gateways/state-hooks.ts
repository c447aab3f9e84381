import type { ActionRequest, ActionResponse, HelloRequest, KVStore } from '../../protocol/state-rooms.ts';
import type { StateContext } from '../hub/hooks.ts';

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
