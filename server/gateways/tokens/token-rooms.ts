import type { LeaveCause } from '../../../protocol/rooms.ts';
import { parseReceivers } from '../../../protocol/tokens.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Member } from '../../hub/member.ts';
import { MESSAGE } from '../../hub/publication.ts';

/** Tokens as rooms of the hub: whoever has a token is a member of the room of that name (docs/decisions/0010). */
export class TokenRooms {
  readonly #hub: Hub;
  readonly #space: string;

  constructor(hub: Hub, space: string) {
    this.#hub = hub;
    this.#space = space;
  }

  /** @throws HubError when the hub, or a hook, refuses. */
  join(token: string, member: Member): void {
    this.#hub.join(this.#space, token, member);
  }

  leave(token: string, member: Member, cause: LeaveCause): void {
    this.#hub.leave(this.#space, token, member, cause);
  }

  /** Resolves when everything published by now is accepted or refused; `undefined` when nothing can be under way. */
  settled(token: string): Promise<unknown> | undefined {
    return this.#hub.settled(this.#space, token);
  }

  /** Who has the token now. */
  holders(token: string): Member[] {
    return [...(this.#hub.room(this.#space, token)?.members() ?? [])];
  }

  /**
   * Publishes a body to everyone whose token is among the receivers (S4 §2.1), each once. `from` is the
   * sender's connection id, `null` for one that has none. `onRefused` is told of each room that the hub, or a
   * hook, did not let it into. Returns how many are in the rooms meant.
   */
  publish(receivers: string, body: string, from: string | null, onRefused: (error: unknown) => void): number {
    const { tokens, prefixes } = parseReceivers(receivers);
    const rooms = new Set(tokens);
    for (const prefix of prefixes) {
      for (const room of this.#hub.roomsBelow(this.#space, prefix)) rooms.add(room);
      // Nobody needs to be there: server code may follow the room of that very name.
      rooms.add(prefix);
    }
    const draft = { kind: MESSAGE, data: body, sender: { id: from, name: undefined } };
    let reached = 0;
    for (const room of rooms) {
      try {
        const size = this.#hub.room(this.#space, room)?.size ?? 0;
        const acceptance = this.#hub.publish(this.#space, room, draft);
        if (acceptance instanceof Promise) acceptance.catch(onRefused);
        reached += size;
      } catch (error) {
        onRefused(error);
      }
    }
    return reached;
  }
}
