import { beforeAll, afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { RoomplexServer } from '../server/roomplex-server.ts';
import { systemClock } from './clock.ts';
import { startLossyBox } from './test/lossy-box.ts';
import { randomFrom } from './test/random.ts';
import { createRoomplex } from './test/roomplex.ts';
import { openHttpLine } from './transports/http-line.ts';
import type { HttpTransport } from './transports/http-receiver.ts';

const TRANSPORTS: readonly HttpTransport[] = ['xhr-streaming', 'eventsource', 'xhr-polling'];
const COUNT = 500;

let server: RoomplexServer;
let port: number;
beforeAll(async () => {
  ({ server, port } = await createRoomplex());
});
afterAll(() => server.close());

/** Says so much to a server that echoes it, a few things at a time, and answers what came back. */
async function talk(transport: HttpTransport, seed: number): Promise<readonly string[]> {
  const random = randomFrom(seed);
  const box = await startLossyBox(port, random);
  const request = {
    url: new URL(`http://127.0.0.1:${box.port}/echo`),
    heartbeatMs: 1000,
    postLimit: { bytes: 65_536 },
  };
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    let said = 0;
    const say = (): void => {
      for (let burst = Math.floor(random() * 40); burst >= 0 && said < COUNT; burst--) {
        line.send(`${said++} ${'x'.repeat(random() ** 4 * 1000)}`);
      }
      if (random() < 0.3) line.beat();
    };
    const line = openHttpLine(transport, request, fetch, systemClock, {
      opened: say,
      heard: () => undefined,
      beatAnswered: () => undefined,
      message: (text) => {
        heard.push(text);
        if (heard.length === said && said < COUNT) say();
        if (heard.length === COUNT) resolve();
      },
      interrupted: () => undefined,
      closed: ({ code, reason }) => {
        heard.push(`closed: ${code} ${reason}`);
        resolve();
      },
    });
    onTestFinished(() => line.close());
  });
  expect(Math.min(...box.fates.values())).toBeGreaterThan(0);
  return heard.map((text) => text.replace(/ x*$/, ''));
}

describe.each(TRANSPORTS)('over %s', (transport) => {
  it.each([1, 2, 3, 4])('each message comes once and in order whatever is lost (seed %i)', async (seed) => {
    expect(await talk(transport, seed)).toEqual(Array.from({ length: COUNT }, (_, i) => String(i)));
  });
});
