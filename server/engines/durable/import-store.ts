import { LineError, type Line, readLine } from './transfer-lines.ts';
import { type OwnStore, openFolder } from './open-folder.ts';
import { RoomImport } from './room-import.ts';

/** What is wanted of an import, and who is told how it goes. */
export interface ImportOptions {
  /** Rooms that are there already are replaced; otherwise they are refused. */
  readonly replace: boolean;
  /** A line cannot be taken; the room that it is of is left out. */
  readonly onRefused: (line: number, why: string) => void;
}

/** How much has been imported. */
export interface Imported {
  readonly rooms: number;
  readonly messages: number;
}

/** Puts what an export has into a store that nobody uses: each room whole or not at all. */
export class StoreImport {
  readonly #own: OwnStore;
  readonly #options: ImportOptions;
  #number = 0;
  #rooms = 0;
  #messages = 0;
  #current: RoomImport | undefined;
  #hasHead = false;
  #hasEnd = false;

  private constructor(own: OwnStore, options: ImportOptions) {
    this.#own = own;
    this.#options = options;
  }

  /** Opens the store in a folder; both are made when they are not there. @throws StoreError */
  static async into(folder: string, options: ImportOptions): Promise<StoreImport> {
    return new StoreImport(await openFolder(folder), options);
  }

  get imported(): Imported {
    return { rooms: this.#rooms, messages: this.#messages };
  }

  /** The next line. False when nothing of what follows can be taken. */
  async take(text: string): Promise<boolean> {
    this.#number++;
    if (text.trim() === '') return true;
    try {
      await this.#takeLine(readLine(text));
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      this.#current = undefined;
      this.#options.onRefused(this.#number, error.message);
    }
    return this.#hasHead;
  }

  /** There are no more lines. */
  async end(): Promise<void> {
    if (this.#hasEnd) return;
    this.#current = undefined;
    this.#options.onRefused(this.#number, 'the export ends too early');
  }

  async close(): Promise<void> {
    await this.#own.close();
  }

  async #takeLine({ type, line }: Line): Promise<void> {
    if (type === 'head') {
      this.#hasHead = true;
      return;
    }
    if (!this.#hasHead) throw new LineError('this does not begin like an export of Roomplex');
    if (type === 'message') await this.#current?.addMessage(line);
    else if (type === 'key') await this.#current?.addKey(line);
    else await this.#finishRoom();
    if (type === 'room') this.#current = new RoomImport(this.#own.store, line, this.#options.replace);
    this.#hasEnd ||= type === 'end';
  }

  async #finishRoom(): Promise<void> {
    const room = this.#current;
    this.#current = undefined;
    if (room === undefined) return;
    try {
      await room.finish();
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      this.#options.onRefused(this.#number, error.message);
      return;
    }
    this.#rooms++;
    this.#messages += room.messages;
  }
}
