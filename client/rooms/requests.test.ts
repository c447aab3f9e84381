import { describe, expect, it } from 'vitest';
import { ManualClock } from '../test/manual-clock.ts';
import { Requests, type Answer } from './requests.ts';

function note(into: string[], name: string): (answer: Answer) => void {
  return (answer) => {
    into.push(
      answer.type === 'accepted' ? `${name} accepted` : `${name} ${answer.type} ${answer.error.code}`,
    );
  };
}

describe('Requests', () => {
  it('settles each by its id, once', () => {
    const told: string[] = [];
    const requests = new Requests(new ManualClock(), () => undefined);
    const a = requests.add('JOIN', note(told, 'a'));
    const b = requests.add('NOTIFY', note(told, 'b'));
    requests.settle(b, { type: 'accepted', body: {} });
    requests.settle(b, { type: 'accepted', body: {} });
    requests.settle(999, { type: 'accepted', body: {} });
    requests.settle(a, { type: 'accepted', body: {} });
    expect(told).toEqual(['b accepted', 'a accepted']);
  });

  it('gives up on each after half a minute of its own', () => {
    const told: string[] = [];
    const clock = new ManualClock();
    const requests = new Requests(clock, () => undefined);
    requests.add('JOIN', note(told, 'a'));
    clock.advance(20_000);
    requests.add('LEAVE', note(told, 'b'));
    clock.advance(10_000);
    expect(told).toEqual(['a late timeout']);
    clock.advance(20_000);
    expect(told).toEqual(['a late timeout', 'b late timeout']);
    expect(clock.alarms).toBe(0);
  });

  it('says nothing of a server that is late when the line turns out to be dead', () => {
    const told: string[] = [];
    const clock = new ManualClock();
    const requests = new Requests(clock, () => {
      requests.abandon('the connection was lost');
    });
    requests.add('NOTIFY', note(told, 'a'));
    clock.advance(10_000);
    requests.add('NOTIFY', note(told, 'b'));
    clock.advance(20_000);
    expect(told).toEqual(['a lost unknown-outcome', 'b lost unknown-outcome']);
    expect(clock.alarms).toBe(0);
  });

  it('says of all on their way that nobody knows what became of them', () => {
    const told: string[] = [];
    const clock = new ManualClock();
    const requests = new Requests(clock, () => undefined);
    requests.add('NOTIFY', note(told, 'a'));
    requests.add('NOTIFY', note(told, 'b'));
    requests.abandon('the connection was lost');
    expect(told).toEqual(['a lost unknown-outcome', 'b lost unknown-outcome']);
    expect(clock.alarms).toBe(0);
  });

  it('keeps no timer when nothing is on its way', () => {
    const clock = new ManualClock();
    const requests = new Requests(clock, () => undefined);
    const id = requests.add('JOIN', () => undefined);
    expect(clock.alarms).toBe(1);
    requests.settle(id, { type: 'accepted', body: undefined });
    expect(clock.alarms).toBe(0);
  });

  it('is full when nobody answers ten thousand', () => {
    const requests = new Requests(new ManualClock(), () => undefined);
    for (let i = 0; i < 9999; i++) requests.add('NOTIFY', () => undefined);
    expect(requests.isFull).toBe(false);
    requests.add('NOTIFY', () => undefined);
    expect(requests.isFull).toBe(true);
  });
});
