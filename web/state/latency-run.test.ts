import { describe, expect, it } from 'vitest';
import { LatencyRun, LOST_AFTER_MS, SAMPLES_KEPT } from './latency-run.ts';

describe('LatencyRun', () => {
  it('measures from sending to answer, whatever the order of answers', () => {
    const run = new LatencyRun('websocket', 100);
    const one = run.send(100);
    const two = run.send(150);
    run.receive(two, 160);
    run.receive(one, 180);
    expect([...run.samples]).toEqual([
      { at: 50, roundTrip: 10 },
      { at: 0, roundTrip: 80 },
    ]);
    expect(run.summary).toMatchObject({ count: 2, min: 10, max: 80 });
  });

  it('counts an answer once and strangers never', () => {
    const run = new LatencyRun('websocket', 0);
    const number = run.send(0);
    run.receive(number, 1);
    run.receive(number, 2);
    run.receive(999, 3);
    expect([run.answered, run.samples.length]).toEqual([1, 1]);
  });

  it('gives up on a ping after the limit, and not before', () => {
    const run = new LatencyRun('websocket', 0);
    const number = run.send(0);
    run.expire(LOST_AFTER_MS - 1);
    expect(run.lost).toBe(0);
    run.expire(LOST_AFTER_MS);
    run.receive(number, LOST_AFTER_MS + 1);
    expect([run.lost, run.answered, run.loss]).toEqual([1, 0, 1]);
    expect(run.summary).toBeNull();
  });

  it('loses all that is out when the connection goes', () => {
    const run = new LatencyRun('xhr-polling', 0);
    run.receive(run.send(0), 4);
    run.send(10);
    run.send(20);
    run.send(30);
    run.loseAll();
    expect([run.lost, run.loss]).toEqual([3, 0.75]);
    expect([...run.samples].map(({ roundTrip }) => roundTrip)).toEqual([4, null, null, null]);
  });

  it('counts pings that nobody waits for any more as nothing', () => {
    const run = new LatencyRun('websocket', 0);
    run.receive(run.send(0), 4);
    const out = run.send(10);
    run.abandon();
    run.receive(out, 20);
    run.expire(LOST_AFTER_MS * 2);
    expect([run.answered, run.lost, run.samples.length]).toEqual([1, 0, 1]);
  });

  it('sums up the newest samples', () => {
    const run = new LatencyRun('websocket', 0);
    for (let i = 0; i < SAMPLES_KEPT + 10; i++) run.receive(run.send(0), i < 10 ? 1_000 : 1);
    expect(run.summary).toMatchObject({ count: SAMPLES_KEPT, max: 1 });
    expect(run.answered).toBe(SAMPLES_KEPT + 10);
  });
});
