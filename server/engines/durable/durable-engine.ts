import type { Position, Revision } from '../../../protocol/rooms.ts';
import type { ChangeDraft } from '../../hub/change.ts';
import type { Engine, EngineListener, History, HistoryRange, RoomAddress } from '../../hub/engine.ts';
import { HubError } from '../../hub/errors.ts';
import { GraceQueue } from '../../hub/grace-queue.ts';
import type { Draft } from '../../hub/publication.ts';
import type { Limits } from '../../limits.ts';
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
import { Quota } from './quota.ts';
import { RoomShelf } from './room-shelf.ts';
import { Sweeper } from './sweeper.ts';
import { Upkeep } from './upkeep.ts';
import { type OwnStore, openFolder } from './open-folder.ts';

/** What a {@link DurableEngine} takes. */
export interface DurableEngineOptions {
  /** The folder with the store; made when it is not there. */
  readonly folder: string;
  readonly limits: RoomLimits & Pick<Limits, 'storeBytes'>;
  /** How long a room is kept that nobody uses, in ms; `Infinity`: for ever. @default 30 days */
  readonly roomGraceMs?: number | undefined;
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
  readonly quota: Quota;
  readonly upkeep: Upkeep;
  readonly sweeper: Sweeper;
  readonly sweeping: Promise<void>;
}

/**
 * One node, and everything on disk: what was accepted survives the end of the process, however it ends. Nothing is
 * told of before it is there.
 */
export class DurableEngine implements Engine {
  readonly #options: DurableEngineOptions;
  readonly #log: Logger;
  readonly #faults: Faults;
  /** Rooms that are over soon after the last one left; those with more time are found by the sweep. */
  readonly #vacant: GraceQueue<string> | undefined;
  #listener: EngineListener = { published: () => undefined, changed: () => undefined };
  #open: Open | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: DurableEngineOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLogger;
    this.#faults = new Faults(this.#log, options.counters ?? new Counters());
    const graceMs = options.roomGraceMs ?? GRACE_MS;
    if (graceMs < SOON_MS) this.#vacant = new GraceQueue(graceMs, (key) => this.#forgetVacant(key));
  }

  get isAvailable(): boolean {
    return this.#unavailability === undefined;
  }

  async start(listener: EngineListener): Promise<void> {
    const { limits, roomGraceMs: graceMs = GRACE_MS } = this.#options;
    this.#listener = listener;
    const own = await openFolder(this.#options.folder);
    const { store } = own;
    const shelf = new RoomShelf({ store, limits, faults: this.#faults });
    const outage = new Outage(own.folder, this.#log, () => commits.add(new ProbeOperation()));
    const commits = new GroupCommit(store, {
      committed: (bytes) => {
        outage.end();
        quota.add(bytes);
      },
      failed: (error) => new HubError('unavailable', outage.begin(error), { cause: error }),
      faulted: (error) => this.#faults.listenerFailed(error),
    });
    const quota = new Quota(store, limits.storeBytes, this.#log);
    const forget = (address: RoomAddress): void => this.forget(address);
    const upkeep = new Upkeep({ store, shelf, commits, faults: this.#faults, graceMs, forget });
    const sweeper = new Sweeper(upkeep, {
      isDue: () => outage.reason === undefined,
      swept: () => quota.check(),
      failed: (error) => this.#faults.upkeepFailed(error),
    });
    this.#open = { own, shelf, commits, outage, quota, upkeep, sweeper, sweeping: sweeper.run() };
  }

  /** Does at once what is done in the background otherwise: takes away what is kept no longer. */
  async sweep(): Promise<void> {
    await this.#opened().sweeper.sweepAll();
  }

  publish(address: RoomAddress, draft: Draft): Promise<Position> {
    return this.#submit(address, (room, { upkeep }) => {
      upkeep.said(room);
      return new PublishRequest(room, draft, this.#listener, this.#faults);
    });
  }

  change(address: RoomAddress, draft: ChangeDraft): Promise<Revision> {
    return this.#submit(address, (room) => new ChangeRequest(room, draft, this.#listener, this.#faults));
  }

  subscribe(address: RoomAddress): DurableRoom {
    const { shelf } = this.#opened();
    const room = this.#take(shelf, address);
    if (room.isSubscribed) shelf.release(room);
    room.isSubscribed = true;
    this.#vacant?.remove(keyOf(address));
    return room;
  }

  unsubscribe(address: RoomAddress): void {
    const room = this.#open?.shelf.atHand(address);
    if (this.#open === undefined || room?.isSubscribed !== true) return;
    room.isSubscribed = false;
    if (this.#stopping === undefined) this.#open.upkeep.used(room);
    this.#open.shelf.release(room);
    this.#vacant?.add(keyOf(address));
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

  #forgetVacant(key: string): void {
    if (this.#stopping !== undefined) return;
    const [space, name] = JSON.parse(key) as [string, string];
    this.forget({ space, name });
  }

  async #stop(): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    this.#vacant?.stop();
    open.outage.stop();
    open.sweeper.stop();
    await open.sweeping;
    await open.commits.idle();
    this.#open = undefined;
    await open.own.close();
  }

  /** Why nothing is taken. */
  get #unavailability(): string | undefined {
    if (this.#open === undefined || this.#stopping !== undefined) return CLOSED;
    return this.#open.outage.reason ?? this.#open.quota.reason;
  }

  #submit<T>(address: RoomAddress, ask: (room: DurableRoom, open: Open) => Request<T>): Promise<T> {
    const open = this.#opened();
    const { shelf, commits } = open;
    const reason = this.#unavailability;
    if (reason !== undefined) throw new HubError('unavailable', reason);
    const room = this.#take(shelf, address);
    try {
      const request = ask(room, open);
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
    if (this.#open === undefined) throw new HubError('unavailable', CLOSED);
    return this.#open;
  }
}

const CLOSED = 'the store is closed';
/** What is over so soon is not left to the sweep, in ms. */
const SOON_MS = 3_600_000;
const GRACE_MS = 30 * 24 * 3_600_000;

function keyOf({ space, name }: RoomAddress): string {
  return JSON.stringify([space, name]);
}
