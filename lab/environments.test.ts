import { describe, expect, it } from 'vitest';
import { DEAD_ENDS, ENVIRONMENTS, startEnvironment } from './index.ts';
import { visit, type Visit } from './test/visit.ts';

/** Timers and clocks of different programs. */
const TOLERANCE_MS = 1_100;
const CUTTING = ENVIRONMENTS.flatMap(({ name, findings, idleMs }) =>
  findings.includes('idle-cut') && idleMs !== undefined ? [[name, idleMs] as const] : [],
)
  // The longest first, so that the others wait beside it.
  .toSorted(([, a], [, b]) => b - a);

/** Something on which nothing moves from now on. */
async function openQuietLine({
  environment,
  visitor,
  origin,
}: Visit): Promise<{ readonly ended: Promise<unknown> }> {
  if (environment.works.includes('websocket')) {
    const line = await visitor.websocket();
    await line.has('hello');
    return { ended: line.closed };
  }
  const stream = await visitor.stream('/stream');
  (await origin.nextStream()).write('then nothing');
  await stream.has('then nothing');
  return stream;
}

describe.concurrent('quiet lines', () => {
  // Time is what these environments are about, so it takes theirs.
  it.for(CUTTING)(
    '%s cuts them after %i ms, not before',
    { timeout: 40_000 },
    async ([name, idleMs], context) => {
      const { ended } = await openQuietLine(await visit(name, context));
      const from = performance.now();
      await ended;
      expect(performance.now() - from).toBeGreaterThan(idleMs - TOLERANCE_MS);
    },
  );
});

/** Where chance decides, or where it takes seconds to see it. */
const UNSTEADY = ['resets-2pct', 'lossy-stalls'];
const STEADY = ENVIRONMENTS.filter(({ name }) => !UNSTEADY.includes(name));
const HELD = ['responses-buffered', 'beginnings-held'];

const inAll = describe.concurrent.each(STEADY.map((environment) => [environment.name, environment] as const));

inAll('%s', (name, { works, findings, carriesPost, kind }) => {
  it('is reached as its kind says, and answers a GET', async (context) => {
    const { environment, origin, visitor } = await visit(name, context);
    expect(await visitor.see('/a?b=c')).toMatchObject({
      node: /first|second/,
      method: 'GET',
      path: findings.includes('query-removed') ? '/a' : '/a?b=c',
    });
    if (kind === 'reverse') expect(environment.proxy).toBeUndefined();
    else expect(environment.proxy).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(origin.port).toBeGreaterThan(0);
  });

  it(carriesPost ? 'carries a POST' : 'refuses a POST', async (context) => {
    const { visitor } = await visit(name, context);
    const { status, body } = await visitor.ask('/post', 'so it is said');
    if (carriesPost) expect(JSON.parse(body)).toMatchObject({ method: 'POST', body: 'so it is said' });
    else expect([307, 405]).toContain(status);
  });

  it(works.includes('websocket') ? 'carries a WebSocket' : 'carries no WebSocket', async (context) => {
    const { visitor } = await visit(name, context);
    const line = await visitor.websocket().catch((error: Error) => error);
    if (!works.includes('websocket')) {
      if (line instanceof Error) return expect(line.message).toMatch(/CONNECT was answered with 403/);
      // What fails without a word has failed when others got through meanwhile.
      const outcome = await Promise.race([line.outcome, visitor.ask('/fence').then(() => 'silence')]);
      if (outcome === 'open') {
        line.send('echo');
        const echo = line.has('echo').then(() => 'echo');
        const fence = visitor.ask('/fence').then(() => 'silence');
        const end = await Promise.race([line.closed, echo, fence]);
        if (findings.includes('websocket-killed')) await line.closed;
        else expect(end).toBe('silence');
      }
      return;
    }
    if (line instanceof Error) throw line;
    expect(await line.outcome).toBe('open');
    line.send('echo');
    await line.has('echo');
    expect(line.received).toEqual(['hello', 'echo']);
  });

  const isHeld = findings.some((finding) => HELD.includes(finding));
  it(isHeld ? 'holds back what is streamed' : 'hands on what is streamed', async (context) => {
    const { visitor, origin, second } = await visit(name, context);
    const stream = await visitor.stream('/stream');
    const response = await Promise.race([origin.nextStream(), second.nextStream()]);
    response.write('one');
    if (isHeld) {
      await visitor.ask('/fence');
      expect(stream.received).toBe('');
    } else await stream.has('one');
    response.end('two');
    expect(await stream.ended).toBe('complete');
    expect(stream.received).toBe('onetwo');
  });
});

describe('the catalogue', () => {
  it('names each environment once', () => {
    const names = [...ENVIRONMENTS, ...DEAD_ENDS].map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it('has no other names', async () => {
    await expect(startEnvironment('nowhere', { originPort: 1 })).rejects.toThrow('no environment nowhere');
  });

  it('asks for the second node where there must be one', async () => {
    await expect(startEnvironment('nginx-affinity', { originPort: 1 })).rejects.toThrow(
      'needs a second node',
    );
  });
});
