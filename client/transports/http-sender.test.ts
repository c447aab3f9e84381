import { describe, expect, it } from 'vitest';
import { startOpenSession } from '../test/http-session.ts';
import { ManualClock } from '../test/manual-clock.ts';
import { randomFrom } from '../test/random.ts';
import type { HttpTransport } from './http-receiver.ts';

describe('what is sent over HTTP', () => {
  it('leaves in order, one request at a time, and what gathers meanwhile leaves as the next', async () => {
    const { line, sends } = await startOpenSession('xhr-polling');
    line.send('one');
    line.send('two');
    expect(line.backlog).toBe('"one""two"'.length);
    const first = await sends.next();
    for (const text of ['three', '"ü\ud800', 'five']) line.send(text);
    expect(line.backlog).toBe('"one""two""three""\\"ü\\ud800""five"'.length + 1);
    const bodies = [await first.body()];
    first.answer(204);
    const second = await sends.next();
    expect(line.backlog).toBe('"three""\\"ü\\ud800""five"'.length + 1);
    bodies.push(await second.body());
    second.answer(204);
    line.send('six');
    bodies.push(await (await sends.next()).body());
    expect(bodies).toEqual(['["one","two"]', '["three","\\"ü\\ud800","five"]', '["six"]']);
  });

  it('is split by what it takes on the wire, with at least one message in a request', async () => {
    const { line, sends } = await startOpenSession('xhr-streaming', { postBytes: 12 });
    for (const text of ['日', 'a', '本', 'bb', 'ccccccccccccccc', 'd']) line.send(text);
    const bodies: string[] = [];
    while (bodies.join('').match(/"d"/) === null) {
      const send = await sends.next();
      bodies.push(await send.body());
      send.answer(204);
    }
    expect(bodies).toEqual(['["日","a"]', '["本","bb"]', '["ccccccccccccccc"]', '["d"]']);
  });

  it('leaves again in smaller pieces where the whole was too much', async () => {
    const { line, sends, postLimit } = await startOpenSession('xhr-streaming');
    const texts = Array.from({ length: 8 }, (_, i) => `${i}${'x'.repeat(97)}`);
    for (const text of texts) line.send(text);
    const sizes: number[] = [];
    const arrived: string[] = [];
    while (arrived.length < texts.length) {
      const send = await sends.next();
      const body = await send.body();
      sizes.push(body.length);
      if (body.length > 250) send.answer(413, 'too much');
      else {
        arrived.push(...(JSON.parse(body) as string[]));
        send.answer(204);
      }
    }
    expect(arrived).toEqual(texts);
    expect(sizes).toEqual([809, 304, ...texts.map(() => 102)]);
    expect(postLimit.bytes).toBe(152);
  });

  it('ends the line when it is too much by itself, and only then', async () => {
    const { line, sends, told } = await startOpenSession('xhr-streaming');
    for (const text of ['a', 'x'.repeat(500), 'b']) line.send(text);
    const arrived: string[] = [];
    for (let refused = 0; refused < 3;) {
      const send = await sends.next();
      const body = await send.body();
      if (body.length <= 250) {
        arrived.push(body);
        send.answer(204);
        continue;
      }
      refused += 1;
      send.answer(413);
      if (body.startsWith('["xxx') && body.endsWith('xxx"]')) break;
    }
    expect(arrived).toEqual(['["a"]']);
    expect(await told.next()).toEqual({
      code: 1009,
      reason: 'a body of 504 bytes was refused: HTTP status 413',
      isClean: true,
    });
  });

  it.each([
    [403, '', 'what was sent was refused: HTTP status 403'],
    [405, '', 'what was sent was refused: HTTP status 405'],
    [501, '', 'what was sent was refused: HTTP status 501'],
    [200, '<title>Log in</title>', 'what was sent did not arrive: something else answered'],
  ])('ends the line when it is answered with %i', async (status, body, reason) => {
    const { line, sends, told } = await startOpenSession('xhr-streaming');
    line.send('one');
    (await sends.next()).answer(status, body);
    expect(await told.next()).toEqual({ code: 1006, reason, isClean: false });
  });

  it('leaves again under its number when a proxy did not reach the server', async () => {
    const { line, sends } = await startOpenSession('xhr-polling');
    line.send('one');
    const first = await sends.next();
    first.answer(502);
    const again = await sends.next();
    expect([again.body, again.request.url]).toEqual([first.body, first.request.url]);
  });

  it('leaves again under its number when there was no answer', async () => {
    const { line, sends } = await startOpenSession('xhr-polling');
    line.send('one');
    const first = await sends.next();
    line.send('two');
    first.response.destroy();
    for (const body of ['["one"]', '["two"]']) {
      const again = await sends.next();
      expect([again.query.get('n'), await again.body()]).toEqual([body === '["one"]' ? '1' : '2', body]);
      again.answer(204);
    }
  });

  it('ends the line when there is no answer again and again', async () => {
    const clock = new ManualClock();
    const { line, sends, told } = await startOpenSession('xhr-polling', { clock });
    line.send('one');
    for (const ms of [0, 100, 400]) {
      (await sends.next()).response.destroy();
      if (ms === 0) continue;
      await expect.poll(() => clock.alarms).toBe(1);
      clock.advance(ms);
    }
    (await sends.next()).response.destroy();
    expect(await told.next()).toMatchObject({
      code: 1006,
      reason: expect.stringMatching(/^what was sent did not arrive: no answer: /),
    });
  });

  it('keeps its number in smaller pieces', async () => {
    const { line, sends } = await startOpenSession('xhr-polling');
    for (const text of ['one', 'two']) line.send(text);
    const numbers: (string | null)[] = [];
    for (const status of [413, 204, 204]) {
      const send = await sends.next();
      numbers.push(send.query.get('n'));
      send.answer(status);
    }
    expect(numbers).toEqual(['1', '1', '2']);
  });

  it('is not sent in pieces when the whole may have arrived', async () => {
    const { line, sends, told, postLimit } = await startOpenSession('xhr-polling');
    for (const text of ['one', 'two']) line.send(text);
    (await sends.next()).response.destroy();
    (await sends.next()).answer(413);
    expect(await told.next()).toMatchObject({ code: 1006, isClean: false });
    expect(postLimit.bytes).toBe(6);
  });

  it.each([1, 2, 3, 4])('arrives whole and in order whatever proxies take (seed %i)', async (seed) => {
    const random = randomFrom(seed);
    const { line, sends, postLimit } = await startOpenSession('xhr-streaming');
    const texts = Array.from(
      { length: 2000 },
      (_, i) => `${i} ${'ü'.repeat(Math.floor(random() ** 4 * 60))}`,
    );
    // No less than the largest message by itself.
    const largest = 150;
    let limit = Infinity;
    const serving = (async () => {
      const arrived: string[] = [];
      while (arrived.length < texts.length) {
        const send = await sends.next();
        const body = await send.body();
        if (random() < 0.05) limit = largest + Math.floor(random() ** 3 * 4000);
        if (Buffer.byteLength(body) > limit) {
          send.answer(413);
          continue;
        }
        arrived.push(...(JSON.parse(body) as string[]));
        send.answer(204);
      }
      return arrived;
    })();
    for (const text of texts) {
      line.send(text);
      if (random() < 0.02) postLimit.bytes = largest + Math.floor(random() * 4000);
      if (random() < 0.05) await new Promise(setImmediate);
    }
    expect(await serving).toEqual(texts);
  });
});

