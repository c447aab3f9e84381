import type { Hub } from '../../hub/hub.ts';
import type { StateHooks } from '../state-hooks.ts';
import type { Counters } from '../../telemetry/counters.ts';

/** What the gateway limits; 0 lifts a limit. */
export interface StateRoomsLimits {
  /** Bytes of one message. */
  readonly stateMessage: number;
  /** Keys in a client's own state. */
  readonly stateKeys: number;
  /** Bytes of a client's own state. */
  readonly memberState: number;
  /** Bytes of a connection's requests that wait for hooks. */
  readonly pending: number;
  /** Characters of a client's name, and of its type. */
  readonly name: number;
}

/** What the sessions of the gateway share. */
export interface StateRoomsSettings {
  readonly hub: Hub;
  readonly counters: Counters;
  readonly limits: StateRoomsLimits;
  readonly hooks: StateHooks;
  readonly hookTimeoutMs: number;
  /** How long a connection may take to say hello; 0 lifts it. */
  readonly helloTimeoutMs: number;
  /** How long a client that was put out may take to agree before it is hung up on. */
  readonly closeTimeoutMs: number;
  /** A refused hello is answered before the connection closes (S5 §8). */
  readonly answersRefusedHello: boolean;
  /** What a client that is in does wrong does not cost it the connection (S5 §8). */
  readonly isLenient: boolean;
  /** Told of what a `leave` hook threw. */
  readonly onFault: (error: unknown) => void;
}
