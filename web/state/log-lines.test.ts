import { describe, expect, it } from 'vitest';
import { type LogLine, linesOf } from './log-lines.ts';
import { MessageLog } from './message-log.ts';
import { said } from './said.fixture.ts';

const NOON = new Date(2026, 6, 14, 12).getTime();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const newLog = () => new MessageLog((id) => id === 'me-id');

function show(line: LogLine): string {
  switch (line.type) {
    case 'day':
      return 'day';
    case 'away':
      return `away ${line.count}`;
    case 'notice':
      return line.entry.kind;
    case 'message':
      return `${line.isFirst ? 'first ' : ''}${line.entry.text}`;
  }
}

const shown = (log: MessageLog) => linesOf(log.entries, NOON).map(show);

describe('linesOf', () => {
  it('puts messages of one person in a row under one name, for a while', () => {
    const log = newLog();
    log.receive(said(1, 'a', { at: NOON }));
    log.receive(said(2, 'b', { at: NOON + MINUTE }));
    log.receive(said(3, 'c', { at: NOON + 5 * MINUTE }));
    log.receive(said(4, 'd', { at: NOON + 5 * MINUTE, sender: 'cat', senderId: 'cat-id' }));
    log.addPassage('left', ['cat'], NOON + 5 * MINUTE);
    log.receive(said(5, 'e', { at: NOON + 5 * MINUTE, sender: 'cat', senderId: 'cat-id' }));
    expect(shown(log)).toEqual(['first a', 'b', 'first c', 'first d', 'passage', 'first e']);
  });

  it('divides days, and says nothing of today where there is nothing else', () => {
    const log = newLog();
    log.receive(said(1, 'a', { at: NOON - DAY }));
    log.receive(said(2, 'b', { at: NOON - DAY + 1 }));
    log.receive(said(3, 'c', { at: NOON }));
    expect(shown(log)).toEqual(['day', 'first a', 'b', 'day', 'first c']);
    expect(linesOf(log.entries.slice(2), NOON).map(show)).toEqual(['first c']);
  });

  it('says before the first how many were said while the user was away, own ones aside', () => {
    const log = newLog();
    log.receive(said(1, 'a', { at: NOON }));
    log.beginRecovery();
    log.receive(said(2, 'mine', { at: NOON, replayed: true, senderId: 'me-id' }));
    log.receive(said(3, 'b', { at: NOON, replayed: true }));
    log.receive(said(4, 'c', { at: NOON, replayed: true }));
    log.receive(said(5, 'd', { at: NOON }));
    expect(shown(log)).toEqual(['first a', 'first mine', 'away 2', 'first b', 'c', 'd']);
  });

  it('leaves it to a gap to say that the user was away', () => {
    const log = newLog();
    log.receive(said(1, 'a', { at: NOON }));
    log.beginRecovery();
    log.addGap({ reason: 'trimmed', missing: 3 }, NOON);
    log.receive(said(5, 'b', { at: NOON, replayed: true }));
    expect(shown(log)).toEqual(['first a', 'gap', 'first b']);
  });

  it('gives every line a key of its own', () => {
    const log = newLog();
    log.beginRecovery();
    for (let n = 1; n < 20; n++) log.receive(said(n, 'x', { at: NOON + n * DAY, replayed: n > 10 }));
    const keys = linesOf(log.entries, NOON).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
