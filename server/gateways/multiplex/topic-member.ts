import { encodeFrame, escapeTopic } from '../../../protocol/multiplex.ts';
import type { Connection } from '../../connection/connection.ts';
import { PreparedMessage } from '../../connection/prepared-message.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Format, Member } from '../../hub/member.ts';
import { MESSAGE, type Sender } from '../../hub/publication.ts';
import { SHARED_SPACE } from '../../hub/spaces.ts';
import { leaveCause } from '../leave-cause.ts';
import { publicationText } from '../publication-text.ts';
import type { Subscription } from './subscription.ts';

/** A subscription to a room: what is published there comes as `msg,TOPIC,…`, and `msg` publishes (S2 §4). */
export class TopicMember implements Member<PreparedMessage>, Subscription {
  readonly since = Date.now();
  readonly #connection: Connection;
  readonly #room: string;
  readonly #hub: Hub;
  readonly #hearsItself: boolean;
  readonly #owner: TopicOwner;
  /** Made when it first says something, and the same in all that it says. */
  #sender: Sender | undefined;

  constructor(connection: Connection, room: string, hub: Hub, hearsItself: boolean, owner: TopicOwner) {
    this.#connection = connection;
    this.#room = room;
    this.#hub = hub;
    this.#hearsItself = hearsItself;
    this.#owner = owner;
  }

  // What is the same for all topic members costs nothing per member: there may be a thousand per connection.
  get name(): undefined {
    return undefined;
  }

  get info(): undefined {
    return undefined;
  }

  get gateway(): string {
    return 'multiplex';
  }

  get format(): Format<PreparedMessage> {
    return TOPIC_FORMAT;
  }

  get id(): string {
    return this.#connection.id;
  }

  get transport(): string {
    return this.#connection.transport;
  }

  deliver(message: PreparedMessage): void {
    this.#connection.sendPrepared(message);
  }

  message(payload: string): void {
    const { id } = this.#connection;
    this.#sender ??= { id, name: undefined };
    try {
      const acceptance = this.#hub.publish(SHARED_SPACE, this.#room, {
        kind: MESSAGE,
        data: payload,
        sender: this.#sender,
        except: this.#hearsItself ? undefined : id,
      });
      if (acceptance instanceof Promise) acceptance.catch((error: unknown) => this.#owner.refused(error));
    } catch (error) {
      this.#owner.refused(error);
    }
  }

  unsubscribed(): void {
    this.#hub.leave(SHARED_SPACE, this.#room, this);
  }

  ended(code: number): void {
    this.#hub.leave(SHARED_SPACE, this.#room, this, leaveCause(code));
  }

  eject(): void {
    const topic = escapeTopic(this.#room);
    this.#owner.forget(topic);
    this.#hub.leave(SHARED_SPACE, this.#room, this, 'ejected');
    this.#connection.send(encodeFrame('uns', topic));
  }
}

/** Who keeps the subscriptions of a connection. */
export interface TopicOwner {
  /** `topic` is escaped. */
  forget(topic: string): void;
  refused(error: unknown): void;
}

const TOPIC_FORMAT: Format<PreparedMessage> = {
  encode: ({ kind, room, data }) => {
    if (kind !== MESSAGE) return undefined;
    return new PreparedMessage(encodeFrame('msg', escapeTopic(room), publicationText(data)));
  },
};
