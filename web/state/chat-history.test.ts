import { describe, expect, it } from 'vitest';
import { type HistoryOptions, type RoomMessage, RoomplexError } from '../../client/index.ts';
import { ChatHistory, type PastRoom } from './chat-history.ts';
import { MessageLog } from './message-log.ts';
import { said, saidFrom } from './said.fixture.ts';

/** A room whose server keeps these messages and answers when it is told to. */
class KeptRoom implements PastRoom {
  readonly asked: HistoryOptions[] = [];
  isJoined = true;
  position: { epoch: string; offset: number } | null;
  failure: Error | null = null;
  readonly #kept: readonly RoomMessage[];

  constructor(kept: readonly RoomMessage[], position = { epoch: 'e1', offset: kept.at(-1)?.offset ?? 0 }) {
    this.#kept = kept;
    this.position = position;
  }

  async history(options: HistoryOptions = {}): Promise<readonly RoomMessage[]> {
    this.asked.push(options);
    await Promise.resolve();
    if (this.failure !== null) throw this.failure;
    const { limit = 100, before = Infinity, after } = options;
    if (after !== undefined) return this.#kept.filter(({ offset }) => offset > after).slice(0, limit);
    return this.#kept.filter(({ offset }) => offset < before).slice(-limit);
  }
}

interface Setting {
  readonly log: MessageLog;
  readonly history: ChatHistory;
  /** Resolves when nothing is on its way any more, with how many messages were new to a user who was away. */
  readonly settled: () => Promise<number>;
}

function setUp(): Setting {
  const log = new MessageLog((id) => id === 'me-id');
  let unseen = 0;
  let done = (): void => undefined;
  const history = new ChatHistory(log, (count) => {
    unseen += count;
    if (history.phase !== 'loading') done();
  });
  const settled = () =>
    new Promise<number>((resolve) => {
      done = () => resolve(unseen);
      if (history.phase !== 'loading') done();
    });
  return { log, history, settled };
}

const texts = (log: MessageLog) => log.entries.map((e) => (e.kind === 'message' ? e.text : e.kind));
const numbers = (from: number, to: number) => saidFrom(from, to).map(({ data }) => data);

describe('ChatHistory', () => {
  it('loads the latest page at first, earlier ones when asked, and knows where it began', async () => {
    const { log, history, settled } = setUp();
    expect(history.phase).toBe('loading');
    const room = new KeptRoom(saidFrom(31, 150));
    history.entered(room);
    expect(history.phase).toBe('loading');
    await settled();
    expect(history.phase).toBe('more');
    expect(texts(log)).toEqual(numbers(101, 150));
    history.loadEarlier();
    history.loadEarlier();
    await settled();
    history.loadEarlier();
    await settled();
    expect(texts(log)).toEqual(numbers(31, 150));
    expect(history.phase).toBe('beginning');
    history.loadEarlier();
    expect(room.asked).toHaveLength(3);
    expect(room.asked[2]).toEqual({ limit: 50, before: 51 });
  });

  it('is at the beginning of a room that nothing was said in', async () => {
    const { log, history, settled } = setUp();
    history.entered(new KeptRoom([]));
    await settled();
    expect(history.phase).toBe('beginning');
    log.receive(said(1, 'first'));
    expect(history.phase).toBe('beginning');
  });

  it('puts in order what is said while a page is on its way', async () => {
    const { log, history, settled } = setUp();
    history.entered(new KeptRoom(saidFrom(1, 8), { epoch: 'e1', offset: 6 }));
    log.receive(said(7, '7'));
    await settled();
    log.receive(said(8, '8'));
    expect(texts(log)).toEqual(numbers(1, 8));
  });

  it('says why a page did not come, and tries again when asked or when the room is joined again', async () => {
    const { log, history, settled } = setUp();
    const room = new KeptRoom(saidFrom(1, 3));
    room.failure = new RoomplexError('timeout', 'the server did not answer');
    history.entered(room);
    await settled();
    expect(history).toMatchObject({ phase: 'failed', problem: 'the server did not answer' });
    history.loadEarlier();
    await settled();
    expect(history.phase).toBe('failed');
    room.failure = null;
    history.returned();
    await settled();
    expect(history).toMatchObject({ phase: 'beginning', problem: null });
    expect(texts(log)).toEqual(numbers(1, 3));
  });

  it('fills in what was said between two clients, as missed', async () => {
    const { log, history, settled } = setUp();
    history.entered(new KeptRoom(saidFrom(1, 10)));
    await settled();
    history.release();
    expect(history.phase).toBe('loading');
    log.beginRecovery();
    history.entered(new KeptRoom(saidFrom(1, 260)));
    log.receive(said(261, '261'));
    expect(await settled()).toBe(250);
    expect(texts(log)).toEqual(numbers(1, 261));
    expect(log.entries.filter((e) => e.kind === 'message' && e.recovery === 1)).toHaveLength(250);
  });

  it('says how much of that is kept no longer', async () => {
    const { log, history, settled } = setUp();
    history.entered(new KeptRoom(saidFrom(1, 2)));
    await settled();
    history.entered(new KeptRoom(saidFrom(8, 9)));
    await settled();
    expect(texts(log)).toEqual(['1', '2', 'gap', '8', '9']);
    expect(log.entries[2]).toMatchObject({ reason: 'trimmed', missing: 5 });
    history.entered(new KeptRoom([], { epoch: 'e1', offset: 12 }));
    await settled();
    expect(log.entries.at(-1)).toMatchObject({ kind: 'gap', missing: 3 });
  });

  it('begins anew below what it has when the room has another stream', async () => {
    const { log, history, settled } = setUp();
    history.entered(new KeptRoom(saidFrom(1, 60)));
    await settled();
    const other = new KeptRoom(saidFrom(1, 2, { epoch: 'e2' }), { epoch: 'e2', offset: 2 });
    history.entered(other);
    await settled();
    expect(texts(log)).toEqual([...numbers(11, 60), 'gap', '1', '2']);
    // What was before is gone, whatever its numbers.
    expect(history.phase).toBe('beginning');
    history.loadEarlier();
    expect(other.asked).toEqual([{ limit: 100 }]);
  });

  it('knows no beginning once messages were dropped, and holds no more than a page may', async () => {
    const { log, history, settled } = setUp();
    history.entered(new KeptRoom(saidFrom(1, 3)));
    await settled();
    expect(history.phase).toBe('beginning');
    for (const message of saidFrom(4, 2_001)) log.receive(message);
    expect(history.phase).toBe('full');
  });
});
