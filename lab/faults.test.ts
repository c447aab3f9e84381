import { describe, expect, it } from 'vitest';
import { visit } from './test/visit.ts';

describe.concurrent('handshakes', () => {
  it.for([
    ['haproxy-refuses-websocket', 'refused 403'],
    ['captive-portal', 'refused 200'],
    ['websocket-killed-200ms', 'open'],
    ['websocket-mute', 'open'],
    ['websocket-mute-up', 'open'],
    ['websocket-mute-down', 'open'],
  ] as const)('%s: %s', async ([name, outcome], context) => {
    const { visitor } = await visit(name, context);
    const line = await visitor.websocket();
    expect(await line.outcome).toBe(outcome);
  });

  it.for(['upgrade-removed', 'haproxy-no-upgrade', 'nginx-bare'])(
    '%s: the origin is asked for the same path without an upgrade',
    async (name, context) => {
      const { visitor } = await visit(name, context);
      const line = await visitor.websocket('/ws');
      // The origin answers it as any other request.
      expect(await line.outcome).toBe('refused 200');
    },
  );

  it('websocket-unanswered: nothing comes while other requests are served', async (context) => {
    const { visitor } = await visit('websocket-unanswered', context);
    const line = await visitor.websocket();
    const fence = visitor.ask('/fence').then(() => 'silence');
    expect(await Promise.race([line.outcome, fence])).toBe('silence');
  });

  it('websocket-killed-200ms: what the origin says at once comes through before the line is cut', async (context) => {
    const { visitor } = await visit('websocket-killed-200ms', context);
    const line = await visitor.websocket();
    await line.has('hello');
    expect(await line.closed).toBe(1006);
  });
});

describe.concurrent('mute WebSockets', () => {
  it.for([
    { name: 'websocket-mute', heard: [], received: [] },
    { name: 'websocket-mute-up', heard: [], received: ['hello'] },
    { name: 'websocket-mute-down', heard: ['echo'], received: ['hello'] },
  ])('$name: the origin hears $heard, the client $received', async ({ name, heard, received }, context) => {
    const { visitor, origin } = await visit(name, context);
    const line = await visitor.websocket();
    await line.outcome;
    line.send('echo');
    for (let i = 0; i < 3; i++) await visitor.ask('/fence');
    expect(origin.heard).toEqual(heard);
    expect(line.received).toEqual(received);
  });
});

describe.concurrent('responses', () => {
  it('first-64k-held: a long response flows once it is long enough', async (context) => {
    const { visitor, origin } = await visit('first-64k-held', context);
    const stream = await visitor.stream('/stream');
    const response = await origin.nextStream();
    response.write('a'.repeat(65_536));
    await stream.has('a');
    response.write('b');
    await stream.has('b');
  });

  it('lumps-1s: what was written apart arrives together', async (context) => {
    const { visitor, origin } = await visit('lumps-1s', context);
    const stream = await visitor.stream('/stream');
    const response = await origin.nextStream();
    response.write('one');
    await visitor.ask('/fence');
    expect(stream.received).toBe('');
    response.write('two');
    await stream.has('one');
    expect(stream.received).toBe('onetwo');
  });

  it('event-stream-refused: another type flows, this one is refused', async (context) => {
    const { visitor, origin } = await visit('event-stream-refused', context);
    const events = await visitor.stream('/stream?events');
    await events.ended;
    expect(events.status).toBe(403);
    const text = await visitor.stream('/stream');
    await origin.nextStream();
    (await origin.nextStream()).write('flows');
    await text.has('flows');
  });

  it.for(['responses-cut-2s', 'everything-cut-2s'])(
    '%s: a response is cut in the middle',
    async (name, context) => {
      const { visitor, origin } = await visit(name, context);
      const stream = await visitor.stream('/stream');
      (await origin.nextStream()).write('half');
      expect(await stream.ended).toBe('cut');
      expect(stream.received).toBe('half');
    },
  );

  it('everything-cut-2s: a WebSocket is cut as well', async (context) => {
    const { visitor } = await visit('everything-cut-2s', context);
    const line = await visitor.websocket();
    expect(await line.outcome).toBe('open');
    expect(await line.closed).toBe(1006);
  });

  it('polls-lost: every tenth answer to a poll is lost after the origin gave it', async (context) => {
    const { visitor } = await visit('polls-lost', context);
    const before = [];
    for (let i = 0; i < 12; i++) {
      const answer = visitor.see(`/s/1/xhr?n=${i}`, '').then((seen) => seen.before);
      before.push(await answer.catch(() => 'lost'));
    }
    expect(before).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 'lost', 10, 11]);
    expect(await visitor.see('/s/1/xhr_send', '[]')).toMatchObject({ before: 12 });
  });

  it('connection-per-response: says so', async (context) => {
    const { visitor } = await visit('connection-per-response', context);
    expect((await visitor.ask('/')).headers.connection).toBe('close');
  });
});

