import { beforeAll, describe, expect, it } from 'vitest';
import { decodeServerFrame } from '../../protocol/sockjs.ts';
import { get, openStream, post, request, type Answer } from './support/http-exchange.ts';
import { poll, pollingSession } from './support/polling-session.ts';
import { expectSafeError } from './support/safe-error.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openSocket } from './support/websocket-line.ts';

let server: TestServer;
const start = serverPool();
beforeAll(async () => {
  server = await start();
});

it.each(['', '/', '?', '?x=1', '/?x=1', '?/x'])('greets at a base URL with %j behind it', async (rest) => {
  expect(await get(server.http(`/echo${rest}`))).toMatchObject({ status: 200, body: 'Welcome to SockJS!\n' });
});

describe('htmlfile', () => {
  const EVIL = `</script><script>alert('<!--')</script>`;

  /** The script blocks of what a browser would see, by the first closing tag. */
  function scripts(html: string): string[] {
    return [...html.matchAll(/<script>([\s\S]*?)<\/script>/gi)].map((match) => match[1] ?? '');
  }

  /** Runs the blocks as the page would and returns the frames that were called back. */
  function frames(html: string): string[] {
    return scripts(html).flatMap((script) => {
      const call = /^\np\((.*)\);\n$/s.exec(script);
      return call === null ? [] : [JSON.parse(call[1] ?? '') as string];
    });
  }

  it('lets no message out of its script block', async () => {
    const url = server.http(`/echo${sessionPath()}`);
    const stream = await openStream(`${url}/htmlfile?c=x`);
    await stream.readThrough('p("o");\n</script>\r\n');
    await post(`${url}/xhr_send`, JSON.stringify([EVIL]));
    const block = await stream.readThrough('</script>\r\n');
    expect(block.toLowerCase().match(/<\/?script|<!--/g)).toEqual(['<script', '</script']);
    expect(frames(block).map(decodeServerFrame)).toEqual([{ type: 'messages', messages: [EVIL] }]);
    await stream.abort();
  });

  it('lets no message out that waited for it in a session of another transport', async () => {
    const url = await pollingSession(server);
    await post(`${url}/xhr_send`, JSON.stringify([EVIL]));
    const stream = await openStream(`${url}/htmlfile?c=x`);
    await stream.readThrough('</script>');
    const block = await stream.readThrough('</script>\r\n');
    expect(block.toLowerCase().match(/<\/?script|<!--/g)).toEqual(['<script', '</script']);
    await stream.abort();
  });

  it('lets no message out that waits while the session is closed', async () => {
    const url = server.http(`/echo${sessionPath()}`);
    const stream = await openStream(`${url}/htmlfile?c=x`);
    await stream.readThrough('p("o");\n</script>\r\n');
    // Fills the answer, so that it ends, and what follows waits for the next one.
    await post(`${url}/xhr_send`, JSON.stringify(['x'.repeat(131_000), 'y'.repeat(1000)]));
    await stream.rest();
    await post(`${url}/xhr_send`, JSON.stringify([EVIL, 'x'.repeat(131_073)]));
    const { body } = await get(`${url}/htmlfile?c=x`);
    expect(body).not.toContain('<script>alert');
    expect(frames(body).map(decodeServerFrame)).toMatchObject([
      { type: 'messages', messages: [EVIL] },
      { type: 'close', code: 1009 },
    ]);
  });

  it('takes no long callback in a session that is open either', async () => {
    const url = await pollingSession(server);
    const answer = await get(`${url}/htmlfile?c=${'x'.repeat(33)}`);
    expectSafeError(answer, 500);
    expect(answer.body).toBe('invalid "callback" parameter');
  });
});

describe('things that are no strings', () => {
  const FRAME = '[5,null,true,{"a":1},["nested"],"real",{"length":1}]';

  it('never reach a gateway over HTTP', async () => {
    const url = await pollingSession(server);
    expect((await post(`${url}/xhr_send`, FRAME)).status).toBe(204);
    expect(await poll(url)).toEqual(['real']);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post(`${url}/jsonp_send`, `d=${encodeURIComponent(FRAME)}`, form)).status).toBe(200);
    expect(await poll(url)).toEqual(['real']);
  });

  it('never reach a gateway over a WebSocket', async () => {
    const socket = await openSocket(server.ws(`/echo${sessionPath()}/websocket`));
    expect(await socket.next()).toBe('o');
    socket.send(FRAME);
    expect(await socket.next()).toBe('a["real"]');
  });
});

describe('error answers', () => {
  it('say what they are, so that a browser need not guess', async () => {
    const url = await pollingSession(server);
    const send = (rest: string, body: string): Promise<Answer> => post(url + rest, body);
    expectSafeError(await get(server.http('/echo/nowhere')), 404);
    expectSafeError(await send('/xhr_send', '<script>'), 500);
    expectSafeError(await send('/xhr_send', ''), 500);
    expectSafeError(await get(`${url}/jsonp`), 500);
    expectSafeError(await get(`${url}/jsonp?c=%3Cscript%3E`), 500);
    expectSafeError(await get(`${url}/htmlfile`), 500);
    expectSafeError(await get(`${url}/xhr`), 405);
    expectSafeError(await get(`${url}/websocket`), 400);
    expectSafeError(await get(server.http('/echo/info'), { origin: 'http://evil.example' }), 403);
    expectSafeError(await get(server.http('/nowhere')), 404);
  });

  it('never repeat what was asked', async () => {
    for (const path of ['/echo/<script>x', '/%3Cscript%3Ex', '/bus-message/%zz<script>x']) {
      const { body } = await request(server.http(path), { method: 'POST' });
      expect(body).not.toContain('script>x');
    }
  });
});
