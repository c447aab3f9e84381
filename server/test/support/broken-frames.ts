import type { SeededRandom } from './random.ts';

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
/** JSON texts. */
export const VALUES = [
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
  '{"room":"r1","name":"x","memberKey":"sixteen chars at least","history":5,"state":true}',
  '{"room":"r1","name":"x","recover":{"epoch":"e","offset":1},"presence":true}',
  '{"room":"r1","message":"m","publishId":"p"}',
  '{"room":"r1","before":5,"limit":10}',
  '{"room":"r1","entries":[{"key":"k","value":[1],"ifRev":0},{"key":"l"}],"epoch":"e"}',
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
  'HISTORY',
  'SET',
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

/** A verb of the S1 namespaces, with arguments that may be right. */
export function verb(random: SeededRandom): string {
  const argument = (): string =>
    random.below(3) === 0 ? JSON.stringify(random.pick(NAMES)) : random.pick(VALUES);
  const parts = [JSON.stringify(random.pick(EVENTS))];
  while (random.below(4) > 0) parts.push(argument());
  return `[${parts.join(',')}]`;
}

/** A frame of the multiplex protocol. */
export function topicFrame(random: SeededRandom): string {
  const type = random.pick(['sub', 'msg', 'uns', 'sub', 'msg', 'MSG', 'subs', '']);
  const topic = random.below(3) === 0 ? random.pick(NAMES) : random.pick(TOPICS);
  return [type, topic, random.below(2) === 0 ? verb(random) : random.pick(VALUES)].join(',');
}

/** Changes a text here and there, as a broken client would. */
export function mutate(random: SeededRandom, text: string): string {
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
