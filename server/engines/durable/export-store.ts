import { MESSAGE, type Publication } from '../../hub/publication.ts';
import { StoreDamage } from './store-damage.ts';
import { type RoomSnapshot, StoreReader } from './store-reader.ts';
import {
  type EndLine,
  EXPORT_FORMAT,
  type HeadLine,
  type KeyLine,
  type MessageLine,
  type RoomLine,
} from './transfer.ts';

/** What is wanted of an export, and who is told how it goes. */
export interface ExportOptions {
  /** Rooms of this name alone. */
  readonly room?: string | undefined;
  /** A room is damaged: what follows of it is left out, and an import refuses it. */
  readonly onDamage: (room: string, what: string) => void;
}

/** How much has been exported. */
export interface Exported {
  readonly rooms: number;
  readonly messages: number;
}

/** Writes down what is in a store, as lines. A server may go on with the store meanwhile. */
export class StoreExport {
  readonly #reader: StoreReader;
  readonly #options: ExportOptions;
  #rooms = 0;
  #messages = 0;

  private constructor(reader: StoreReader, options: ExportOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  /** @throws StoreError when there is no store, or it cannot be used. */
  static async of(folder: string, options: ExportOptions): Promise<StoreExport> {
    return new StoreExport(await StoreReader.open(folder), options);
  }

  get exported(): Exported {
    return { rooms: this.#rooms, messages: this.#messages };
  }

  /** With line ends. The store is kept from using free room in its file anew as long as a room is being read. */
  *lines(): Generator<string> {
    const { id: store } = this.#reader.record;
    yield line({ roomplex: 'export', format: EXPORT_FORMAT, store, at: Date.now() } satisfies HeadLine);
    for (const room of this.#reader.rooms()) yield* this.#roomLines(room);
    yield line({ end: true, rooms: this.#rooms, messages: this.#messages } satisfies EndLine);
  }

  async close(): Promise<void> {
    await this.#reader.close();
  }

  *#roomLines(room: RoomSnapshot): Generator<string> {
    const { room: wanted, onDamage } = this.#options;
    const { address } = room;
    if (wanted !== undefined && address.name !== undefined && address.name !== wanted) return;
    try {
      const { record } = room;
      if (record === undefined || (wanted !== undefined && record.name !== wanted)) return;
      const { name, space, epoch, offset, first, rev, cells: keys, at } = record;
      this.#rooms++;
      yield line({ room: name, space, epoch, offset, first, rev, keys, at } satisfies RoomLine);
      for (const publication of room.publications(record)) {
        this.#messages++;
        yield line(messageLine(publication));
      }
      for (const { key, value, rev: keyRev } of room.cells(record)) {
        yield line({ key, value, rev: keyRev } satisfies KeyLine);
      }
    } catch (error) {
      if (!(error instanceof StoreDamage)) throw error;
      onDamage(nameFor(address), error.message);
    }
  }
}

function nameFor({ space, name = '(a long name)' }: RoomSnapshot['address']): string {
  return space === 'rooms' ? name : `${name} of ${space}`;
}

function messageLine({ offset, at, kind, data, sender, except, to }: Publication): MessageLine {
  return {
    offset,
    at,
    kind: kind === MESSAGE ? undefined : kind,
    data,
    sender: sender.id ?? undefined,
    name: sender.name,
    except,
    to,
  };
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
