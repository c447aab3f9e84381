import { describe, expect, it } from 'vitest';
import type { Line, LineEnd, LineListener } from '../transports/line.ts';
import { ManualClock } from '../test/manual-clock.ts';
import type { TransportName } from '../types.ts';
import { Evidence } from './evidence.ts';
import { Ladder } from './ladder.ts';
import { Memory } from './memory.ts';
import { ALL_TRANSPORTS, rungsOf, type Rung } from './rungs.ts';

const CUT: LineEnd = { code: 1006, reason: 'cut', isClean: false };
const REFUSED: LineEnd = { code: 1006, reason: 'HTTP status 403', isClean: false };

/** A line in the test's hands. */
class HandLine implements Line {
  readonly canBeat: boolean;
  readonly backlog = 0;
  isBrief = false;
  readonly rung: Rung;
  readonly listener: LineListener;
  beats = 0;
  isClosed = false;

  constructor(rung: Rung, listener: LineListener) {
    this.rung = rung;
    this.listener = listener;
    this.canBeat = rung.kind !== 'stock';
  }

  open(): this {
    this.listener.opened(this.rung.name);
    return this;
  }

  /** Answers all beats that there were, and those that the answers bring about. */
  echo(lagMs: number | null = this.rung.kind === 'websocket' ? null : 0): this {
    while (this.beats > 0) {
      this.beats -= 1;
      this.listener.beatAnswered(lagMs);
    }
    return this;
  }

  send(): void {}

