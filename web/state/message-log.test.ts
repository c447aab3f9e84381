import { describe, expect, it } from 'vitest';
import { type LogEntry, MessageLog } from './message-log.ts';
import { said, saidFrom } from './said.fixture.ts';

const CID_A = 'aaaaaaaaaaaaaaaaaaaa';
const CID_B = 'bbbbbbbbbbbbbbbbbbbb';
const ME = 'me-id';
const AT = { epoch: 'e1', offset: 1 };

const newLog = () => new MessageLog((id) => id === ME);
const texts = (log: MessageLog) =>
  log.entries.map((e) => (e.kind === 'message' ? e.text : e.kind === 'passage' ? e.about : e.kind));
const last = (log: MessageLog): LogEntry | undefined => log.entries.at(-1);

describe('MessageLog#receive', () => {
  it('shows a message once, however often it comes', () => {
    const log = newLog();
    expect(log.receive(said(1, 'hi'))).toBe('new');
    expect(log.receive(said(1, 'hi', { replayed: true }))).toBe('duplicate');
    expect(texts(log)).toEqual(['hi']);
  });

  it('shows what one member said twice under one id once', () => {
    const log = newLog();
    expect(log.receive(said(1, { text: 'hi', cid: CID_A }))).toBe('new');
    expect(log.receive(said(2, { text: 'hi', cid: CID_A }))).toBe('duplicate');
    expect(texts(log)).toEqual(['hi']);
  });

  it('lets nobody hide what another said by taking its id', () => {
    const log = newLog();
    log.receive(said(2, { text: 'copied', cid: CID_A }, { senderId: 'mallory' }));
    log.load([said(1, { text: 'hi', cid: CID_A })], false);
    expect(texts(log)).toEqual(['hi', 'copied']);
  });

  it('shows equal texts without an id each time', () => {
    const log = newLog();
    log.receive(said(1, 'ok'));
    log.receive(said(2, 'ok'));
    expect(texts(log)).toEqual(['ok', 'ok']);
    expect(new Set(log.entries.map((e) => e.key)).size).toBe(2);
  });

  it('knows its own member by id', () => {
    const log = newLog();
    expect(log.receive(said(1, 'mine, from elsewhere', { senderId: ME }))).toBe('own');
    expect(last(log)).toMatchObject({ mine: true });
    expect(log.receive(said(2, 'nobody', { senderId: null }))).toBe('new');
  });

  it('keeps the newest 2000 and counts the rest', () => {
    const log = newLog();
    for (const message of saidFrom(1, 2_020)) log.receive(message);
    expect(log.entries).toHaveLength(2_000);
    expect([texts(log)[0], texts(log).at(-1)]).toEqual(['21', '2020']);
    expect(log).toMatchObject({ isAtLimit: true, dropped: 20, oldestOffset: 21 });
  });
});

describe('MessageLog#load', () => {
  it('puts history above what came live, and what is known nowhere', () => {
    const log = newLog();
    log.enter({ epoch: 'e1', offset: 3 });
    log.receive(said(4, 'live'));
    expect(log.load([...saidFrom(1, 3), said(4, 'live')], false)).toBe(3);
    expect(texts(log)).toEqual(['1', '2', '3', 'live']);
    expect(log.load(saidFrom(1, 3), false)).toBe(0);
    expect(log.oldestOffset).toBe(1);
  });

  it('fills a hole in the middle', () => {
    const log = newLog();
    log.receive(said(1, '1'));
    log.receive(said(9, '9'));
    log.receive(said(10, '10'));
    log.load(saidFrom(2, 9), true);
    expect(texts(log)).toEqual(saidFrom(1, 10).map(({ data }) => data));
  });

  it('leaves notices where they were made', () => {
    const log = newLog();
    log.enter({ epoch: 'e1', offset: 2 });
    log.addPassage('joined', ['cat'], 1);
    log.load(saidFrom(1, 2), false);
    log.receive(said(3, '3'));
    expect(texts(log)).toEqual(['1', '2', 'joined', '3']);
  });

  it('settles an own message whose answer never came', () => {
    const log = newLog();
    log.addOutgoing(CID_A, 'mine', 'ann', 0);
    log.fail(CID_A, { reason: 'the answer was lost', isUnknown: true });
    log.load([said(1, { text: 'mine', cid: CID_A }, { senderId: ME })], true);
    expect(log.entries).toMatchObject([{ text: 'mine', delivery: 'sent', failure: null }]);
  });
});

