import { beforeAll, describe, expect, it } from 'vitest';
import type { Overview } from '../../protocol/overview.ts';
import { mutate, verb } from './support/broken-frames.ts';
import { bystanders } from './support/bystanders.ts';
import { get, post } from './support/http-exchange.ts';
import { SeededRandom } from './support/random.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { openSocket, type TextSocket } from './support/websocket-line.ts';

const SEED = Number(process.env['ROOMPLEX_FUZZ_SEED'] ?? 20_261_121);
const PACKETS = 10_000;

let server: TestServer;
const start = serverPool();
beforeAll(async () => {
  server = await start();
});

const NAMESPACES = [
  '',
  '/',
  '/layout,',
  '/lobby,',
  '/echo,',
  '/multiplex,',
  '/nope,',
  '//[,',
  '/lobby?lobbyId=r1,',
  '/%zz,',
];

/** Something that starts like a packet of engine.io. */
function packet(random: SeededRandom): string {
  const type = random.pick(['4', '4', '4', '4', '4', '4', '0', '1', '2', '3', '5', '6', '7', 'b4', '']);
  const kind = random.pick(['2', '2', '2', '0', '1', '3', '4', '51-', '5', '6', '61-', '9', '']);
  const id = random.pick(['', '', '7', '00', '9999999999999999999', '-1']);
  const data = random.pick([
    verb(random),
    verb(random),
    '["message","x"]',
    '{"lobbyId":"r1"}',
    '{"pid":5}',
    '[]',
    '',
    'null',
  ]);
  return `${type}${kind}${random.pick(NAMESPACES)}${id}${data}`;
}

describe(`seed ${SEED}`, () => {
  it.each([3, 4])(
    `${PACKETS} malformed packets of revision %i harm nobody else`,
    async (revision) => {
      const random = new SeededRandom(SEED + revision);
      const check = await bystanders(server);
      let socket: TextSocket | undefined;
      for (let sent = 0; sent < PACKETS; sent++) {
        if (socket === undefined || socket.socket.readyState !== socket.socket.OPEN) {
          socket = await openSocket(server.ws(`/socket.io/?EIO=${revision}&transport=websocket`));
          // Answers are of no interest, but somebody has to take them.
          socket.frames.pipe(() => {});
          for (const name of ['layout', 'lobby', 'echo', 'multiplex']) socket.send(`40/${name},`);
        }
        const text = random.below(3) === 0 ? packet(random) : mutate(random, packet(random));
        socket.send(random.below(20) === 0 ? Buffer.from(text) : text);
        // What ends a line hides what is sent after it: look up before going on.
        for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve));
        if (sent % 500 === 0) await check();
      }
      await socket?.close();
      await check();
      const { ignoredBy } = JSON.parse((await get(server.http('/api/overview'))).body) as Overview;
      const malformed = ignoredBy.find(
        ({ place, reason }) => place === 'socket.io' && reason === 'malformed',
      );
      expect(malformed?.count).toBeGreaterThan(PACKETS / 20);
    },
    120_000,
  );

  it.each([3, 4])(
    '1000 malformed requests of revision %i harm nobody else',
    async (revision) => {
      const random = new SeededRandom(SEED + revision);
      const check = await bystanders(server);
      const url = server.http(`/socket.io/?EIO=${revision}&transport=polling`);
      const statuses = new Set<number>();
      let sid = '';
      for (let sent = 0; sent < 1000; sent++) {
        if (sent % 5 === 0) sid = /"sid":"([^"]+)"/.exec((await get(url)).body)?.[1] ?? '';
        const packets = Array.from({ length: random.below(4) }, () => mutate(random, packet(random)));
        const body =
          revision === 4
            ? packets.join('\u001e')
            : packets.map((text) => `${random.below(9) === 0 ? '99' : text.length}:${text}`).join('');
        const type = random.pick(['text/plain;charset=UTF-8', 'application/octet-stream']);
        const answer = await post(`${url}&sid=${sid}`, body, { 'content-type': type });
        statuses.add(answer.status);
        if (sent % 100 === 0) await check();
      }
      expect([...statuses].filter((status) => status >= 500)).toEqual([]);
      await check();
    },
    60_000,
  );

  it('deep JSON in every kind of packet harms nobody else', async () => {
    const check = await bystanders(server);
    const deep = '['.repeat(60_000) + ']'.repeat(60_000);
    for (const text of [
      `40/layout,{"a":${deep}}`,
      `42/layout,["NOTIFY",{"room":"r1","message":${deep}}]`,
      `42/layout,${deep}`,
      `42/layout,7${deep}`,
      `42/echo,["message",${deep},"x"]`,
      `43/layout,7${deep}`,
      `44/layout,${deep}`,
    ]) {
      const socket = await openSocket(server.ws('/socket.io/?EIO=4&transport=websocket'));
      socket.frames.pipe(() => {});
      for (const name of ['layout', 'echo']) socket.send(`40/${name},`);
      await get(server.http('/healthz'));
      socket.send(text);
      await check();
      await socket.close();
    }
  });
});