describe.each<HttpTransport>(['xhr-streaming', 'eventsource', 'xhr-polling'])(
  'a beat over %s',
  (transport) => {
    it('leaves by itself, or with what waits', async () => {
      const { line, sends } = await startOpenSession(transport);
      line.beat();
      const alone = await sends.next();
      expect([alone.query.has('beat'), alone.query.get('token'), await alone.body()]).toEqual([
        true,
        't',
        '[]',
      ]);
      line.send('one');
      line.beat();
      line.beat();
      alone.answer(204);
      const laden = await sends.next();
      expect([laden.query.has('beat'), await laden.body()]).toEqual([true, '["one"]']);
      line.send('two');
      laden.answer(204);
      expect((await sends.next()).query.has('beat')).toBe(false);
    });

    it('tells how much later its answer comes than that of the request', async () => {
      const clock = new ManualClock();
      const { line, sends, told, say } = await startOpenSession(transport, { clock });
      line.beat();
      const beat = await sends.next();
      // The next request leaves only when the first was answered.
      line.send('one');
      beat.answer(204);
      await sends.next();
      clock.advance(300);
      await say('a[]');
      expect(await told.next()).toBe('beat 300');
    });

    it('has no lag when its answer is there first', async () => {
      const clock = new ManualClock();
      const { line, sends, told, say } = await startOpenSession(transport, { clock });
      line.beat();
      const first = await sends.next();
      clock.advance(300);
      await say('a[]');
      expect(await told.next()).toBe('beat 0');
      line.beat();
      first.answer(204);
      const second = await sends.next();
      second.answer(204);
      line.send('one');
      await sends.next();
      clock.advance(50);
      await say('a[]');
      expect(await told.next()).toBe('beat 50');
    });

    it('may share its answer with one that was never answered', async () => {
      const clock = new ManualClock();
      const { line, sends, told, say } = await startOpenSession(transport, { clock });
      for (let i = 0; i < 2; i++) {
        line.beat();
        (await sends.next()).answer(204);
        line.send('one');
        (await sends.next()).answer(204);
        clock.advance(100);
      }
      await say('a[]');
      expect(await told.next()).toBe('beat 200');
      line.beat();
      await sends.next();
      await say('a[]');
      expect(await told.next()).toBe('beat 0');
    });

    it('is asked for again where the request was too large', async () => {
      const { line, sends, told, say } = await startOpenSession(transport);
      line.send('one');
      line.send('two');
      line.beat();
      const first = await sends.next();
      first.answer(413);
      const second = await sends.next();
      expect([second.query.has('beat'), await second.body()]).toEqual([true, '["one"]']);
      await say('a[]');
      expect(await told.next()).toBe('beat 0');
    });

    it('measures nothing where a request or a response was lost', async () => {
      const { line, sends, told, say } = await startOpenSession(transport);
      line.beat();
      (await sends.next()).response.destroy();
      (await sends.next()).answer(204);
      await say('a[]');
      expect(await told.next()).toBe('beat null');
      // This may be the other answer to the first.
      line.beat();
      (await sends.next()).answer(204);
      await say('a[]');
      expect(await told.next()).toBe('beat null');
      line.beat();
      await sends.next();
      await say('a[]');
      expect(await told.next()).toBe('beat 0');
    });

    it('is not answered by what nobody asked for', async () => {
      const { told, say } = await startOpenSession(transport);
      await say('a[]');
      await say('a["one"]');
      expect(await told.next()).toBe('one');
    });
  },
);
