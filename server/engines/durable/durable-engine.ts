import type { Position, Revision } from '../../../protocol/rooms.ts';
import type { ChangeDraft } from '../../hub/change.ts';
import type { Engine, EngineListener, History, HistoryRange, RoomAddress } from '../../hub/engine.ts';
import { HubError } from '../../hub/errors.ts';
import type { Draft } from '../../hub/publication.ts';
import { silentLogger, type Logger } from '../../log.ts';
import { Counters } from '../../telemetry/counters.ts';
import { ChangeRequest } from './change-request.ts';
import type { DurableRoom, RoomLimits } from './durable-room.ts';
import { Faults } from './faults.ts';
import { ForgetOperation } from './forget-operation.ts';
import { GroupCommit } from './group-commit.ts';
import { Outage } from './outage.ts';
import { ProbeOperation } from './probe-operation.ts';
import { PublishRequest } from './publish-request.ts';
import type { Request } from './request.ts';
import { RoomShelf } from './room-shelf.ts';
import { type OwnStore, openFolder } from './open-folder.ts';

/** What a {@link DurableEngine} takes. */
export interface DurableEngineOptions {
  /** The folder with the store; made when it is not there. */
  readonly folder: string;
  readonly limits: RoomLimits;
  /** @default silentLogger */
  readonly log?: Logger | undefined;
  readonly counters?: Counters | undefined;
}

/** What is there while the store is open. */
interface Open {
  readonly own: OwnStore;
  readonly shelf: RoomShelf;
  readonly commits: GroupCommit;
  readonly outage: Outage;
}

/**
 * One node, and everything on disk: what was accepted survives the end of the process, however it ends. Nothing is
 * told of before it is there.
 */
export class DurableEngine implements Engine {
  readonly #options: DurableEngineOptions;
  readonly #log: Logger;
  readonly #faults: Faults;
  #listener: EngineListener = { published: () => undefined, changed: () => undefined };
  #open: Open | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: DurableEngineOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLogger;
    this.#faults = new Faults(this.#log, options.counters ?? new Counters());
  }

  get isAvailable(): boolean {
    return this.#open !== undefined && this.#open.outage.reason === undefined && this.#stopping === undefined;
  }

  async start(listener: EngineListener): Promise<void> {
    const { limits } = this.#options;
    this.#listener = listener;
    const own = await openFolder(this.#options.folder);
    const { store } = own;
    const shelf = new RoomShelf({ store, limits, faults: this.#faults });
    const outage = new Outage(own.folder, this.#log, () => commits.add(new ProbeOperation()));
    const commits = new GroupCommit(store, {
      committed: () => outage.end(),
      failed: (error) => new HubError('unavailable', outage.begin(error), { cause: error }),
      faulted: (error) => this.#faults.listenerFailed(error),
    });
    this.#open = { own, shelf, commits, outage };
  }

  publish(address: RoomAddress, draft: Draft): Promise<Position> {
    return this.#submit(address, (room) => new PublishRequest(room, draft, this.#listener, this.#faults));
  }

  change(address: RoomAddress, draft: ChangeDraft): Promise<Revision> {
    return this.#submit(address, (room) => new ChangeRequest(room, draft, this.#listener, this.#faults));
  }

  subscribe(address: RoomAddress): DurableRoom {
    const { shelf } = this.#opened();
    const room = this.#take(shelf, address);
    if (room.isSubscribed) shelf.release(room);
    room.isSubscribed = true;
    return room;
  }

  unsubscribe(address: RoomAddress): void {
    const shelf = this.#open?.shelf;
    const room = shelf?.atHand(address);
    if (shelf === undefined || room?.isSubscribed !== true) return;
    room.isSubscribed = false;
    shelf.release(room);
  }

  find(address: RoomAddress): DurableRoom | undefined {
    return this.#faults.guard(address, () => this.#opened().shelf.find(address));
  }

  names(space: string): Iterable<string> {
    return this.#opened().shelf.names(space);
  }

  history(address: RoomAddress, range: HistoryRange): History {
    return this.#faults.guard(address, () => this.#opened().shelf.find(address)?.history(range) ?? []);
  }

  forget(address: RoomAddress): void {
    const { own, shelf, commits } = this.#opened();
    const room = shelf.takeAnyway(address);
    shelf.release(room);
    if (room.isSubscribed || (!room.isStored && room.uses === 0)) return;
    own.store.raiseGeneration();
    shelf.forget(room);
    commits.add(new ForgetOperation(room, () => shelf.forgot(room)));
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    open.outage.stop();
    await open.commits.idle();
    this.#open = undefined;
    await open.own.close();
  }

  #submit<T>(address: RoomAddress, ask: (room: DurableRoom) => Request<T>): Promise<T> {
    const { shelf, commits, outage } = this.#opened();
    if (this.#stopping !== undefined) throw closed();
    if (outage.reason !== undefined) throw new HubError('unavailable', outage.reason);
    const room = this.#take(shelf, address);
    try {
      const request = ask(room);
      commits.add(request);
      const release = (): void => shelf.release(room);
      request.answer.then(release, release);
      return request.answer;
    } catch (error) {
      shelf.release(room);
      throw error;
    }
  }

  /** The room in use, if it is as it should be. */
  #take(shelf: RoomShelf, address: RoomAddress): DurableRoom {
    return this.#faults.guard(address, () => {
      const room = shelf.take(address);
      try {
        room.check();
        return room;
      } catch (error) {
        shelf.release(room);
        throw error;
      }
    });
  }

  #opened(): Open {
    if (this.#open === undefined) throw closed();
    return this.#open;
  }
}

function closed(): HubError {
  return new HubError('unavailable', 'the store is closed');
}
