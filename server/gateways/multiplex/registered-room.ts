import { EventEmitter } from 'node:events';
import type { Hub } from '../../hub/hub.ts';
import type { Member } from '../../hub/member.ts';
import { MESSAGE } from '../../hub/publication.ts';
import { SHARED_SPACE } from '../../hub/spaces.ts';
import { publicationText } from '../publication-text.ts';

/** A member of a registered room, through whichever door it came. */
export interface RoomParticipant {
  readonly id: string;
  readonly name: string | undefined;
  /** Takes it out of the room; a topic subscriber gets `uns`. */
  end(): void;
}

/**
 * A room that server code follows (S2 §7). Emits `join`, `leave`, and `message` once per message, with its
 * sender, or with `undefined` for a sender that is in the room through no door.
 */
export class RegisteredRoom extends EventEmitter<{
  join: [RoomParticipant];
  leave: [RoomParticipant];
  message: [payload: string, sender: RoomParticipant | undefined];
}> {
  readonly name: string;
  readonly #hub: Hub;

  constructor(name: string, hub: Hub) {
    super();
    this.name = name;
    this.#hub = hub;
    hub.watch(SHARED_SPACE, name, {
      joined: (member) => this.emit('join', participant(member)),
      left: (member) => this.emit('leave', participant(member)),
      published: ({ kind, data, sender }) => {
        if (kind !== MESSAGE) return;
        const member = sender.id === null ? undefined : hub.room(SHARED_SPACE, name)?.get(sender.id);
        this.emit('message', publicationText(data), member === undefined ? undefined : participant(member));
      },
    });
  }

  /** Members now. */
  get size(): number {
    return this.#hub.room(SHARED_SPACE, this.name)?.size ?? 0;
  }

  /**
   * Says something in the room, to all or to all but one. Resolves when it is accepted. `name` is what members
   * with nicknames see as the sender. Default `server`.
   */
  broadcast(text: string, options: BroadcastOptions = {}): Promise<void> {
    const accepted = this.#publish(text, options);
    // Who does not wait for it goes on without it; an end of the process would be too much.
    accepted.catch(() => undefined);
    return accepted;
  }

  async #publish(text: string, { except, name = 'server' }: BroadcastOptions): Promise<void> {
    const sender = { id: null, name };
    await this.#hub.publish(SHARED_SPACE, this.name, {
      kind: MESSAGE,
      data: text,
      sender,
      except: except?.id,
    });
  }
}

interface BroadcastOptions {
  readonly except?: { readonly id: string };
  readonly name?: string;
}

function participant(member: Member): RoomParticipant {
  return { id: member.id, name: member.name, end: () => member.eject({ cause: 'ejected', reason: '' }) };
}
