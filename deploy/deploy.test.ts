import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { beforeEach, describe, expect, it } from 'vitest';
import { deploy, type Deployed, type Deployment } from './test/deployment.ts';

const ONE = { nodes: 1, websockets: true, redirects: true, path: '' } as const;
/** The redirection is that of the site it is a part of. */
const SUB_PATH = { ...ONE, redirects: false, path: '/chat' } as const;
const FILES: readonly Deployed[] = [
  { ...ONE, file: 'nginx/roomplex.conf', program: 'nginx' },
  { ...ONE, file: 'nginx/roomplex-no-upgrade.conf', program: 'nginx', websockets: false },
  { ...ONE, file: 'nginx/roomplex-nodes.conf', program: 'nginx', nodes: 2 },
  { ...SUB_PATH, file: 'nginx/roomplex-sub-path.conf', program: 'nginx' },
  { ...ONE, file: 'haproxy/roomplex.cfg', program: 'haproxy' },
  { ...ONE, file: 'haproxy/roomplex-nodes.cfg', program: 'haproxy', nodes: 2 },
  { ...ONE, file: 'caddy/Caddyfile', program: 'caddy' },
  { ...ONE, file: 'caddy/Caddyfile-nodes', program: 'caddy', nodes: 2 },
  { ...SUB_PATH, file: 'caddy/Caddyfile-sub-path', program: 'caddy' },
];
const AT_ONCE = 10;

/** Opens a session, says something and hears it, each with a request of its own. */
async function poll({ visitor }: Deployment, session: string): Promise<void> {
  const path = `/echo/000/${session}`;
  expect(await visitor.ask(`${path}/xhr`, '')).toMatchObject({ status: 200, body: 'o\n' });
  expect(await visitor.ask(`${path}/xhr_send`, '["said"]')).toMatchObject({ status: 204 });
  expect(await visitor.ask(`${path}/xhr`, '')).toMatchObject({ status: 200, body: 'a["said"]\n' });
}

describe.each(FILES.map((deployed) => [deployed.file, deployed] as const))('%s', (_, deployed) => {
  const { websockets, redirects, nodes: count, path } = deployed;
  const sessions = count === 1 ? 10 : 200;
  let session: string;

  // Servers of one process know each other's sessions.
  beforeEach(() => {
    session = randomUUID();
  });

  it(
    websockets ? 'carries WebSockets, plain and of SockJS' : 'refuses WebSockets at once',
    async (context) => {
      const { visitor } = await deploy(deployed, context);
      for (const [way, said, heard] of [
        ['/echo', 'said', 'said'],
        ['/echo/websocket', 'said', 'said'],
        [`/echo/000/${session}/websocket`, '["said"]', 'a["said"]'],
      ] as const) {
        const line = await visitor.websocket(way);
        const outcome = await line.outcome;
        if (!websockets) {
          expect(outcome).toBe('refused 403');
          continue;
        }
        expect(outcome).toBe('open');
        line.send(said);
        await line.has(heard);
      }
    },
  );

  it.for([
    { name: 'xhr_streaming', body: '', opening: 'o\n', echo: 'a["one"]\n' },
    { name: 'eventsource', body: undefined, opening: 'data: o\r\n', echo: 'data: a["one"]\r\n' },
  ])('hands on what $name streams, part by part', async ({ name, body, opening, echo }, context) => {
    const { visitor } = await deploy(deployed, context);
    const stream = await visitor.stream(`/echo/000/${session}/${name}`, body);
    await stream.has(opening);
    await visitor.ask(`/echo/000/${session}/xhr_send`, '["one"]');
    await stream.has(echo);
  });

  it('lets the server know, by the next sign of life, when somebody has gone', async (context) => {
    const { visitor } = await deploy(deployed, context);
    const stream = await visitor.stream(`/echo/000/${session}/xhr_streaming?heartbeat=100`, '');
    await stream.has('o\n');
    stream.close();
    // As long as the server thinks that the stream is read, a poll is told that the session is in use.
    let answer;
    do answer = await visitor.ask(`/echo/000/${session}/xhr?heartbeat=100`, '');
    while (answer.body.includes('2010'));
    expect(answer.body).toMatch(/^[oh]\n/);
  });

  it('carries streams, sends and polls over one connection of HTTP/2', async (context) => {
    const { url } = await deploy(deployed, context);
    const connection = connect(url, { rejectUnauthorized: false });
    context.onTestFinished(() => connection.destroy());
    const post = (transport: string, body: string) => {
      const request = connection.request({
        ':method': 'POST',
        ':path': `${path}/echo/000/${session}/${transport}`,
      });
      request.setEncoding('utf8').end(body);
      return request;
    };
    const stream = post('xhr_streaming', '');
    let received = '';
    stream.on('data', (text: string) => (received += text));
    while (!received.includes('o\n')) await once(stream, 'data');
    const [head] = (await once(post('xhr_send', '["one"]').resume(), 'response')) as [IncomingHttpHeaders];
    expect(head[':status']).toBe(204);
    while (!received.includes('a["one"]\n')) await once(stream, 'data');
  });

  it('tells the server who asks, and for what address, and lets the own pages in', async (context) => {
    const { visitor, url } = await deploy(deployed, context);
    const { origin } = new URL(url);
    const { status, body } = await visitor.ask('/doctor/mirror', 'body', { origin });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      bytes: 4,
      headers: { origin: 'trusted', 'x-forwarded-for': true, 'x-forwarded-proto': true },
    });
    const foreign = await visitor.ask('/doctor/mirror', 'body', { origin: 'https://elsewhere.example' });
    expect(foreign.body).not.toContain('"trusted"');
  });

  it(`keeps ${sessions} sessions on the node where they began`, async (context) => {
    const deployment = await deploy(deployed, context);
    const names = Array.from({ length: sessions }, (_unused, i) => `${session}-${i}`);
    for (let i = 0; i < sessions; i += AT_ONCE)
      await Promise.all(names.slice(i, i + AT_ONCE).map((name) => poll(deployment, name)));
    const homes = names.map((name) =>
      deployment.nodes.filter(({ asked }) => asked.some((url) => url.includes(`/${name}/`))),
    );
    expect(homes.filter((home) => home.length !== 1)).toEqual([]);
    expect(new Set(homes.flat()).size).toBe(count);
  });

  if (redirects)
    it('sends people who come without encryption to the encrypted address', async (context) => {
      const { plainUrl } = await deploy(deployed, context);
      const { status, headers } = await fetch(`${plainUrl}/chat/kitchen?a`, { redirect: 'manual' });
      expect([301, 308]).toContain(status);
      expect(headers.get('location')).toMatch(/^https:\/\/localhost(:\d+)?\/chat\/kitchen\?a$/);
    });
});
