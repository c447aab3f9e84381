import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { get, openStream } from './support/http-exchange.ts';
import type { Line } from './support/line.ts';
import { SeededRandom } from './support/random.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { openRawLine, openSocket, openSockJSLine, type TextSocket } from './support/websocket-line.ts';

const SEED = Number(process.env['ROOMPLEX_FUZZ_SEED'] ?? 20_261_121);
const FRAMES = 5000;

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

/** A conversation in one room, through two doors, that must not notice what goes on elsewhere. */
class Conversation {
  readonly #a: RoomsClient;
  readonly #b: RoomsClient;
  #said = 0;

  private constructor(a: RoomsClient, b: RoomsClient) {
    this.#a = a;
    this.#b = b;
  }

  static async start(): Promise<Conversation> {
    const a = new RoomsClient(await openRawLine(server.ws('/layout')));
    const b = new RoomsClient(await openSockJSLine(server.ws('/layout')));
    await a.ask('JOIN', { room: 'undisturbed', name: 'ann' });
    await b.ask('JOIN', { room: 'undisturbed', name: 'bob' });
    return new Conversation(a, b);
  }

  /** Says something and expects to hear exactly that. */
  async goOn(): Promise<void> {
    const message = ++this.#said;
    this.#a.say('NOTIFY', { room: 'undisturbed', message });
    expect(await this.#b.next()).toEqual(['EVENT', { sender: 'ann', room: 'undisturbed', message }]);
  }
}

const NAMES = [
  'r1',
  'r2',
  '',
  '__proto__',
  'constructor',
  'a,b',
  '%',
  '%u65E5',
  'ü',
  '日本',
  '\u0000',
  '😀',
  'layout',
];
const VALUES = [
  'null',
  'true',
  '0',
  '-1e999',
  '"{}"',
  '"{\\"room\\":\\"r1\\",\\"name\\":\\"x\\"}"',
  '[]',
  '{}',
  '{"room":"r1","name":"x"}',
  '{"room":"r1","message":{"a":[1]}}',
  '{"room":null,"name":5,"info":[[]],"positions":1,"presence":true,"echo":"x"}',
  '{"to":"r1","from":"x"}',
  '{"__proto__":{"room":"r1"},"constructor":{"name":"x"}}',
  '"r1"',
  '"\\ud800"',
];
const EVENTS = [
  'JOIN',
  'LEAVE',
  'NOTIFY',
  'CLIENTS',
  'BROADCAST',
  'RTCSIGNAL',
  'BROADCAST_EVENTS',
  'BROADCAST_STATUS',
  'EVENT',
  'ACK',
  'toString',
  '__proto__',
  '',
];
const TOPICS = [
  'r1',
  'latency',
  'layout',
  'bus',
  'lobby',
  'trigger',
  'echo',
  'roomplex.overview',
  'nosuch',
  '',
];

function verb(random: SeededRandom): string {
  const argument = (): string =>
    random.below(3) === 0 ? JSON.stringify(random.pick(NAMES)) : random.pick(VALUES);
  const parts = [JSON.stringify(random.pick(EVENTS))];
  while (random.below(4) > 0) parts.push(argument());
  return `[${parts.join(',')}]`;
}

function frame(random: SeededRandom): string {
  const type = random.pick(['sub', 'msg', 'uns', 'sub', 'msg', 'MSG', 'subs', '']);
  const topic = random.below(3) === 0 ? random.pick(NAMES) : random.pick(TOPICS);
  return [type, topic, random.below(2) === 0 ? verb(random) : random.pick(VALUES)].join(',');
}

/** Changes a text here and there, as a broken client would. */
function mutate(random: SeededRandom, text: string): string {
  const units = Array.from(text);
  for (let changes = random.below(4); changes > 0; changes--) {
    const at = random.below(units.length + 1);
    switch (random.below(4)) {
      case 0:
        units.splice(at, 1 + random.below(5));
        break;
      case 1:
        units.splice(
          at,
          0,
          random.pick(['"', '[', ']', '{', '}', ',', ':', '\\', '\n', '\u0000', '\u2028', 'é', '😀']),
        );
        break;
      case 2:
        units.splice(at, 0, ...units.slice(0, random.below(20)));
        break;
      default:
        units.length = at;
    }
  }
  return units.join('');
}

const GATEWAYS = ['multiplex', 'layout', 'bus', 'lobby', 'trigger', 'echo'];

describe.each(GATEWAYS)(`seed ${SEED}: /%s`, (gateway) => {
  const make = gateway === 'multiplex' ? frame : verb;

  it(`takes ${FRAMES} mutated frames without harm to anybody else`, async () => {
    const random = new SeededRandom(SEED);
    const conversation = await Conversation.start();
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
      }
      const text = mutate(random, make(random));
      const kind = random.below(40);
      if (kind === 0) socket.send(Buffer.from(text));
      else if (kind === 1) socket.send(mutate(random, JSON.stringify([text, text])));
      else socket.send(isFramed ? JSON.stringify([text]) : text);
      // Broken framing ends a connection, and what is sent after it reaches nobody: look before going on.
      if (kind === 1 || sent % 100 === 0) await conversation.goOn();
    }
    await socket?.close();
    await conversation.goOn();
    const overview = JSON.parse((await get(server.http('/api/overview'))).body) as { received: number };
    expect(overview.received).toBeGreaterThan(FRAMES * 0.9);
    const fresh: Line = await openRawLine(server.ws('/echo'));
    await fresh.send('still up');
    expect(await fresh.next()).toBe('still up');
  });
});

describe(`seed ${SEED}: HTTP`, () => {
  it('answers 500 odd requests and harms nobody', async () => {
    const random = new SeededRandom(SEED);
    const conversation = await Conversation.start();
    const segments = ['', 'echo', 'multiplex', 'layout', '000', 'a', '__proto__', '%00', '%zz', '..', 'é'];
    const last = [
      'xhr',
      'xhr_send',
      'jsonp',
      'jsonp_send',
      'jsonp?c=x',
      'info',
      'iframe.html',
      'websocket',
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
      if (asked % 50 === 0) await conversation.goOn();
    }
    expect([...statuses].filter((status) => status < 100 || status > 500)).toEqual([]);
    expect(statuses.size).toBeGreaterThan(3);
    await conversation.goOn();
  });

  /** Only what Node's client would refuse to send at all. */
  function encodeOdd(path: string): string {
    return path.replace(/[^!-~]/g, encodeURIComponent);
  }
});
