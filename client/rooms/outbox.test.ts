import { describe, expect, it } from 'vitest';
import { RoomplexError } from '../errors.ts';
import { QueueBudget } from '../queue-budget.ts';
import { codeOf } from '../test/joined.ts';
import { ManualClock } from '../test/manual-clock.ts';
import { Outbox } from './outbox.ts';
import { Requests } from './requests.ts';

const MINUTE = 60_000;

/** An outbox whose requests end up in a list, by the ids under which they can be settled. */
function setUp(queueLimit = 10) {
  const clock = new ManualClock();
  const requests = new Requests(clock, () => undefined);
  const budget = new QueueBudget(queueLimit);
  const sent: string[] = [];
  const outbox = new Outbox({
    clock,
    budget,
    assertCapacity: () => undefined,
    request(event, body, settle) {
      sent.push(`${requests.add(event, settle)} ${event} ${body}`);
    },
  });
  const lose = (): void => {
    outbox.lost();
    requests.abandon('the connection was lost');
  };
  return { clock, requests, budget, sent, outbox, lose };
}

describe('Outbox', () => {
  it('keeps everything in order while it is shut, and sends it when it opens', () => {
    const { sent, outbox } = setUp();
    void outbox.ask('NOTIFY', '1', 'briefly');
    void outbox.ask('SET', '2', 'never');
    expect(sent).toEqual([]);
    outbox.open('e');
    void outbox.ask('HISTORY', '3', 'again');
    expect(sent).toEqual(['1 NOTIFY 1', '2 SET 2', '3 HISTORY 3']);
  });

  it('sends again, in the old order, what was not answered', async () => {
    const { requests, sent, outbox, lose } = setUp();
    outbox.open('e');
    const answered = outbox.ask('NOTIFY', '1', 'briefly');
    const twice = [outbox.ask('NOTIFY', '2', 'briefly'), outbox.ask('HISTORY', '3', 'again')];
    requests.settle(1, { type: 'accepted', body: 'one' });
    lose();
    void outbox.ask('NOTIFY', '4', 'briefly');
    outbox.open('e');
    expect(await answered).toBe('one');
    expect(sent.slice(3)).toEqual(['4 NOTIFY 2', '5 HISTORY 3', '6 NOTIFY 4']);
    requests.settle(4, { type: 'accepted', body: 'two' });
    requests.settle(5, { type: 'accepted', body: 'three' });
    expect(await Promise.all(twice)).toEqual(['two', 'three']);
  });

  it('does not send again what would do harm', async () => {
    const { sent, outbox, lose } = setUp();
    outbox.open('e');
    const outcome = codeOf(outbox.ask('SET', '1', 'never'));
    lose();
    expect(await outcome).toBe('unknown-outcome');
    outbox.open('e');
    expect(sent).toEqual(['1 SET 1']);
  });

  it('compares epochs before it sends again, but not for what changes nothing', async () => {
    const { sent, outbox, lose } = setUp();
    outbox.open('e');
    const outcome = codeOf(outbox.ask('NOTIFY', '1', 'briefly'));
    void outbox.ask('HISTORY', '2', 'again');
    lose();
    outbox.open('f');
    expect(await outcome).toBe('unknown-outcome');
    expect(sent.slice(2)).toEqual(['3 HISTORY 2']);
  });

  it('sends nothing again to a server that has no epochs', async () => {
    const { outbox, lose } = setUp();
    outbox.open(null);
    const outcome = codeOf(outbox.ask('NOTIFY', '1', 'briefly'));
    lose();
    outbox.open(null);
    expect(await outcome).toBe('unknown-outcome');
  });

  it('gives up four minutes after the first sending, though the connection is still away', async () => {
    const { clock, budget, outbox, lose } = setUp(3);
    outbox.open('e');
    const first = codeOf(outbox.ask('NOTIFY', '1', 'briefly'));
    clock.advance(10_000);
    const second = codeOf(outbox.ask('NOTIFY', '2', 'briefly'));
    lose();
    const third = codeOf(outbox.ask('NOTIFY', '3', 'briefly'));
    clock.advance(4 * MINUTE - 10_000);
    expect(await first).toBe('unknown-outcome');
    budget.take();
    expect(() => budget.take()).toThrow('wait for the connection');
    clock.advance(10_000);
    expect(await second).toBe('unknown-outcome');
    clock.advance(60 * MINUTE);
    outbox.end(new RoomplexError('cancelled', 'left'));
    expect(await third).toBe('cancelled');
    expect(clock.alarms).toBe(0);
  });

  it('counts the four minutes also over several connections', async () => {
    const { clock, sent, outbox, lose } = setUp();
    outbox.open('e');
    const outcome = codeOf(outbox.ask('NOTIFY', '1', 'briefly'));
    lose();
    clock.advance(4 * MINUTE - 1);
    outbox.open('e');
    expect(sent).toHaveLength(2);
    clock.advance(1);
    lose();
    expect(await outcome).toBe('unknown-outcome');
    outbox.open('e');
    expect(sent).toHaveLength(2);
  });

  it('does not trust a clock that was set back', async () => {
    const { clock, outbox, lose } = setUp();
    outbox.open('e');
    const outcome = codeOf(outbox.ask('NOTIFY', '1', 'briefly'));
    lose();
    clock.set(-MINUTE);
    outbox.open('e');
    expect(await outcome).toBe('unknown-outcome');
  });

  it('calls it unknown when the server does not answer, but for what changes nothing', async () => {
    const { clock, outbox } = setUp();
    outbox.open('e');
    const outcomes = [outbox.ask('NOTIFY', '1', 'briefly'), outbox.ask('HISTORY', '2', 'again')].map(codeOf);
    clock.advance(30_000);
    expect(await Promise.all(outcomes)).toEqual(['unknown-outcome', 'timeout']);
  });

  it('passes refusals on, but claims nothing when it was the repeat that was refused', async () => {
    const { requests, outbox, lose } = setUp();
    outbox.open('e');
    const error = new RoomplexError('limit', 'too fast');
    const refused = codeOf(outbox.ask('NOTIFY', '1', 'briefly'));
    requests.settle(1, { type: 'refused', error });
    const outcomes = [outbox.ask('NOTIFY', '2', 'briefly'), outbox.ask('HISTORY', '3', 'again')].map(codeOf);
    lose();
    outbox.open('e');
    requests.settle(4, { type: 'refused', error });
    requests.settle(5, { type: 'refused', error });
    expect(await Promise.all([refused, ...outcomes])).toEqual(['limit', 'unknown-outcome', 'limit']);
  });

  it('knows that nothing happened to what the server cannot read, however often it was sent', async () => {
    const { requests, outbox, lose } = setUp();
    outbox.open('e');
    const outcome = codeOf(outbox.ask('NOTIFY', '1', 'briefly'));
    lose();
    outbox.open('e');
    requests.settle(2, { type: 'unreadable', error: new RoomplexError('limit', 'too long') });
    expect(await outcome).toBe('limit');
  });
});
