import { encodeVerb, type AckId } from '../../../protocol/rooms.ts';
import type { Connection } from '../../connection/connection.ts';
import { PreparedMessage } from '../../connection/prepared-message.ts';
import { whenAccepted } from '../../hub/acceptance.ts';
import { HubError } from '../../hub/errors.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Format, Member } from '../../hub/member.ts';
import type { Counters } from '../../telemetry/counters.ts';
import { asName, VerbSession, type VerbHandler } from '../verb-session.ts';

/** One connection to `/trigger` (S1 §6); unlike the original, `LEAVE` leaves. */
export class TriggerSession extends VerbSession {
  readonly #hub: Hub;
  readonly #maxJoins: number;
  readonly #documents = new Map<string, Member>();

  constructor(connection: Connection, hub: Hub, counters: Counters, maxJoins: number) {
    super(connection, 'trigger', counters);
    this.#hub = hub;
    this.#maxJoins = maxJoins;
  }

  closed(): void {
    for (const document of this.#documents.keys()) this.#leave(document);
  }

  protected override handlerFor(event: string): VerbHandler<this> | undefined {
    return VERBS.get(event);
  }

  join(argument: unknown, id: AckId | undefined): void {
    const document = asName(argument, 'the document');
    if (this.#maxJoins !== 0 && this.#documents.size >= this.#maxJoins && !this.#documents.has(document)) {
      throw new HubError('limit', `a connection may be in ${this.#maxJoins} documents`);
    }
    const member = this.#newMember(document);
    this.#hub.join(SPACE, document, member);
    this.#documents.set(document, member);
    this.ack(id);
  }

  leave(argument: unknown, id: AckId | undefined): void {
    this.#leave(asName(argument, 'the document'));
    this.ack(id);
  }

  /** To all others in the document; the sender need not be in it. */
  broadcast(
    kind: string,
    argument: unknown,
    data: unknown,
    id: AckId | undefined,
  ): Promise<void> | undefined {
    const document = asName(argument, 'the document');
    const self = this.connection.id;
    const acceptance = this.#hub.publish(SPACE, document, {
      kind,
      data,
      sender: { id: self, name: undefined },
      except: self,
    });
    return whenAccepted(acceptance, () => this.ack(id));
  }

  #leave(document: string): void {
    const member = this.#documents.get(document);
    if (member === undefined) return;
    this.#documents.delete(document);
    this.#hub.leave(SPACE, document, member);
  }

  #newMember(document: string): Member<PreparedMessage> {
    const { connection } = this;
    return {
      id: connection.id,
      name: undefined,
      info: undefined,
      gateway: 'trigger',
      transport: connection.transport,
      since: Date.now(),
      format: FORMAT,
      deliver: (message) => connection.sendPrepared(message),
      eject: () => this.#leave(document),
    };
  }
}

const SPACE = 'trigger';
const KINDS: readonly string[] = ['EVENTS', 'UPDATES', 'STATUS'];

const FORMAT: Format<PreparedMessage> = {
  encode: ({ kind, data }) =>
    KINDS.includes(kind) ? new PreparedMessage(encodeVerb(kind, data)) : undefined,
};

const VERBS = new Map<string, VerbHandler<TriggerSession>>([
  ['JOIN', { arity: 1, run: (session, [document], id) => session.join(document, id) }],
  ['LEAVE', { arity: 1, run: (session, [document], id) => session.leave(document, id) }],
  ...KINDS.map((kind): [string, VerbHandler<TriggerSession>] => [
    `BROADCAST_${kind}`,
    { arity: 2, run: (session, [document, data], id) => session.broadcast(kind, document, data, id) },
  ]),
]);
