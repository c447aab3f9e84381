import type { Connection } from '../../connection/connection.ts';
import type { PreparedMessage } from '../../connection/prepared-message.ts';
import type { Format, Member } from '../../hub/member.ts';

/** One connection's membership of one room, as `JOIN` made it. */
export class RoomMember implements Member<PreparedMessage> {
  readonly name: string;
  readonly info: unknown;
  readonly gateway: string;
  readonly since: number;
  readonly format: Format<PreparedMessage>;
  /** Its own messages come back to it. */
  readonly hearsItself: boolean;
  readonly #connection: Connection;
  readonly #eject: () => void;

  constructor(
    connection: Connection,
    options: {
      readonly name: string;
      readonly info: unknown;
      readonly gateway: string;
      readonly format: Format<PreparedMessage>;
      readonly hearsItself: boolean;
      readonly since: number;
    },
    eject: () => void,
  ) {
    this.#connection = connection;
    this.#eject = eject;
    this.name = options.name;
    this.info = options.info;
    this.gateway = options.gateway;
    this.format = options.format;
    this.hearsItself = options.hearsItself;
    this.since = options.since;
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

  eject(): void {
    this.#eject();
  }
}
