import { describe, expect, it } from 'vitest';
import type { RoomMessage } from '../../client/index.ts';
import { type ChatMessage, type LogEntry, MessageLog } from './message-log.ts';

const CID_A = 'aaaaaaaaaaaaaaaaaaaa';
const CID_B = 'bbbbbbbbbbbbbbbbbbbb';
const ME = 'me-id';

function said(offset: number, data: unknown, more: Partial<RoomMessage> = {}): RoomMessage {
  return {
    room: 'r',
    sender: 'bob',
    senderId: 'bob-id',
    data,
    epoch: 'e1',
    offset,
    at: 1_000 + offset,
    replayed: false,
    ...more,
  };
}

const texts = (log: MessageLog) => log.entries.map((e) => (e.kind === 'message' ? e.text : e.about));
const last = (log: MessageLog): LogEntry | undefined => log.entries.at(-1);

describe('MessageLog#receive', () => {
  it('reads chat objects and plain strings as text, anything else as JSON', () => {
    const log = new MessageLog();
    log.receive(said(1, { text: 'from the app', cid: CID_A }), ME);
    log.receive(said(2, 'from a script'), ME);
    log.receive(said(3, { topic: 'soup' }), ME);
    log.receive(said(4, null), ME);
    log.receive(said(5, undefined), ME);
    expect(texts(log)).toEqual(['from the app', 'from a script', '{"topic":"soup"}', 'null', '']);
    expect(log.entries.map((e) => (e as ChatMessage).isText)).toEqual([true, true, false, false, false]);
  });

  it('shows a message once, however often it comes', () => {
    const log = new MessageLog();
    expect(log.receive(said(1, { text: 'hi', cid: CID_A }), ME)).toBe('new');
    expect(log.receive(said(2, { text: 'hi', cid: CID_A }), ME)).toBe('duplicate');
    expect(texts(log)).toEqual(['hi']);
  });

  it('shows equal texts without an id each time', () => {
    const log = new MessageLog();
    log.receive(said(1, 'ok'), ME);
    log.receive(said(2, 'ok'), ME);
    expect(texts(log)).toEqual(['ok', 'ok']);
  });

  it('does not let a foreign id stand in for a key of its own', () => {
    const log = new MessageLog();
    log.receive(said(1, 'first'), ME);
    expect(log.receive(said(2, { text: 'second', cid: '#1' }), ME)).toBe('new');
    expect(new Set(log.entries.map((e) => e.key)).size).toBe(2);
  });

  it('knows its own member by id', () => {
    const log = new MessageLog();
    expect(log.receive(said(1, 'mine, from elsewhere', { senderId: ME }), ME)).toBe('own');
    expect(last(log)).toMatchObject({ mine: true });
    expect(log.receive(said(2, 'nobody', { senderId: null }), null)).toBe('new');
  });

  it('keeps the newest 500', () => {
    const log = new MessageLog();
    for (let n = 1; n <= 620; n++) log.receive(said(n, `${n}`), ME);
    expect(log.entries).toHaveLength(500);
    expect([texts(log)[0], texts(log).at(-1)]).toEqual(['121', '620']);
  });
});

describe('MessageLog own messages', () => {
  it('stay below what others say until they come round, and then take their place', () => {
    const log = new MessageLog();
    log.addOutgoing(CID_A, 'mine', 'ann', 0);
    log.receive(said(1, 'theirs'), ME);
    expect(texts(log)).toEqual(['theirs', 'mine']);
    expect(last(log)).toMatchObject({ delivery: 'pending', mine: true });
    expect(log.receive(said(2, { text: 'mine', cid: CID_A }, { senderId: ME }), ME)).toBe('own');
    log.receive(said(3, 'later'), ME);
    expect(texts(log)).toEqual(['theirs', 'mine', 'later']);
    expect(log.entries[1]).toMatchObject({ delivery: 'sent', at: 1_002, key: CID_A });
  });

  it('are shown once, whether the answer or the echo comes first', () => {
    for (const order of [['answer', 'echo'] as const, ['echo', 'answer'] as const]) {
      const log = new MessageLog();
      log.addOutgoing(CID_A, 'mine', 'ann', 0);
      for (const step of order) {
        if (step === 'answer') log.confirm(CID_A, { epoch: 'e1', offset: 1 });
        else log.receive(said(1, { text: 'mine', cid: CID_A }, { senderId: ME }), ME);
      }
      expect(texts(log)).toEqual(['mine']);
      expect(last(log)).toMatchObject({ delivery: 'sent' });
    }
  });

  it('fall in before messages that were accepted after them', () => {
    const log = new MessageLog();
    log.addOutgoing(CID_A, 'mine', 'ann', 0);
    log.receive(said(1, 'before'), ME);
    log.receive(said(3, 'after'), ME);
    log.confirm(CID_A, { epoch: 'e1', offset: 2 });
    expect(texts(log)).toEqual(['before', 'mine', 'after']);
  });

  it('are not compared across epochs', () => {
    const log = new MessageLog();
    log.addOutgoing(CID_A, 'mine', 'ann', 0);
    log.receive(said(90, 'old epoch'), ME);
    log.confirm(CID_A, { epoch: 'e2', offset: 1 });
    expect(texts(log)).toEqual(['old epoch', 'mine']);
  });

  it('say why they failed, and can be tried again or given up', () => {
    const log = new MessageLog();
    log.addOutgoing(CID_A, 'one', 'ann', 0);
    log.addOutgoing(CID_B, 'two', 'ann', 0);
    log.fail(CID_A, 'not allowed');
    log.fail(CID_B, 'not allowed');
    expect(log.entries[0]).toMatchObject({ delivery: 'failed', reason: 'not allowed' });
    log.retry(CID_A);
    log.discard(CID_B);
    expect(log.entries).toMatchObject([{ text: 'one', delivery: 'pending', reason: null }]);
  });

  it('count as sent when a failed one comes round after all', () => {
    const log = new MessageLog();
    log.addOutgoing(CID_A, 'one', 'ann', 0);
    log.fail(CID_A, 'the answer was lost');
    log.receive(said(1, { text: 'one', cid: CID_A }), ME);
    expect(log.entries).toMatchObject([{ delivery: 'sent', reason: null, mine: true }]);
  });

  it('are limited while nothing is answered', () => {
    const log = new MessageLog();
    for (let n = 0; n < 100; n++) {
      expect(log.isFull).toBe(false);
      log.addOutgoing(`${CID_A}${n}`, 'x', 'ann', 0);
    }
    expect(log.isFull).toBe(true);
  });
});

describe('MessageLog notices', () => {
  it('gather comings in a row into one line', () => {
    const log = new MessageLog();
    log.addPresence('joined', ['ann'], 1);
    log.addPresence('joined', ['bob', 'cid', 'dot', 'eve'], 2);
    expect(log.entries).toMatchObject([{ about: 'joined', names: ['ann', 'bob', 'cid', 'dot'], count: 5 }]);
    log.addPresence('left', ['ann'], 3);
    log.receive(said(1, 'hi'), ME);
    log.addPresence('left', ['bob'], 4);
    expect(texts(log)).toEqual(['joined', 'left', 'hi', 'left']);
  });

  it('mark where messages may be missing', () => {
    const log = new MessageLog();
    log.addGap(12, 1);
    expect(last(log)).toMatchObject({ kind: 'notice', about: 'gap', count: 12 });
  });
});
