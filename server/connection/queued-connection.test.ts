import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Counters } from '../telemetry/counters.ts';
import { Backlog } from './backlog.ts';
import { PreparedMessage } from './prepared-message.ts';
import { QueuedConnection } from './queued-connection.ts';
import { Wire } from './wire.ts';

/** A line that records what it is given and can be made busy. */
class Line extends QueuedConnection<string> {
  readonly transport = 'test';
  isReady = true;
  readonly writes: string[] = [];
  readonly ends: string[] = [];
  readonly reads: string[] = [];

  protected write(packed: string): void {
    this.writes.push(packed);
  }

  protected sayGoodbye(code: number, reason: string): void {
    const owed = this.takeOwed();
    if (!owed.isEmpty) this.write(owed.packed());
    this.ends.push(`goodbye ${code} ${reason}`);
  }

  abort(): void {
    this.ends.push('aborted');
  }

  protected cutOff(code: number, reason: string): void {
    this.ends.push(`cut off ${code} ${reason}`);
  }

  protected override hold(): void {
    this.reads.push('hold');
  }

  protected override release(): void {
    this.reads.push('release');
  }

  hear(text: string): void {
    this.receive(text);
  }

  vanish(code: number): void {
    this.gone(code, '');
  }
}

function setUp(outboxLimit = 0, messageLimit = 0, backlogLimit = 0) {
  const packs: string[] = [];
  const faults: unknown[] = [];
  const counters = new Counters();
  const onFault = (error: unknown) => faults.push(error);
  const wire = new Wire<string>((messages) => {
    const packed = messages.map(({ text }) => text).join('|');
    packs.push(packed);
    return packed;
  });
  const open = () =>
    new Line({ name: 'echo' }, wire, {
      counters,
      outboxLimit,
      messageLimit,
      backlogLimit,
      onFault,
      onGone: () => undefined,
    });
  return { packs, faults, counters, open };
}

const endOfTick = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

