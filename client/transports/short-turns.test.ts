import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { HandSlots } from '../test/hand-slots.ts';
import { startSession } from '../test/http-session.ts';
import { ManualClock } from '../test/manual-clock.ts';

describe('a stream', () => {
  it('that gets no slot asks for nothing, and nobody is to blame', async () => {
    const slots = new HandSlots(undefined);
    let asked = 0;
    const { told } = await startSession('xhr-streaming', {
      slots,
      fetch: (input, init) => {
        asked += 1;
        return fetch(input, init);
      },
    });
    slots.turn(false);
    const reason = 'this browser keeps as many responses open as it can spare';
    expect(await told.next()).toEqual({ code: 1013, reason, isClean: true });
    expect([asked, slots.wasReleased]).toEqual([0, true]);
  });

  it('that loses its slot goes on by short polls, and is a stream again with the next', async () => {
    const slots = new HandSlots(true);
    const { told, receives, line } = await startSession('xhr-streaming', { slots });
    const first = await receives.next();
    first.response.write('o\na["one"]\na["ha');
    expect(await told.take(2)).toEqual(['opened xhr-streaming', 'one']);
    const aborted = once(first.response, 'close');
    slots.turn(false);
    await aborted;
    expect(line.isBrief).toBe(true);
    const poll = await receives.next();
    expect([poll.what, poll.session, poll.query.get('seen'), poll.query.get('wait')]).toEqual([
      'POST xhr',
      first.session,
      '1',
      '300',
    ]);
    poll.answer(200, 'a["half"]\n');
    expect(await told.next()).toBe('half');
    slots.turn(true);
    const second = await receives.next();
    expect([second.what, second.session, second.query.get('seen'), second.query.has('wait')]).toEqual([
      'POST xhr_streaming',
      first.session,
      '2',
      false,
    ]);
    second.response.write('a["three"]\n');
    expect(await told.next()).toBe('three');
    expect(line.isBrief).toBe(false);
  });

  it('that loses its slot before the greeting ends, and nobody is to blame', async () => {
    const slots = new HandSlots(true);
    const { told, receives } = await startSession('eventsource', { slots });
    await receives.next();
    slots.turn(false);
    expect(await told.next()).toMatchObject({ code: 1013, isClean: true });
  });

  it('is still cut by whoever cuts it', async () => {
    const slots = new HandSlots(true);
    const { told, receives } = await startSession('xhr-streaming', { slots });
    (await receives.next()).response.write('o\n');
    await told.next();
    slots.turn(false);
    (await receives.next()).answer(403);
    expect(await told.next()).toEqual({ code: 1006, reason: 'HTTP status 403', isClean: false });
  });
});

describe('a poll', () => {
  it('without a slot asks in turns, sooner after something was sent', async () => {
    const slots = new HandSlots(false);
    const clock = new ManualClock();
    const { told, receives, sends, line } = await startSession('xhr-polling', { slots, clock });
    const first = await receives.next();
    expect([first.query.get('wait'), first.query.get('away')]).toEqual(['0', '20000']);
    first.answer(200, 'o\n');
    await told.next();
    line.send('one');
    (await sends.next()).answer(204);
    const second = await receives.next();
    expect(second.query.get('wait')).toBe('300');
    second.answer(200, 'a["one"]\n');
    expect(await told.next()).toBe('one');
    expect(clock.alarms).toBe(1);
    clock.advance(250);
    (await receives.next()).answer(200, 'h\n');
  });

  it('that was without a slot says goodbye for a page that goes away, and one that never was does not', async () => {
    const slots = new HandSlots(true);
    const keptAlive: unknown[] = [];
    const { told, receives, sends, line } = await startSession('xhr-polling', {
      slots,
      fetch: (input, init) => {
        if (init?.keepalive === true) keptAlive.push(input);
        return fetch(input, init);
      },
    });
    (await receives.next()).answer(200, 'o\n');
    await told.next();
    await receives.next();
    slots.go();
    expect(keptAlive).toEqual([]);
    slots.turn(false);
    await receives.next();
    slots.turn(true);
    line.beat();
    // Nobody waits for the answer.
    await sends.next();
    slots.go();
    const { query } = await sends.next();
    expect([query.get('n'), query.has('bye'), keptAlive.length]).toEqual(['1', true, 1]);
    expect(await told.next()).toMatchObject({ code: 1001, isClean: true });
  });

  it('with a slot is kept open from the next on', async () => {
    const slots = new HandSlots(false);
    const { told, receives } = await startSession('xhr-polling', { slots });
    (await receives.next()).answer(200, 'o\n');
    await told.next();
    slots.turn(true);
    expect((await receives.next()).query.has('wait')).toBe(false);
  });

  it('is interrupted when it loses its slot, and nothing counts as cut', async () => {
    const slots = new HandSlots(true);
    const cuts: number[] = [];
    const { told, receives } = await startSession('xhr-polling', {
      slots,
      interrupted: (quietMs) => cuts.push(quietMs),
    });
    (await receives.next()).answer(200, 'o\n');
    await told.next();
    const held = await receives.next();
    const aborted = once(held.response, 'close');
    slots.turn(false);
    await aborted;
    const next = await receives.next();
    expect([next.query.get('wait'), next.query.get('seen')]).toEqual(['300', '0']);
    next.answer(200, 'a["one"]\n');
    expect([await told.next(), cuts]).toEqual(['one', []]);
  });

  it('tells nothing of how late answers are while they wait for their turn', async () => {
    const slots = new HandSlots(false);
    const { told, receives, sends, line } = await startSession('xhr-polling', { slots });
    (await receives.next()).answer(200, 'o\n');
    await told.next();
    line.beat();
    (await sends.next()).answer(204);
    (await receives.next()).answer(200, 'a[]\n');
    expect(await told.next()).toBe('beat null');
  });
});
