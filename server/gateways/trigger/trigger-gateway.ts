import type { Connection, ConnectionHandler } from '../../connection/connection.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Counters } from '../../telemetry/counters.ts';
import type { OpenGateway } from '../gateway.ts';
import { TriggerSession } from './trigger-session.ts';

/** `/trigger`: document channels with three kinds of broadcast (S1 §6). */
export class TriggerGateway implements OpenGateway {
  readonly name = 'trigger';
  readonly speaksEvents = true;
  readonly #hub: Hub;
  readonly #counters: Counters;
  readonly #maxJoins: number;

  /** `limits.joins`: documents one connection may be in; 0 lifts it. */
  constructor({
    hub,
    counters,
    limits,
  }: {
    readonly hub: Hub;
    readonly counters: Counters;
    readonly limits: { readonly joins: number };
  }) {
    this.#hub = hub;
    this.#counters = counters;
    this.#maxJoins = limits.joins;
  }

  accept(connection: Connection): ConnectionHandler {
    return new TriggerSession(connection, this.#hub, this.#counters, this.#maxJoins);
  }
}