describe('QueuedConnection', () => {
  it('writes everything of one tick at once, in order', async () => {
    const line = setUp().open();
    for (const text of ['a', 'b', 'c']) line.sendPrepared(new PreparedMessage(text));
    expect(line.writes).toEqual([]);
    await endOfTick();
    expect(line.writes).toEqual(['a|b|c']);
  });

  it('packs the same messages once for all connections that are owed them', async () => {
    const { packs, open } = setUp();
    const lines = Array.from({ length: 50 }, open);
    for (const text of ['a', 'b', 'c']) {
      const message = new PreparedMessage(text);
      for (const line of lines) line.sendPrepared(message);
    }
    await endOfTick();
    expect(packs).toEqual(['a|b|c']);
    expect(lines.every((line) => line.writes.join() === 'a|b|c')).toBe(true);
  });

  it('holds back while the line is busy and then writes what has gathered', async () => {
    const line = setUp().open();
    line.isReady = false;
    line.sendPrepared(new PreparedMessage('a'));
    await endOfTick();
    line.sendPrepared(new PreparedMessage('b'));
    await endOfTick();
    expect(line.writes).toEqual([]);
    line.isReady = true;
    line.flush();
    expect(line.writes).toEqual(['a|b']);
  });

  it('tells when the line has taken what is owed, and not before', async () => {
    const line = setUp().open();
    const told: string[] = [];
    line.whenTaken(() => told.push('nothing was owed'));
    await endOfTick();
    expect(told).toEqual(['nothing was owed']);
    line.isReady = false;
    line.sendPrepared(new PreparedMessage('a'));
    line.whenTaken(() => told.push(`taken: ${line.writes.join()}`));
    await endOfTick();
    expect(told).toHaveLength(1);
    line.isReady = true;
    line.flush();
    await endOfTick();
    expect(told.slice(1)).toEqual(['taken: a']);
    line.flush();
    await endOfTick();
    expect(told).toHaveLength(2);
  });

  it('reports an overflow once the limit is passed, and drops what was owed', async () => {
    const line = setUp(10).open();
    line.isReady = false;
    expect(line.sendPrepared(new PreparedMessage('12345678'))).toBe(true);
    expect(line.sendPrepared(new PreparedMessage('12345678'))).toBe(false);
    expect(line.ends).toEqual(['cut off 4008 slow consumer']);
    expect(line.isOpen).toBe(false);
    line.isReady = true;
    await endOfTick();
    expect(line.writes).toEqual([]);
  });

  it('takes a burst of any size for a line that takes it', async () => {
    const line = setUp(10).open();
    for (let n = 0; n < 20; n++)
      expect(line.sendPrepared(new PreparedMessage(`1234567${n % 10}`))).toBe(true);
    await endOfTick();
    expect(line.writes).toHaveLength(20);
    expect(line.ends).toEqual([]);
  });

  it('lets one message pass that is alone over the limit', async () => {
    const line = setUp(10).open();
    expect(line.sendPrepared(new PreparedMessage('x'.repeat(100)))).toBe(true);
    await endOfTick();
    expect(line.writes).toHaveLength(1);
  });

  it('gives every connection its own messages in order, however pushes and ticks mix', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('push' as const), to: fc.uniqueArray(fc.nat(4), { maxLength: 5 }) }),
      fc.record({ kind: fc.constant('tick' as const) }),
      fc.record({ kind: fc.constant('busy' as const), who: fc.nat(4), isReady: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { open } = setUp();
        const lines = Array.from({ length: 5 }, open);
        const expected: string[][] = lines.map(() => []);
        let n = 0;
        for (const one of steps) {
          if (one.kind === 'tick') await endOfTick();
          else if (one.kind === 'busy') lines[one.who]!.isReady = one.isReady;
          else {
            const message = new PreparedMessage(String(n++));
            for (const who of one.to) {
              lines[who]!.sendPrepared(message);
              expected[who]!.push(message.text);
            }
          }
        }
        for (const line of lines) {
          line.isReady = true;
          line.flush();
        }
        await endOfTick();
        const got = lines.map((line) => line.writes.flatMap((write) => write.split('|')));
        expect(got).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe('QueuedConnection handler', () => {
  it('gets messages until the end, and is told of the end once', () => {
    const { open } = setUp();
    const line = open();
    const seen: string[] = [];
    line.handTo({ message: (text) => seen.push(text), closed: (code) => seen.push(`closed ${code}`) });
    line.hear('a');
    line.vanish(1006);
    line.vanish(1006);
    line.hear('b');
    expect(seen).toEqual(['a', 'closed 1006']);
  });

  it('is told our own code when we closed first', () => {
    const line = setUp().open();
    const seen: number[] = [];
    line.handTo({ message: () => undefined, closed: (code) => seen.push(code) });
    line.close(4003, 'draining');
    line.vanish(1005);
    expect(seen).toEqual([4003]);
  });

  it('does not get a message over the limit, and the connection ends with 1009', () => {
    const { open, counters } = setUp(0, 10);
    const line = open();
    const seen: string[] = [];
    line.handTo({ message: (text) => seen.push(text), closed: () => undefined });
    line.hear('x'.repeat(10));
    line.hear('ü'.repeat(6));
    expect(seen).toEqual(['x'.repeat(10)]);
    expect(line.ends).toEqual(['goodbye 1009 message too big']);
    expect(counters.ignored.get('message too-big')).toBe(1);
  });

  it('that throws costs its own connection only', () => {
    const { open, faults } = setUp();
    const line = open();
    const oops = new Error('oops');
    line.handTo({
      message: () => {
        throw oops;
      },
      closed: () => undefined,
    });
    line.hear('a');
    expect(faults).toEqual([oops]);
    expect(line.ends).toEqual(['goodbye 1011 internal error']);
  });

  it('leaves what is owed before a close to leave first', () => {
    const line = setUp().open();
    line.send('last words');
    line.close();
    expect([line.writes, line.ends]).toEqual([['last words'], ['goodbye 1000 ']]);
    expect(line.send('too late')).toBe(false);
  });
});

describe('QueuedConnection that says much at once', () => {
  /** Lines whose messages end up in one list, with the letter of the line. */
  function talkers(letters: string, backlogLimit = 0) {
    const { open } = setUp(0, 0, backlogLimit);
    const heard: string[] = [];
    const lines = [...letters].map((letter) => {
      const line = open();
      line.handTo({
        message: (text) => heard.push(`${letter}${text}`),
        closed: (code) => heard.push(`${letter} closed ${code}`),
      });
      return line;
    });
    return { heard, lines };
  }

  const numbers = (letter: string, count: number) => Array.from({ length: count }, (_, n) => `${letter}${n}`);

  it('waits for later turns with what is over its share, and others are heard meanwhile', async () => {
    const { heard, lines } = talkers('ab');
    const [a, b] = lines as [Line, Line];
    for (let n = 0; n < 1000; n++) a.hear(String(n));
    b.hear('0');
    expect(heard.at(-1)).toBe('b0');
    expect(heard.length).toBeLessThan(500);
    await expect.poll(() => heard.length).toBe(1001);
    expect(heard.filter((text) => text.startsWith('a'))).toEqual(numbers('a', 1000));
  });

  it('has used its share after one long message, and others are heard before the next', async () => {
    const { heard, lines } = talkers('ab');
    const [a, b] = lines as [Line, Line];
    const long = 'x'.repeat(120_000);
    for (let n = 0; n < 10; n++) a.hear(long);
    b.hear('0');
    expect(heard).toEqual([`a${long}`, 'b0']);
    await expect.poll(() => heard.length).toBe(11);
  });

  it('stops reading while something waits, and goes on when nothing does', async () => {
    const { heard, lines } = talkers('a');
    const [a] = lines as [Line];
    for (let n = 0; n < 300; n++) a.hear(String(n));
    expect(a.reads).toEqual(['hold']);
    await expect.poll(() => heard.length).toBe(300);
    expect(a.reads).toEqual(['hold', 'release']);
  });

  it('is gone only after all it said was heard', async () => {
    const { heard, lines } = talkers('a');
    const [a] = lines as [Line];
    for (let n = 0; n < 300; n++) a.hear(String(n));
    a.vanish(1006);
    await expect.poll(() => heard.at(-1)).toBe('a closed 1006');
    expect(heard).toEqual([...numbers('a', 300), 'a closed 1006']);
  });

  it('is not heard any more once we have closed it', async () => {
    const { heard, lines } = talkers('a');
    const [a] = lines as [Line];
    for (let n = 0; n < 300; n++) a.hear(String(n));
    a.close(1000);
    a.vanish(1005);
    const count = heard.length;
    expect(heard.at(-1)).toBe('a closed 1000');
    await endOfTick();
    expect(heard).toHaveLength(count);
  });

  it('is closed with 1008 when more waits than may', () => {
    const { lines } = talkers('a', 1000);
    const [a] = lines as [Line];
    for (let n = 0; n < 2000 && a.isOpen; n++) a.hear('0123456789');
    expect(a.ends).toEqual(['goodbye 1008 too much at once']);
  });
});

describe('Backlog', () => {
  it('gives back what it was given, in order, and knows how much waits', () => {
    const texts = fc.array(fc.string(), { maxLength: 3000 });
    fc.assert(
      fc.property(texts, fc.nat({ max: 7 }), (given, taken) => {
        const backlog = new Backlog();
        const out: unknown[] = [];
        for (const [index, text] of given.entries()) {
          backlog.push(text);
          if (index % 8 < taken) out.push(backlog.shift());
        }
        const waiting = given.slice(out.length);
        expect(backlog.size).toBe(waiting.join('').length);
        while (!backlog.isEmpty) out.push(backlog.shift());
        expect(out).toEqual(given);
        expect(backlog.shift()).toBeUndefined();
      }),
    );
  });
});

describe('PreparedMessage', () => {
  it('measures UTF-8', () => {
    expect(new PreparedMessage('ü€😀').bytes).toBe(9);
  });

  it('is prefixed once for all who share a prefix', () => {
    const message = new PreparedMessage('hi');
    expect(message.prefixedWith('msg,a,')).toBe(message.prefixedWith('msg,a,'));
    expect(message.prefixedWith('msg,b,').text).toBe('msg,b,hi');
  });
});
