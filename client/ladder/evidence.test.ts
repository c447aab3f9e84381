import { describe, expect, it } from 'vitest';
import { ManualClock } from '../test/manual-clock.ts';
import { Evidence } from './evidence.ts';
import { Memory, type TextStore } from './memory.ts';
import { ALL_TRANSPORTS, rungsOf, type Rung } from './rungs.ts';

const RUNGS = rungsOf(ALL_TRANSPORTS);
const SERVER = new URL('https://rooms.example/multiplex');

class TextMap extends Map<string, string> implements TextStore {
  getItem(key: string): string | null {
    return this.get(key) ?? null;
  }

  setItem(key: string, text: string): void {
    this.set(key, text);
  }
}

function rung(name: string): Rung {
  const found = RUNGS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

function setUp(): { clock: ManualClock; evidence: Evidence; again: () => Evidence; store: TextMap } {
  const clock = new ManualClock();
  const store = new TextMap();
  const again = (): Evidence => new Evidence(new Memory(store, SERVER, 'wifi'), clock);
  return { clock, evidence: again(), again, store };
}

const order = (evidence: Evidence): string[] => evidence.order(RUNGS).map(({ name }) => name);

describe('evidence', () => {
  it('puts what failed behind what did not, and streams that are late behind polling', () => {
    const { evidence } = setUp();
    expect(order(evidence)[0]).toBe('websocket');
    evidence.failed(rung('websocket'), 'failed', 'HTTP status 403');
    evidence.echoed(rung('xhr-streaming'), 210, 200);
    expect(order(evidence)).toEqual([
      'eventsource',
      'xhr-polling',
      'xhr-streaming',
      'websocket',
      'iframe-eventsource',
    ]);
  });

  it('is remembered for the next page, for ten minutes', () => {
    const { clock, evidence, again } = setUp();
    evidence.failed(rung('websocket'), 'failed', 'HTTP status 403');
    clock.advance(600_000);
    expect(order(again())[0]).toBe('xhr-streaming');
    expect(again().record('websocket')).toMatchObject({ verdict: 'failed', reason: 'HTTP status 403' });
    clock.advance(1);
    expect(order(again())[0]).toBe('websocket');
    expect(again().record('websocket')).toBeUndefined();
  });

  it('is forgotten when the network is another one', () => {
    const { evidence, again } = setUp();
    expect(evidence.isAt('office')).toBe(false);
    evidence.failed(rung('websocket'), 'mute', 'nothing arrived in 20 s');
    expect(evidence.hasComplaints).toBe(true);
    expect(again().isAt('office')).toBe(false);
    expect(again().hasComplaints).toBe(true);
    expect(again().isAt('home')).toBe(true);
    expect(again().hasComplaints).toBe(false);
  });

  it('asks for signs of life more than twice as often as quiet lines were cut, once they were twice', () => {
    const { clock, evidence, again } = setUp();
    const cutAfter = (quietMs: number): void =>
      evidence.died(rung('websocket'), { livedMs: 60_000, quietMs, isExcused: true });
    cutAfter(10_500);
    expect(evidence.heartbeatMs(15_000)).toBe(15_000);
    cutAfter(10_000);
    expect([evidence.heartbeatMs(15_000), evidence.heartbeatMs(4000)]).toEqual([4500, 4000]);
    expect(again().heartbeatMs(15_000)).toBe(4500);
    clock.advance(3_600_001);
    expect(again().heartbeatMs(15_000)).toBe(15_000);
  });

  it('takes cuts after this much quiet and that much for chance', () => {
    const { evidence } = setUp();
    const cutAfter = (quietMs: number): void =>
      evidence.died(rung('websocket'), { livedMs: 60_000, quietMs, isExcused: false });
    for (const quietMs of [1500, 3900, 2200, 1200]) cutAfter(quietMs);
    expect(evidence.heartbeatMs(4000)).toBe(4000);
    cutAfter(1200);
    expect(evidence.heartbeatMs(4000)).toBe(540);
    cutAfter(3900);
    cutAfter(3800);
    expect(evidence.heartbeatMs(4000)).toBe(1710);
    cutAfter(1300);
    expect(evidence.heartbeatMs(4000)).toBe(4000);
  });

  it('learns of quiet from cuts that a line survived, too', () => {
    const { evidence, again } = setUp();
    for (const quietMs of [4000, 300, 4200]) evidence.interrupted(quietMs);
    expect(evidence.heartbeatMs(15_000)).toBe(1800);
    expect(again().heartbeatMs(15_000)).toBe(1800);
  });

  it('learns nothing of quiet from a cut in the midst of talk', () => {
    const { evidence } = setUp();
    evidence.died(rung('websocket'), { livedMs: 60_000, quietMs: 300, isExcused: false });
    expect(evidence.heartbeatMs(4000)).toBe(4000);
  });

  it('counts deaths of one stream against the other', () => {
    const { evidence } = setUp();
    evidence.died(rung('xhr-streaming'), { livedMs: 2000, quietMs: 900, isExcused: false });
    expect(evidence.isDoubted(rung('eventsource'))).toBe(false);
    evidence.died(rung('xhr-streaming'), { livedMs: 2000, quietMs: 900, isExcused: false });
    expect(evidence.isDoubted(rung('eventsource'))).toBe(true);
    evidence.lasted(rung('eventsource'));
    expect(evidence.isDoubted(rung('xhr-streaming'))).toBe(false);
  });

  it('is more patient where the network is slow, and each time that a line went silent', () => {
    const { evidence } = setUp();
    expect(evidence.patienceMs(4000)).toBe(4000);
    evidence.echoed(rung('websocket'), 2000, null);
    expect(evidence.patienceMs(4000)).toBe(8000);
    evidence.silent();
    expect(evidence.patienceMs(4000)).toBe(16_000);
    evidence.lasted(rung('websocket'));
    expect(evidence.patienceMs(4000)).toBe(8000);
  });

  it('keeps a small limit for what one POST may carry, until the network is another one', () => {
    const { evidence, again } = setUp();
    evidence.postLimit.bytes = 1000;
    evidence.echoed(rung('xhr-polling'), 10, 0);
    expect(again().postLimit.bytes).toBe(1000);
    again().forgive();
    expect(again().postLimit.bytes).toBe(65_536);
  });

  it.each(['nonsense', '{}', '[]', 'null', '{"transports":[["websocket",7]],"deaths":[]}'])(
    'takes %s in the store for nothing',
    (text) => {
      const { evidence, again, store } = setUp();
      evidence.isAt('office');
      const [key = ''] = store.keys();
      store.set(key, text);
      expect(order(again())[0]).toBe('websocket');
    },
  );

  it('begins as the doctor advised, and knows better later', () => {
    const { evidence, again, store } = setUp();
    const memory = new Memory(store, SERVER, 'wifi');
    const advice = {
      transports: ['xhr-polling', 'xhr-streaming'],
      heartbeatMs: 3000,
      postLimitBytes: 900,
    } as const;
    memory.advise(advice);
    evidence.echoed(rung('websocket'), 10, null);
    expect(memory.read()?.advice).toEqual(advice);
    memory.advise(advice);
    const advised = again();
    expect(order(advised).slice(0, 3)).toEqual(['xhr-polling', 'xhr-streaming', 'websocket']);
    expect([advised.heartbeatMs(4000), advised.postLimit.bytes]).toEqual([3000, 900]);
    memory.advise(null);
    expect([order(again())[0], again().heartbeatMs(4000)]).toEqual(['websocket', 4000]);
  });

  it('is kept for as long as the page where there is no store', () => {
    const evidence = new Evidence(new Memory(null, SERVER, ''), new ManualClock());
    evidence.failed(rung('websocket'), 'failed', 'refused');
    expect(order(evidence)[0]).toBe('xhr-streaming');
  });
});