  beat(): void {
    this.beats += 1;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

class Bench {
  readonly clock = new ManualClock();
  readonly lines: HandLine[] = [];
  readonly told: string[] = [];
  readonly evidence: Evidence;
  readonly ladder: Ladder;
  isAttended = true;
  disturbedAt = -Infinity;

  constructor(transports: readonly TransportName[] = ALL_TRANSPORTS, evidence?: Evidence) {
    this.evidence = evidence ?? new Evidence(new Memory(null, new URL('http://server'), ''), this.clock);
    this.ladder = new Ladder(
      {
        rungs: rungsOf(transports),
        evidence: this.evidence,
        clock: this.clock,
        reprobeMs: 15_000,
        isAttended: () => this.isAttended,
        disturbedAt: () => this.disturbedAt,
        open: (rung, listener) => {
          const line = new HandLine(rung, listener);
          this.lines.push(line);
          return line;
        },
      },
      {
        moved: ({ transport }) => this.told.push(transport),
        failed: ({ reason }) => this.told.push(`failed: ${reason}`),
        heard: () => undefined,
        echoed: () => undefined,
        message: (text) => this.told.push(`said: ${text}`),
        closed: ({ reason }) => this.told.push(`closed: ${reason}`),
        learned: () => undefined,
      },
    );
    this.ladder.dial();
  }

  /** Which rungs are being tried or used, in the order in which they were started. */
  get underWay(): string[] {
    return this.lines.filter(({ isClosed }) => !isClosed).map(({ rung }) => rung.name);
  }

  /** The latest line on that rung. */
  line(name: TransportName): HandLine {
    const line = this.lines.findLast(({ rung }) => rung.name === name);
    if (line === undefined) throw new Error(`${name} was not tried`);
    return line;
  }

  refuse(...names: TransportName[]): void {
    for (const name of names) {
      const line = this.line(name);
      line.isClosed = true;
      line.listener.closed(REFUSED);
    }
  }

  /** The line in use is streaming; WebSocket was refused. */
  onStreaming(): this {
    this.refuse('websocket');
    this.line('xhr-streaming').open().echo();
    return this;
  }
}

describe('where all is well', () => {
  it('takes WebSocket and tries nothing else', () => {
    const bench = new Bench();
    bench.line('websocket').open().echo();
    bench.clock.advance(600_000);
    expect([bench.told, bench.lines.length, bench.clock.alarms]).toEqual([['websocket'], 1, 0]);
  });

  it('uses what opens first at once, and goes up when the better one was only slow', () => {
    const bench = new Bench();
    bench.clock.advance(200);
    bench.line('xhr-streaming').open().echo();
    bench.clock.advance(5000);
    bench.line('websocket').open();
    expect(bench.told).toEqual(['xhr-streaming']);
    bench.line('websocket').echo();
    expect(bench.told).toEqual(['xhr-streaming', 'websocket']);
    expect(bench.underWay).toEqual(['websocket']);
  });
});

describe('the race', () => {
  it('starts the next rung when one fails, and one of each kind after its head start', () => {
    const bench = new Bench();
    bench.refuse('websocket');
    expect(bench.underWay).toEqual(['xhr-streaming']);
    bench.clock.advance(200);
    expect(bench.underWay).toEqual(['xhr-streaming', 'xhr-polling']);
    bench.clock.advance(7000);
    expect(bench.underWay).toEqual(['xhr-streaming', 'xhr-polling']);
    bench.refuse('xhr-streaming');
    expect(bench.underWay).toEqual(['xhr-polling', 'eventsource']);
  });

  it('comes to sockjs-client when nothing else opens', () => {
    const bench = new Bench();
    bench.clock.advance(400);
    expect(bench.underWay).toEqual(['websocket', 'xhr-streaming', 'xhr-polling']);
    bench.clock.advance(8000);
    bench.line('iframe-eventsource').listener.opened('jsonp-polling');
    expect(bench.told).toEqual(['jsonp-polling']);
  });

  it('drops the worse ones when one was answered, not before', () => {
    const bench = new Bench();
    bench.clock.advance(400);
    bench.line('xhr-streaming').open();
    expect(bench.underWay).toEqual(['websocket', 'xhr-streaming', 'xhr-polling']);
    bench.line('xhr-streaming').echo();
    expect(bench.underWay).toEqual(['websocket', 'xhr-streaming']);
  });

  it('leaves one that opened and is not answered to one that is', () => {
    const bench = new Bench();
    bench.line('websocket').open();
    bench.clock.advance(200);
    bench.line('xhr-streaming').open().echo();
    expect(bench.told).toEqual(['websocket']);
    bench.clock.advance(250);
    expect(bench.told).toEqual(['websocket', 'xhr-streaming']);
    expect(bench.evidence.record('websocket')?.verdict).toBe('mute');
  });

  it('says nothing against one that opened first and is left for a better one', () => {
    const bench = new Bench(['xhr-streaming', 'xhr-polling']);
    bench.clock.advance(200);
    bench.line('xhr-polling').open();
    bench.line('xhr-streaming').open().echo();
    bench.clock.advance(250);
    expect(bench.told).toEqual(['xhr-polling', 'xhr-streaming']);
    expect(bench.evidence.record('xhr-polling')).toBeUndefined();
  });

  it('leaves it to the best of those that are', () => {
    const bench = new Bench();
    bench.line('websocket').open();
    bench.clock.advance(400);
    bench.line('xhr-polling').open().echo();
    bench.line('xhr-streaming').open().echo();
    bench.clock.advance(250);
    expect([bench.told, bench.underWay]).toEqual([['websocket', 'xhr-streaming'], ['xhr-streaming']]);
  });

  it('moves once more when a better one had proved itself before the one that is used', () => {
    const bench = new Bench();
    bench.line('websocket').open();
    bench.clock.advance(400);
    bench.line('xhr-polling').open();
    bench.line('xhr-streaming').open().echo();
    bench.line('websocket').listener.closed(CUT);
    bench.line('xhr-polling').echo();
    bench.line('xhr-streaming').listener.message('here');
    expect(bench.told).toEqual(['websocket', 'xhr-streaming', 'said: here']);
  });

  it('stays with one that is answered a little later', () => {
    const bench = new Bench();
    bench.line('websocket').open();
    bench.clock.advance(200);
    bench.line('xhr-streaming').open().echo();
    bench.line('websocket').echo();
    bench.clock.advance(10_000);
    expect([bench.told, bench.underWay]).toEqual([['websocket'], ['websocket']]);
  });

  it('goes on with one that is open when the one in use dies before it was answered', () => {
    const bench = new Bench();
    bench.line('websocket').open();
    bench.clock.advance(200);
    bench.line('xhr-streaming').open();
    bench.line('websocket').listener.closed(CUT);
    expect(bench.told).toEqual(['websocket', 'xhr-streaming']);
    bench.line('xhr-streaming').echo();
    expect(bench.evidence.record('websocket')).toMatchObject({ verdict: 'mute', reason: 'cut' });
  });

  it('blames nobody when nothing works', () => {
    const bench = new Bench(['websocket', 'xhr-streaming', 'xhr-polling']);
    bench.refuse('websocket', 'xhr-streaming', 'xhr-polling');
    expect(bench.told).toEqual(['failed: HTTP status 403']);
    expect(bench.evidence.record('websocket')).toBeUndefined();
    expect(bench.clock.alarms).toBe(0);
  });

  it('blames nobody for a race that was broken off', () => {
    const bench = new Bench(['websocket', 'xhr-streaming', 'xhr-polling']);
    bench.refuse('websocket');
    bench.ladder.dial();
    bench.clock.advance(200);
    bench.line('xhr-streaming').open();
    expect(bench.evidence.record('websocket')).toBeUndefined();
  });

  it('blames nobody who was tried while the page was offline', () => {
    const bench = new Bench(['websocket', 'xhr-streaming']);
    bench.disturbedAt = bench.clock.now();
    bench.refuse('websocket');
    bench.line('xhr-streaming').open().echo();
    expect(bench.evidence.record('websocket')).toBeUndefined();
  });

  it('tells of our own transports why nothing works, not of a script that could not be loaded', () => {
    const bench = new Bench(['xhr-polling', 'jsonp-polling']);
    bench.refuse('xhr-polling');
    bench.line('jsonp-polling').listener.closed({ code: 1006, reason: 'no script', isClean: false });
    expect(bench.told).toEqual(['failed: HTTP status 403']);
  });

  it('ends when the server says not to come back', () => {
    const bench = new Bench();
    bench.line('websocket').listener.closed({ code: 4501, reason: 'unauthorized', isClean: true });
    expect(bench.told).toEqual(['failed: unauthorized']);
  });

  it('is run again where nothing opens, beside handshakes that only take long', () => {
    const bench = new Bench(['websocket', 'xhr-streaming', 'xhr-polling']);
    bench.clock.advance(15_000);
    expect(bench.underWay).toEqual(['websocket', 'websocket']);
    bench.clock.advance(400);
    expect(bench.underWay).toEqual(['websocket', 'websocket', 'xhr-streaming', 'xhr-polling']);
    bench.line('xhr-polling').open().echo();
    bench.lines[0]?.open().echo();
    expect([bench.told, bench.underWay]).toEqual([['xhr-polling', 'websocket'], ['websocket']]);
  });

  it('gives up after a minute in which nothing opened', () => {
    const bench = new Bench();
    bench.clock.advance(60_000);
    expect(bench.told).toEqual(['failed: no transport opened in time']);
    expect(bench.underWay).toEqual([]);
  });
});

describe('streams that something holds back', () => {
  it('are left for polling, and both kinds are tried', () => {
    const bench = new Bench();
    bench.refuse('websocket');
    bench.clock.advance(200);
    bench.line('xhr-polling').open().echo();
    expect(bench.told).toEqual(['xhr-polling']);
    bench.clock.advance(3000);
    expect(bench.evidence.record('xhr-streaming')).toMatchObject({ verdict: 'mute' });
    expect(bench.underWay).toEqual(['xhr-polling', 'eventsource']);
    bench.line('eventsource').open().echo();
    expect(bench.told).toEqual(['xhr-polling', 'eventsource']);
  });

  it('are left for polling when all that they bring is late', () => {
    const bench = new Bench();
    bench.refuse('websocket');
    bench.line('xhr-streaming').open().echo(200);
    expect(bench.evidence.record('xhr-streaming')).toMatchObject({ verdict: 'laggy' });
    bench.line('eventsource').open().echo(180);
    expect(bench.told).toEqual(['xhr-streaming']);
    bench.clock.advance(1000);
    bench.line('xhr-polling').open().echo();
    expect(bench.told).toEqual(['xhr-streaming', 'xhr-polling']);
  });

  it('are left for polling although WebSocket still makes up its mind', () => {
    const bench = new Bench();
    bench.clock.advance(200);
    bench.line('xhr-streaming').open().echo(1000);
    bench.line('eventsource').open().echo(900);
    bench.clock.advance(1000);
    bench.line('xhr-polling').open().echo();
    expect(bench.told).toEqual(['xhr-streaming', 'xhr-polling']);
    expect(bench.underWay).toEqual(['websocket', 'xhr-polling']);
  });

  it('are kept when one answer in three is in time', () => {
    const bench = new Bench(['xhr-streaming', 'xhr-polling']);
    const line = bench.line('xhr-streaming').open();
    for (const lagMs of [300, 5, 300, 90, 10, 300, 0]) {
      line.beats -= 1;
      line.listener.beatAnswered(lagMs);
    }
    expect([bench.evidence.record('xhr-streaming')?.verdict, bench.underWay]).toEqual([
      'good',
      ['xhr-streaming'],
    ]);
  });
});

describe('a better rung', () => {
  it('is tried again after a while, and less and less often', () => {
    const bench = new Bench().onStreaming();
    const triedAt: number[] = [];
    for (let s = 1; s <= 250; s++) {
      const before = bench.lines.length;
      bench.clock.advance(1000);
      if (bench.lines.length === before) continue;
      triedAt.push(s);
      bench.refuse('websocket');
    }
    expect(triedAt).toEqual([15, 45, 105, 225]);
    expect(bench.told).toEqual(['xhr-streaming']);
  });

  it('takes over when it works again', () => {
    const bench = new Bench().onStreaming();
    const streaming = bench.line('xhr-streaming');
    bench.clock.advance(15_000);
    bench.line('websocket').open();
    expect(streaming.isClosed).toBe(false);
    bench.line('websocket').echo();
    expect([bench.told, streaming.isClosed]).toEqual([['xhr-streaming', 'websocket'], true]);
  });

  it('is not tried while nobody looks', () => {
    const bench = new Bench().onStreaming();
    bench.isAttended = false;
    bench.clock.advance(100_000);
    expect(bench.underWay).toEqual(['xhr-streaming']);
    bench.isAttended = true;
    bench.ladder.wake();
    expect(bench.underWay).toEqual(['xhr-streaming', 'websocket']);
  });

  it('is tried at once when the network may be another one', () => {
    const bench = new Bench().onStreaming();
    bench.ladder.probeSoon();
    expect(bench.underWay).toEqual(['xhr-streaming', 'websocket']);
  });

  it('gets twenty seconds for its handshake', () => {
    const bench = new Bench();
    bench.clock.advance(200);
    bench.line('xhr-streaming').open().echo();
    bench.clock.advance(19_999);
    expect(bench.underWay).toEqual(['websocket', 'xhr-streaming']);
    bench.clock.advance(1);
    expect(bench.underWay).toEqual(['xhr-streaming']);
    expect(bench.evidence.record('websocket')?.reason).toBe('nothing arrived in 20 s');
  });
});

it('learns from what breaks off on the line in use, and on no other', () => {
  const bench = new Bench();
  const websocket = bench.line('websocket');
  bench.clock.advance(200);
  const stream = bench.line('xhr-streaming').open();
  for (const line of [websocket, websocket, stream]) line.listener.interrupted(4000);
  expect(bench.evidence.heartbeatMs(15_000)).toBe(15_000);
  stream.listener.interrupted(4000);
  expect(bench.evidence.heartbeatMs(15_000)).toBe(1800);
});

describe('a rung that opens and then dies', () => {
  function dieYoung(bench: Bench, livedMs: number): void {
    const line = bench.line('websocket').open().echo();
    bench.clock.advance(livedMs);
    line.isClosed = true;
    line.listener.closed(CUT);
    bench.ladder.dial();
  }

  it('is put behind the others at once when it died in its first second', () => {
    const bench = new Bench();
    dieYoung(bench, 200);
    expect(bench.underWay).toEqual(['xhr-streaming']);
    expect(bench.evidence.record('websocket')).toMatchObject({
      verdict: 'cut',
      reason: 'it was cut after 200 ms',
    });
  });

  it('is put behind the others when it died young twice', () => {
    const bench = new Bench();
    dieYoung(bench, 5000);
    expect(bench.underWay).toEqual(['websocket']);
    dieYoung(bench, 5000);
    expect(bench.underWay).toEqual(['xhr-streaming']);
  });

  it('is not blamed when the page was hidden or offline, or the server said goodbye', () => {
    const bench = new Bench();
    bench.disturbedAt = bench.clock.now();
    dieYoung(bench, 500);
    expect(bench.underWay).toEqual(['websocket']);
    bench.disturbedAt = -Infinity;
    const line = bench.line('websocket').open().echo();
    line.isClosed = true;
    line.listener.closed({ code: 1001, reason: 'server going away', isClean: true });
    bench.ladder.dial();
    expect(bench.underWay).toEqual(['websocket']);
  });

  it.each([
    [200, 3],
    [900, 3],
    [3000, 9],
    [8000, 10],
  ])('after %i ms has to live for %i seconds before it is used again', (livedMs, seconds) => {
    const bench = new Bench();
    dieYoung(bench, livedMs);
    if (livedMs >= 1000) dieYoung(bench, livedMs);
    bench.line('xhr-streaming').open().echo();
    bench.clock.advance(15_000);
    const line = bench.line('websocket').open().echo();
    for (let s = 1; s < seconds; s++) {
      bench.clock.advance(1000);
      line.echo();
    }
    expect(bench.told.at(-1)).toBe('xhr-streaming');
    bench.clock.advance(1000);
    line.echo();
    expect(bench.told.at(-1)).toBe('websocket');
    expect(bench.underWay).toEqual(['websocket']);
  });

  it('is not waited for when it goes mute while it has to live', () => {
    const bench = new Bench();
    dieYoung(bench, 200);
    bench.line('xhr-streaming').open().echo();
    bench.clock.advance(15_000);
    bench.line('websocket').open().echo();
    bench.clock.advance(23_000);
    expect(bench.underWay).toEqual(['xhr-streaming']);
    expect(bench.ladder.nextProbeAt).not.toBeNull();
  });

  it('is used all the same when there is no other', () => {
    const bench = new Bench(['websocket']);
    dieYoung(bench, 200);
    bench.line('websocket').open().echo();
    expect(bench.told).toEqual(['websocket', 'closed: cut', 'websocket']);
  });
});

it('tells what the line in use says, and nothing that others say', () => {
  const bench = new Bench();
  bench.clock.advance(200);
  const [websocket, streaming] = [bench.line('websocket'), bench.line('xhr-streaming')];
  streaming.open().echo();
  streaming.listener.message('a');
  websocket.open().listener.message('b');
  websocket.echo();
  streaming.listener.message('c');
  websocket.listener.message('d');
  expect(bench.told).toEqual(['xhr-streaming', 'said: a', 'websocket', 'said: d']);
});

it('leaves neither timer nor line behind when it is abandoned', () => {
  const bench = new Bench();
  bench.clock.advance(400);
  void bench.ladder.abandon();
  expect([bench.underWay, bench.clock.alarms]).toEqual([[], 0]);
});

describe('a poll that may be kept open from now on', () => {
  it('gives way to a stream that nobody has found wanting', () => {
    const bench = new Bench();
    const none: LineEnd = { code: 1013, reason: 'no slot', isClean: true };
    bench.refuse('websocket');
    for (const name of ['xhr-streaming', 'eventsource'] as const) bench.line(name).listener.closed(none);
    bench.line('xhr-polling').open().echo();
    bench.ladder.slotGiven();
    bench.line('xhr-streaming').open().echo();
    expect(bench.told).toEqual(['xhr-polling', 'xhr-streaming']);
    expect(bench.evidence.record('eventsource')).toBeUndefined();
  });

  it('stays where streams do not work, and while one is tried already', () => {
    const bench = new Bench();
    bench.refuse('websocket');
    bench.clock.advance(200);
    bench.line('xhr-polling').open().echo();
    const tried = bench.lines.length;
    bench.ladder.slotGiven();
    expect(bench.lines).toHaveLength(tried);
    bench.clock.advance(3000);
    expect(bench.evidence.record('xhr-streaming')?.verdict).toBe('mute');
    bench.refuse('eventsource');
    const after = bench.lines.length;
    bench.ladder.slotGiven();
    expect(bench.lines).toHaveLength(after);
  });
});
