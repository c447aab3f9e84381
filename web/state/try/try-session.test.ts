import { describe, expect, it } from 'vitest';
import type { Line, LineListener } from './lines/line.ts';
import { TrySession } from './try-session.ts';

/** A session on a line that the test plays, and all that was told, in order. */
function start(isRefusal = false) {
  const told: string[] = [];
  let listener!: LineListener;
  const line: Line = {
    send: (text) => {
      if (text === 'refused') throw new Error('no');
      told.push(`line sends ${text}`);
    },
    close: () => told.push('line closes'),
  };
  const session = new TrySession(
    (given) => {
      listener = given;
      return line;
    },
    async () => ({ words: 'Nobody is there.', isRefusal }),
    {
      changed: () => undefined,
      frame: (direction, data) => told.push(`${direction} ${String(data)}`),
      note: (text, tone) => told.push(`${tone}: ${text}`),
    },
  );
  return { session, told, line: listener };
}

describe('TrySession', () => {
  it('sends what was given too early as soon as it is open', () => {
    const { session, told, line } = start();
    session.send('one');
    session.send('two');
    expect(told).toEqual([]);
    line.opened('websocket');
    expect(session.phase).toBe('open');
    expect(session.transport).toBe('websocket');
    session.send('three');
    line.message('back');
    expect(told).toEqual([
      'calm: Connected over websocket',
      'sent one',
      'line sends one',
      'sent two',
      'line sends two',
      'sent three',
      'line sends three',
      'received back',
    ]);
    expect(session.received).toEqual(['back']);
  });

  it('tells how it ended, in words', () => {
    const { session, told, line } = start();
    line.opened('websocket');
    line.closed({ code: 1009, reason: 'too long' });
    expect(session.phase).toBe('closed');
    expect(session.hasFailed).toBe(false);
    expect(session.end).toBe('Closed with 1009, the message was too big: “too long”');
    expect(told.at(-1)).toBe(`bad: ${session.end}.`);
    session.send('never');
    expect(told.at(-1)).toBe(`bad: ${session.end}.`);
  });

  it('asks why when it was never let in, and drops what waited', async () => {
    const { session, told, line } = start();
    session.send('lost');
    line.closed({ code: 1006, reason: '' });
    expect(session.end).toBe('Could not connect');
    expect(session.hasFailed).toBe(true);
    await expect
      .poll(() => told)
      .toEqual(['bad: Could not connect. Nobody is there.', 'bad: What was waiting was not sent.']);
    expect(session.wasRefused).toBe(false);
  });

  it('takes the line at its word when it was open and not let in', async () => {
    const refused = start(true);
    refused.line.opened('websocket');
    refused.line.closed({ code: null, reason: 'the server ended the channel', isRefusal: true });
    expect(refused.session.hasFailed).toBe(true);
    await expect
      .poll(() => refused.told.at(-1))
      .toBe('bad: Could not connect. Nobody is there. The reason given: “the server ended the channel”.');
    expect(refused.session.wasRefused).toBe(true);
    const ended = start();
    ended.line.opened('websocket');
    ended.line.closed({ code: null, reason: 'transport close' });
    expect(ended.session.hasFailed).toBe(false);
    expect(ended.session.end).toBe('Closed: “transport close”');
  });

  it('is calm about an end that was asked for, even before it was open', () => {
    const { session, told, line } = start();
    session.send('never');
    session.close();
    session.close();
    expect(session.phase).toBe('closing');
    line.closed({ code: 1006, reason: '' });
    expect(session.hasFailed).toBe(false);
    expect(told).toEqual(['line closes', 'calm: Closed with 1006, the line was cut, or never came about.']);
  });

  it('keeps what is said while the connection is away, for when it is back', () => {
    const { session, told, line } = start();
    line.opened('websocket');
    line.lost();
    expect(session.phase).toBe('lost');
    expect(session.transport).toBeNull();
    session.send('meanwhile');
    line.opened('xhr-polling');
    expect(told.slice(-3)).toEqual([
      'calm: Connected over xhr-polling',
      'sent meanwhile',
      'line sends meanwhile',
    ]);
  });

  it('tells when the line does not take a text', () => {
    const { session, told, line } = start();
    line.opened('websocket');
    session.send('refused');
    expect(told.at(-1)).toBe('bad: Not sent: Error: no');
  });
});
