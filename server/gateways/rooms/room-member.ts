import type { Connection } from '../../connection/connection.ts';
import type { PreparedMessage } from '../../connection/prepared-message.ts';
import type { Format, Member, Removal } from '../../hub/member.ts';
import type { RoomFormats } from './formats.ts';

/** How a member shows itself, and what it wants. */
export interface RoomMemberOptions {
  readonly id: string;
  readonly name: string;
  readonly info: unknown;
  readonly gateway: string;
  readonly formats: RoomFormats;
  /** Its own messages come back to it. */
  readonly hearsItself: boolean;
  readonly comesBack: boolean;
  /** Which connection of its client this is, where the client counts. */
  readonly turn: number | undefined;
  /** It is to get messages that were said before it hears live ones. */
  readonly isBehind: boolean;
}

/** One connection's membership of one room, as `JOIN` made it. */
export class RoomMember implements Member<PreparedMessage> {
  readonly id: string;
  readonly name: string;
  readonly info: unknown;
  readonly gateway: string;
  readonly since = Date.now();
  readonly hearsItself: boolean;
  readonly hearsOwnChanges = true;
  readonly comesBack: boolean;
  readonly turn: number | undefined;
  readonly connection: Connection;
  readonly #formats: RoomFormats;
  readonly #eject: (removal: Removal) => void;
  #isBehind: boolean;

  constructor(connection: Connection, options: RoomMemberOptions, eject: (removal: Removal) => void) {
    this.connection = connection;
    this.id = options.id;
    this.name = options.name;
    this.info = options.info;
    this.gateway = options.gateway;
    this.hearsItself = options.hearsItself;
    this.comesBack = options.comesBack;
    this.turn = options.turn;
    this.#formats = options.formats;
    this.#isBehind = options.isBehind;
    this.#eject = eject;
  }

  get transport(): string {
    return this.connection.transport;
  }

  get format(): Format<PreparedMessage> {
    return this.#isBehind ? this.#formats.silent : this.#formats.live;
  }

  /** The format for messages that it is told late. */
  get liveFormat(): Format<PreparedMessage> {
    return this.#formats.live;
  }

  /** From here on it hears what is said when it is said. */
  caughtUp(): void {
    this.#isBehind = false;
  }

  deliver(message: PreparedMessage): void {
    this.connection.sendPrepared(message);
  }

  eject(removal: Removal): void {
    this.#eject(removal);
  }
}
