import { encodeVerb, type GapNotice } from '../../../protocol/rooms.ts';
import { PreparedMessage } from '../../connection/prepared-message.ts';
import type { History } from '../../hub/engine.ts';
import { HubError } from '../../hub/errors.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Publication } from '../../hub/publication.ts';
import type { Room } from '../../hub/room.ts';
import { isFor } from './formats.ts';
import type { LinePace } from './line-pace.ts';
import type { RoomMember } from './room-member.ts';

/**
 * A member that is behind: it gets what was said after an offset from the history, until nothing is left. From that
 * moment on it hears the rest live. What is said meanwhile it finds in the history like everything else, so nothing
 * needs to be merged.
 */
export class CatchUp {
  readonly #hub: Hub;
  readonly #room: Room;
  readonly #member: RoomMember;
  readonly #pace: LinePace;
  #offset: number;

  constructor(hub: Hub, room: Room, member: RoomMember, pace: LinePace, from: number) {
    this.#hub = hub;
    this.#room = room;
    this.#member = member;
    this.#pace = pace;
    this.#offset = from;
  }

  /** Lets the member hear live if it has everything. True when nothing more is to be done. */
  settle(): boolean {
    if (!this.#isIn) return true;
    // Between this look at the position and the change to live there is no moment in which something could come.
    if (this.#offset < this.#room.stored.position.offset) return false;
    this.#member.caughtUp();
    return true;
  }

  /** Hands over a page, at the pace of the line. */
  async next(): Promise<void> {
    await this.#pace.wait(PAGE_BYTES);
    if (!this.#isIn) return;
    const { space, name } = this.#room.address;
    const page = await this.#read(space, name);
    if (!this.#isIn) return;
    const end = this.#room.stored.position.offset;
    const trimmed = (page[0]?.offset ?? end + 1) - 1 - this.#offset;
    if (trimmed > 0) this.#member.deliver(gapNotice({ room: name, reason: 'trimmed', missing: trimmed }));
    this.#offset = page.at(-1)?.offset ?? end;
    for (const publication of page) {
      const message = this.#message(publication);
      if (message === undefined) continue;
      const pause = this.#pace.wait(message.bytes);
      if (pause !== undefined) {
        await pause;
        if (!this.#isIn) return;
      }
      this.#member.deliver(message);
    }
  }

  #message(publication: Publication): PreparedMessage | undefined {
    const { id, liveFormat } = this.#member;
    if (isFor(id, publication)) return liveFormat.encode(publication);
    return publication.sender.id === id ? undefined : liveFormat.encodePassed?.(publication);
  }

  /** What cannot be read for good is as good as trimmed; nothing else of the connection need suffer for it. */
  async #read(space: string, name: string): Promise<History> {
    try {
      return await this.#hub.history(space, name, { after: this.#offset, limit: PAGE });
    } catch (error) {
      if (error instanceof HubError && this.#hub.isAvailable) return [];
      throw error;
    }
  }

  get #isIn(): boolean {
    return this.#room.get(this.#member.id) === this.#member && this.#member.connection.isOpen;
  }
}

/** Most messages that are held for a member. */
const PAGE = 300;
/** What a page counts for beside its messages: they may all be meant for others. */
const PAGE_BYTES = 4096;

function gapNotice(notice: GapNotice): PreparedMessage {
  return new PreparedMessage(encodeVerb('GAP', notice));
}