describe('MessageLog own messages', () => {
  it('stay below what others say until they come round, and then take their place', () => {
    const log = newLog();
    log.addOutgoing(CID_A, 'mine', 'ann', 0);
    log.receive(said(1, 'theirs'));
    expect(texts(log)).toEqual(['theirs', 'mine']);
    expect(last(log)).toMatchObject({ delivery: 'pending', mine: true });
    expect(log.receive(said(2, { text: 'mine', cid: CID_A }, { senderId: ME }))).toBe('own');
    log.receive(said(3, 'later'));
    expect(texts(log)).toEqual(['theirs', 'mine', 'later']);
    expect(log.entries[1]).toMatchObject({ delivery: 'sent', at: 1_002, key: CID_A });
  });

  it('are shown once, whether the answer or the echo comes first', () => {
    for (const order of [['answer', 'echo'] as const, ['echo', 'answer'] as const]) {
      const log = newLog();
      log.addOutgoing(CID_A, 'mine', 'ann', 0);
      for (const step of order) {
        if (step === 'answer') log.confirm(CID_A, AT);
        else log.receive(said(1, { text: 'mine', cid: CID_A }, { senderId: ME }));
      }
      expect(texts(log)).toEqual(['mine']);
      expect(last(log)).toMatchObject({ delivery: 'sent', key: CID_A });
    }
  });

  it('fall in before messages that were accepted after them', () => {
    const log = newLog();
    log.addOutgoing(CID_A, 'mine', 'ann', 0);
    log.receive(said(1, 'before'));
    log.receive(said(3, 'after'));
    log.confirm(CID_A, { epoch: 'e1', offset: 2 });
    expect(texts(log)).toEqual(['before', 'mine', 'after']);
  });

  it('are not compared across epochs', () => {
    const log = newLog();
    log.addOutgoing(CID_A, 'mine', 'ann', 0);
    log.receive(said(90, 'old epoch'));
    log.confirm(CID_A, { epoch: 'e2', offset: 1 });
    expect(texts(log)).toEqual(['old epoch', 'mine']);
  });

  it('say why they failed, and can be tried again or given up', () => {
    const log = newLog();
    log.addOutgoing(CID_A, 'one', 'ann', 0);
    log.addOutgoing(CID_B, 'two', 'ann', 0);
    expect(log.pendingCount).toBe(2);
    log.fail(CID_A, { reason: 'not allowed', isUnknown: false });
    log.fail(CID_B, { reason: 'not allowed', isUnknown: false });
    expect(log.entries[0]).toMatchObject({ delivery: 'failed', failure: { reason: 'not allowed' } });
    expect(log.pendingCount).toBe(0);
    log.retry(CID_A);
    log.discard(CID_B);
    expect(log.entries).toMatchObject([{ text: 'one', delivery: 'pending', failure: null }]);
  });

  it('count as sent when a failed one comes round after all', () => {
    const log = newLog();
    log.addOutgoing(CID_A, 'one', 'ann', 0);
    log.fail(CID_A, { reason: 'the answer was lost', isUnknown: true });
    log.receive(said(1, { text: 'one', cid: CID_A }, { senderId: ME }));
    expect(log.entries).toMatchObject([{ delivery: 'sent', failure: null, mine: true }]);
  });

  it('are limited while nothing is answered', () => {
    const log = newLog();
    for (let n = 0; n < 100; n++) {
      expect(log.isFull).toBe(false);
      log.addOutgoing(`${CID_A}${n}`, 'x', 'ann', 0);
    }
    expect(log.isFull).toBe(true);
  });
});

describe('MessageLog notices', () => {
  it('gather comings in a row into one line', () => {
    const log = newLog();
    log.addPassage('joined', ['ann'], 1);
    log.addPassage('joined', ['bob', 'cid', 'dot', 'eve'], 2);
    expect(log.entries).toMatchObject([{ about: 'joined', names: ['ann', 'bob', 'cid', 'dot'], count: 5 }]);
    log.addPassage('left', ['ann'], 3);
    log.receive(said(1, 'hi'));
    log.addPassage('left', ['bob'], 4);
    expect(texts(log)).toEqual(['joined', 'left', 'hi', 'left']);
  });

  it('mark where messages are missing, before those that came nevertheless', () => {
    const log = newLog();
    log.receive(said(1, 'before'));
    log.addGap({ reason: 'trimmed', missing: 12 }, 1);
    log.receive(said(14, 'after', { replayed: true }));
    expect(texts(log)).toEqual(['before', 'gap', 'after']);
    expect(log.entries[1]).toMatchObject({ reason: 'trimmed', missing: 12 });
  });

  it('mark a hole that is found later at its place', () => {
    const log = newLog();
    log.receive(said(1, 'before'));
    log.receive(said(20, 'live'));
    log.addGap({ reason: 'trimmed', missing: 10 }, 1, AT);
    log.load([said(12, 'after')], true);
    expect(texts(log)).toEqual(['before', 'gap', 'after', 'live']);
  });

  it('part one stream of the room from the next', () => {
    const log = newLog();
    log.receive(said(90, 'old'));
    log.addGap({ reason: 'epoch-changed', missing: null }, 1);
    expect(log.hasEarlierStream).toBe(false);
    log.receive(said(2, 'live', { epoch: 'e2' }));
    log.load([said(1, 'meanwhile', { epoch: 'e2' })], true);
    expect(texts(log)).toEqual(['old', 'gap', 'meanwhile', 'live']);
    expect(log).toMatchObject({ hasEarlierStream: true, oldestOffset: 1, head: { epoch: 'e2', offset: 2 } });
  });

  it('part what was lost from what has its numbers now', () => {
    const log = newLog();
    for (const message of saidFrom(1, 3)) log.receive(message);
    log.addGap({ reason: 'rolled-back', missing: null }, 1);
    log.receive(said(2, 'another 2'));
    expect(texts(log)).toEqual(['1', '2', '3', 'gap', 'another 2']);
  });
});

describe('MessageLog recoveries', () => {
  it('number what was said while the user was away, and nothing else', () => {
    const log = newLog();
    log.receive(said(1, 'live'));
    log.beginRecovery();
    log.receive(said(2, 'missed', { replayed: true }));
    log.receive(said(3, 'live'));
    log.endRecovery();
    log.receive(said(4, 'hardly missed', { replayed: true }));
    log.beginRecovery();
    log.load([said(5, 'missed again')], true);
    expect(log.entries.map((e) => e.kind === 'message' && e.recovery)).toEqual([null, 1, null, null, 2]);
  });
});