describe.concurrent('caches', () => {
  it.for(['cache', 'nginx-cache'])(
    '%s: the same GET gets the old answer, a POST its own',
    async (name, context) => {
      const { visitor } = await visit(name, context);
      expect(await visitor.see('/a')).toMatchObject({ before: 0 });
      expect(await visitor.see('/a')).toMatchObject({ before: 0 });
      expect(await visitor.see('/a', 'post')).toMatchObject({ before: 1 });
    },
  );

  it('cache: another query is another page', async (context) => {
    const { visitor } = await visit('cache', context);
    await visitor.see('/a?1');
    expect(await visitor.see('/a?2')).toMatchObject({ before: 1 });
  });

  it('nginx-cache: another query changes nothing', async (context) => {
    const { visitor } = await visit('nginx-cache', context);
    await visitor.see('/a?1');
    expect(await visitor.see('/a?2')).toMatchObject({ before: 0 });
  });
});

describe.concurrent('bodies', () => {
  it.for(['body-1k', 'nginx-body-1k'])('%s: 1 KiB passes, a byte more does not', async (name, context) => {
    const { visitor } = await visit(name, context);
    expect((await visitor.see('/', 'a'.repeat(1_024))).body).toHaveLength(1_024);
    expect((await visitor.ask('/', 'a'.repeat(1_025))).status).toBe(413);
  });

  it('bodies-recoded: letters outside ASCII come out changed', async (context) => {
    const { visitor } = await visit('bodies-recoded', context);
    const seen = await visitor.see('/', 'plain é ř');
    expect(seen.body).toBe('plain \xe9 ?');
    expect(seen.headers['content-type']).toBe('text/plain; charset=iso-8859-1');
    expect(seen.headers['content-length']).toBe('9');
  });
});

describe.concurrent('two nodes', () => {
  it('nginx-round-robin: requests of one session reach both', async (context) => {
    const { visitor } = await visit('nginx-round-robin', context);
    const nodes = new Set<string>();
    for (let i = 0; i < 4; i++) nodes.add((await visitor.see('/echo/000/one/xhr', '')).node);
    expect(nodes.size).toBe(2);
  });

  it('nginx-affinity: requests of one server id stay on one node, and both nodes get some', async (context) => {
    const { visitor } = await visit('nginx-affinity', context);
    const nodes = new Set<string>();
    for (let server = 0; server < 20; server++) {
      const ofThisOne = new Set<string>();
      for (const transport of ['xhr', 'xhr_send', 'xhr'])
        ofThisOne.add((await visitor.see(`/echo/${server}/one/${transport}`, '')).node);
      expect(ofThisOne.size).toBe(1);
      for (const node of ofThisOne) nodes.add(node);
    }
    expect(nodes.size).toBe(2);
  });
});

describe.concurrent('headers', () => {
  it.for(['squid', 'tinyproxy'])('%s names itself in Via', async (name, context) => {
    const { visitor } = await visit(name, context);
    expect((await visitor.see('/')).headers.via).toContain('roomplex-lab');
  });

  it('nginx-bare puts its own name for the server into Host', async (context) => {
    const { visitor } = await visit('nginx-bare', context);
    expect((await visitor.see('/')).headers.host).toBe('nodes');
  });

  it('sub-path takes /chat off, and knows nothing else', async (context) => {
    const { visitor, environment } = await visit('sub-path', context);
    expect(environment.url).toMatch(/\/chat$/);
    expect(await visitor.see('/echo/info?a')).toMatchObject({ path: '/echo/info?a' });
    const { origin } = new URL(environment.url);
    expect((await fetch(`${origin}/elsewhere`)).status).toBe(404);
  });

  it('slow-info-buffered makes /info wait, and nothing else', async (context) => {
    const { visitor } = await visit('slow-info-buffered', context);
    const info = visitor.see('/echo/info?t=1');
    await visitor.see('/echo/000/a/xhr', '');
    expect(await info).toMatchObject({ before: 1 });
  });
});
