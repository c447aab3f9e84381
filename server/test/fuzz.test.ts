import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Overview } from '../../protocol/overview.ts';
import { mutate, VALUES } from './support/broken-frames.ts';
import type { Conversation } from './support/conversation.ts';
import { get, openStream } from './support/http-exchange.ts';
import type { Line } from './support/line.ts';
import { SeededRandom } from './support/random.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { openRawLine, openSocket, openSockJSLine, type TextSocket } from './support/websocket-line.ts';

const SEED = Number(process.env['ROOMPLEX_FUZZ_SEED'] ?? 20_261_121);
const FRAMES = 100_000;

let server: TestServer;
beforeEach(async () => {
  server = await startServer(Object.assign({}, ...conversations.map(({ options }) => options)));
});
afterEach(() => server.close());

/** Two members of one room, through two doors, that must not notice what goes on elsewhere. */
class Bystanders {
  readonly #a: RoomsClient;
  readonly #b: RoomsClient;
  #said = 0;

  private constructor(a: RoomsClient, b: RoomsClient) {
    this.#a = a;
    this.#b = b;
  }

  static async start(): Promise<Bystanders> {
    const a = new RoomsClient(await openRawLine(server.ws('/layout')));
    const b = new RoomsClient(await openSockJSLine(server.ws('/layout')));
    await a.ask('JOIN', { room: 'undisturbed', name: 'ann' });
    await b.ask('JOIN', { room: 'undisturbed', name: 'bob' });
    return new Bystanders(a, b);
  }

  /** Says something and expects to hear exactly that. */
  async goOn(): Promise<void> {
    const message = ++this.#said;
    this.#a.say('NOTIFY', { room: 'undisturbed', message });
    expect(await this.#b.next()).toEqual(['EVENT', { sender: 'ann', room: 'undisturbed', message }]);
  }
}

const found = import.meta.glob<{ conversations: readonly Conversation[] }>(
  '../gateways/*/*.conversation.ts',
  {
    eager: true,
  },
);
const conversations = Object.values(found).flatMap((module) => module.conversations);

describe.each(conversations)(`seed ${SEED}: /$gateway`, ({ gateway, frame, opening }) => {
  // Where a mistake ends the connection, look more often, and expect that what followed one reached nobody.
  const lookEvery = opening === undefined ? 100 : 10;
  const share = opening === undefined ? 0.9 : 0.1;

  it(`takes ${FRAMES} mutated frames without harm to anybody else`, async () => {
    const random = new SeededRandom(SEED);
    const bystanders = await Bystanders.start();
    let socket: TextSocket | undefined;
    let isFramed = false;
    let opened = 0;
    for (let sent = 0; sent < FRAMES; sent++) {
      if (socket === undefined || socket.socket.readyState !== socket.socket.OPEN) {
        isFramed = random.below(2) === 0;
        socket = await openSocket(
          server.ws(`/${gateway}${isFramed ? `/000/fuzz${++opened}/websocket` : ''}`),
        );
        // Answers are of no interest, but somebody has to take them.
        socket.frames.pipe(() => {});
        const first = opening?.();
        if (first !== undefined) socket.send(isFramed ? JSON.stringify([first]) : first);
      }
      const text = mutate(random, frame(random));
      const kind = random.below(40);
      if (kind === 0) socket.send(Buffer.from(text));
      else if (kind === 1) socket.send(mutate(random, JSON.stringify([text, text])));
      else socket.send(isFramed ? JSON.stringify([text]) : text);
      // Broken framing ends a connection, and binary may: what is sent after it reaches nobody, so look before going on.
      if (kind <= 1 || sent % lookEvery === 0) await bystanders.goOn();
    }
    await socket?.close();
    await bystanders.goOn();
    const overview = JSON.parse((await get(server.http('/api/overview'))).body) as Overview;
    expect(overview.received).toBeGreaterThan(FRAMES * share);
    // Of all that were opened, no connection is left behind.
    expect(overview.byGateway).toEqual({ layout: 2 });
    const fresh: Line = await openRawLine(server.ws('/echo'));
    await fresh.send('still up');
    expect(await fresh.next()).toBe('still up');
  }, 120_000);
});

describe(`seed ${SEED}: HTTP`, () => {
  it('answers 500 odd requests and harms nobody', async () => {
    const random = new SeededRandom(SEED);
    const bystanders = await Bystanders.start();
    const segments = [
      '',
      'echo',
      'socket.io',
      'multiplex',
      'layout',
      '000',
      'a',
      '__proto__',
      '%00',
      '%zz',
      '..',
      'é',
    ];
    const last = [
      'xhr',
      'xhr_send',
      'jsonp',
      'jsonp_send',
      'jsonp?c=x',
      'info',
      'iframe.html',
      'websocket',
      '?EIO=3&transport=polling',
      'bus-message',
      '?c=%zz',
      '#',
    ];
    const statuses = new Set<number>();
    for (let asked = 0; asked < 500; asked++) {
      const path = Array.from({ length: random.below(4) }, () => random.pick(segments));
      const method = random.pick(['GET', 'POST', 'PUT', 'OPTIONS', 'HEAD', 'DELETE', 'PATCH']);
      const url = server.http(`/${encodeOdd([...path, random.pick(last)].join('/'))}`);
      const body = method === 'GET' || method === 'HEAD' ? '' : mutate(random, random.pick(VALUES));
      const answer = await openStream(url, { method, body });
      statuses.add(answer.status);
      await answer.abort();
      if (asked % 50 === 0) await bystanders.goOn();
    }
    expect([...statuses].filter((status) => status < 100 || status > 500)).toEqual([]);
    expect(statuses.size).toBeGreaterThan(3);
    await bystanders.goOn();
  });

  /** Only what Node's client would refuse to send at all. */
  function encodeOdd(path: string): string {
    return path.replace(/[^!-~]/g, encodeURIComponent);
  }
});
