import { type Position, type Room, RoomplexError } from '../../client/index.ts';
import type { MessageLog } from './message-log.ts';

/** As much of a room as is needed to read its past. */
export type PastRoom = Pick<Room, 'history' | 'isJoined' | 'position'>;

/**
 * How it is with what was said before the oldest message shown. `full`: the page holds as much as it may;
 * `beginning`: the server keeps nothing older.
 */
export type PastPhase = 'loading' | 'more' | 'failed' | 'full' | 'beginning';

/** What is to be loaded: older messages, those after a position, or those of a stream that is new here. */
type Task =
  | { readonly type: 'earlier' }
  | { readonly type: 'missed'; readonly after: Position; readonly upTo: number }
  | { readonly type: 'stream' };

const PAGE = 50;
const CATCH_UP_PAGE = 100;

/** Brings a room's past into its log: the latest page at first, earlier ones on request, and what was missed. */
export class ChatHistory {
  readonly #log: MessageLog;
  readonly #changed: (unseen: number) => void;
  #room: PastRoom | null = null;
  /** On its way, or failed. */
  #task: Task | null = null;
  #problem: string | null = null;
  /** Nothing older is kept than what was there when so many entries had been dropped. */
  #beganAt: number | null = null;

  /** `changed` is told how many messages of others came that were said while the user was away. */
  constructor(log: MessageLog, changed: (unseen: number) => void) {
    this.#log = log;
    this.#changed = changed;
  }

  get phase(): PastPhase {
    if (this.#room === null) return 'loading';
    if (this.#task !== null) return this.#problem === null || !this.#room.isJoined ? 'loading' : 'failed';
    if (this.#log.hasEarlierStream || this.#beganAt === this.#log.dropped) return 'beginning';
    return this.#log.isAtLimit ? 'full' : 'more';
  }

  /** Why it failed. */
  get problem(): string | null {
    return this.#problem;
  }

  /** The room was joined, and tells nothing of what was said before: what the log lacks is loaded. */
  entered(room: PastRoom): void {
    this.#room = room;
    const { position } = room;
    const seen = this.#log.head;
    if (position === null || seen === null) {
      if (position !== null) this.#log.enter(position);
      this.#start(room, { type: 'earlier' });
    } else if (seen.epoch === position.epoch) {
      this.#start(room, { type: 'missed', after: seen, upTo: position.offset });
    } else {
      this.#log.addGap({ reason: 'epoch-changed', missing: null }, Date.now());
      this.#log.enter(position);
      this.startedOver();
    }
  }

  /** The room was joined again, and tells by itself what was missed since then. */
  returned(): void {
    if (this.#problem !== null) this.loadEarlier();
  }

  /** The room has another stream: what others said in it already is loaded. */
  startedOver(): void {
    this.#beganAt = null;
    if (this.#room !== null) this.#start(this.#room, { type: 'stream' });
  }

  /** Loads what was said before the oldest message shown, if there may be something; or tries again what failed. */
  loadEarlier(): void {
    if (this.#room === null || this.phase === 'loading') return;
    if (this.#task !== null) this.#start(this.#room, this.#task);
    else if (this.phase === 'more') this.#start(this.#room, { type: 'earlier' });
  }

  /** The room is replaced; {@link ChatHistory.entered} follows. */
  release(): void {
    this.#room = null;
    this.#task = null;
    this.#problem = null;
  }

  #start(room: PastRoom, task: Task): void {
    // Another object each time: what an earlier start comes to means nothing any more.
    const started: Task = { ...task };
    this.#task = started;
    this.#problem = null;
    const isCurrent = (): boolean => this.#task === started;
    this.#run(room, started, isCurrent).then(
      (unseen) => {
        if (!isCurrent()) return;
        this.#task = null;
        this.#changed(unseen);
      },
      (error: unknown) => {
        if (!isCurrent()) return;
        this.#problem = error instanceof RoomplexError ? error.reason : String(error);
        this.#changed(0);
      },
    );
    this.#changed(0);
  }

  /** Resolves with how many messages of others came that were said while the user was away. */
  async #run(room: PastRoom, task: Task, isCurrent: () => boolean): Promise<number> {
    switch (task.type) {
      case 'earlier': {
        const before = this.#log.oldestOffset;
        const page = await room.history({ limit: PAGE, ...(before !== null && { before }) });
        if (!isCurrent()) return 0;
        this.#log.load(page, false);
        if (page.length < PAGE) this.#beganAt = this.#log.dropped;
        return 0;
      }
      case 'missed':
        return this.#loadMissed(room, task, isCurrent);
      case 'stream': {
        const page = await room.history({ limit: CATCH_UP_PAGE });
        return isCurrent() ? this.#log.load(page, true) : 0;
      }
    }
  }

  async #loadMissed(
    room: PastRoom,
    { after: seen, upTo }: Extract<Task, { type: 'missed' }>,
    isCurrent: () => boolean,
  ): Promise<number> {
    let unseen = 0;
    for (let after = seen.offset; ;) {
      const page = await room.history({ limit: CATCH_UP_PAGE, after });
      if (!isCurrent()) return unseen;
      const next = page[0]?.offset ?? upTo + 1;
      const missing = after === seen.offset ? next - after - 1 : 0;
      if (missing > 0) this.#log.addGap({ reason: 'trimmed', missing }, Date.now(), seen);
      unseen += this.#log.load(page, true);
      if (page.length < CATCH_UP_PAGE) return unseen;
      after = page.at(-1)?.offset ?? after;
    }
  }
}
