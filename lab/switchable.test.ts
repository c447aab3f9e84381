import { describe, expect, it } from 'vitest';
import { visit } from './test/visit.ts';
import { Visitor } from './test/visitor.ts';

describe.concurrent('switchable', () => {
  it('kills WebSockets and refuses new ones, while requests pass, until it is told to be clean', async (context) => {
    const { visitor, environment } = await visit('switchable', context);
    const first = await visitor.websocket();
    expect(await first.outcome).toBe('open');
    environment.change?.('kill-websockets');
    expect(await first.closed).toBe(1006);
    expect(await (await visitor.websocket()).outcome).toBe('refused 403');
    expect(await visitor.see('/post', 'passes')).toMatchObject({ body: 'passes' });
    environment.change?.('clean');
    const last = await visitor.websocket();
    await last.outcome;
    last.send('echo');
    await last.has('echo');
  });

  it('silences what is open, tells nobody, and lets new lines through', async (context) => {
    const { visitor, environment, origin } = await visit('switchable', context);
    const line = await visitor.websocket();
    await line.has('hello');
    const stream = await visitor.stream('/stream');
    const response = await origin.nextStream();
    response.write('before');
    await stream.has('before');
    environment.change?.('silence-open');
    line.send('lost');
    response.end('lost');
    const other = await visitor.websocket();
    await other.outcome;
    other.send('through');
    await other.has('through');
    expect(origin.heard).toEqual(['through']);
    expect(stream.received).toBe('before');
    const ends = [line.closed, stream.ended].map((ended) => ended.then(() => 'ended'));
    expect(await Promise.race([...ends, visitor.ask('/fence').then(() => 'nobody knows')])).toBe(
      'nobody knows',
    );
  });

  it('leaves new lines alone as well when it is told to silence all', async (context) => {
    const { visitor, environment, origin } = await visit('switchable', context);
    environment.change?.('silence-all');
    const line = await visitor.websocket();
    let answered = false;
    void line.outcome.then(() => (answered = true));
    const direct = new Visitor({ url: `http://127.0.0.1:${origin.port}` }, context);
    for (let i = 0; i < 5; i++) await direct.ask('/fence');
    expect(answered).toBe(false);
  });
});
