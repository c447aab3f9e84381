import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Outbox, type Sink } from './outbox.ts';
import { PreparedMessage } from './prepared-message.ts';
import { Wire } from './wire.ts';

/** A line that records what it is given and can be made busy. */
class Line implements Sink<string> {
  isReady = true;
  overflows = 0;
  readonly writes: string[] = [];

  write(packed: string): void {
    this.writes.push(packed);
  }

  overflow(): void {
    this.overflows++;
  }
}

function setUp(limit = 0) {
  const packs: string[] = [];
  const wire = new Wire<string>((messages) => {
    const packed = messages.map(({ text }) => text).join('|');
    packs.push(packed);
    return packed;
  });
  const open = () => {
    const line = new Line();
    return { line, outbox: new Outbox(wire, line, limit) };
  };
  return { packs, open };
}

const endOfTick = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

describe('Outbox', () => {
  it('writes everything of one tick at once, in order', async () => {
    const { outbox, line } = setUp().open();
    for (const text of ['a', 'b', 'c']) outbox.push(new PreparedMessage(text));
    expect(line.writes).toEqual([]);
    await endOfTick();
    expect(line.writes).toEqual(['a|b|c']);
  });

  it('packs the same messages once for all connections that are owed them', async () => {
    const { packs, open } = setUp();
    const boxes = Array.from({ length: 50 }, open);
    for (const text of ['a', 'b', 'c']) {
      const message = new PreparedMessage(text);
      for (const { outbox } of boxes) outbox.push(message);
    }
    await endOfTick();
    expect(packs).toEqual(['a|b|c']);
    expect(boxes.every(({ line }) => line.writes.join() === 'a|b|c')).toBe(true);
  });

  it('holds back while the line is busy and then writes what has gathered', async () => {
    const { outbox, line } = setUp().open();
    line.isReady = false;
    outbox.push(new PreparedMessage('a'));
    await endOfTick();
    outbox.push(new PreparedMessage('b'));
    await endOfTick();
    expect(line.writes).toEqual([]);
    line.isReady = true;
    outbox.flush();
    expect(line.writes).toEqual(['a|b']);
  });

  it('reports an overflow once the limit is passed, and drops what was owed', async () => {
    const { outbox, line } = setUp(10).open();
    line.isReady = false;
    expect(outbox.push(new PreparedMessage('12345678'))).toBe(true);
    expect(outbox.push(new PreparedMessage('12345678'))).toBe(false);
    expect(line.overflows).toBe(1);
    line.isReady = true;
    await endOfTick();
    expect(line.writes).toEqual([]);
  });

  it('lets one message pass that is alone over the limit', async () => {
    const { outbox, line } = setUp(10).open();
    expect(outbox.push(new PreparedMessage('x'.repeat(100)))).toBe(true);
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
        const boxes = Array.from({ length: 5 }, open);
        const expected: string[][] = boxes.map(() => []);
        let n = 0;
        for (const one of steps) {
          if (one.kind === 'tick') await endOfTick();
          else if (one.kind === 'busy') boxes[one.who]!.line.isReady = one.isReady;
          else {
            const message = new PreparedMessage(String(n++));
            for (const who of one.to) {
              boxes[who]!.outbox.push(message);
              expected[who]!.push(message.text);
            }
          }
        }
        for (const { line, outbox } of boxes) {
          line.isReady = true;
          outbox.flush();
        }
        await endOfTick();
        const got = boxes.map(({ line }) => line.writes.flatMap((write) => write.split('|')));
        expect(got).toEqual(expected);
      }),
      { numRuns: 60 },
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
