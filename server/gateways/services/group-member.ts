import { PreparedMessage } from '../../connection/prepared-message.ts';
import type { Format, Member } from '../../hub/member.ts';
import { MESSAGE } from '../../hub/publication.ts';
import { publicationText } from '../publication-text.ts';
import type { ServiceSession } from './service-session.ts';

/** A session's place in one group, which is a room of the hub. */
export class GroupMember implements Member<PreparedMessage> {
  readonly gateway: string;
  readonly since = Date.now();
  readonly #session: ServiceSession;
  readonly #leave: () => void;

  constructor(gateway: string, session: ServiceSession, leave: () => void) {
    this.gateway = gateway;
    this.#session = session;
    this.#leave = leave;
  }

  get id(): string {
    return this.#session.connection.id;
  }

  get name(): undefined {
    return undefined;
  }

  get info(): undefined {
    return undefined;
  }

  get transport(): string {
    return this.#session.connection.transport;
  }

  get format(): Format<PreparedMessage> {
    return GROUP_FORMAT;
  }

  deliver(message: PreparedMessage): void {
    this.#session.sendPrepared(message);
  }

  /** There are no words for it: the session goes on outside the group. */
  eject(): void {
    this.#leave();
  }
}

/** The bare text (S3 §1). */
const GROUP_FORMAT: Format<PreparedMessage> = {
  encode: ({ kind, data }) => (kind === MESSAGE ? new PreparedMessage(publicationText(data)) : undefined),
};
