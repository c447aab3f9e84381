import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Message } from '../participants/participant.ts';
import { CLI } from './cli.ts';

/** Lines are handed over in lots of so many. */
const LOT = 1000;

/** Rooms that are alike, as an export has them: `room 1` and so on, each with messages from offset 1 on. */
export interface Rooms {
  readonly count: number;
  readonly messages: number;
  readonly epoch: string;
}

/** Puts rooms into the store in a folder, the way an operator does. */
export async function importRooms(data: string, rooms: Rooms): Promise<void> {
  const child = spawn(process.execPath, [CLI, 'import', '--data', data, '-'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const exit = once(child, 'close');
  await pipeline(Readable.from(lots(rooms)), child.stdin);
  const [code] = (await exit) as [number | null];
  if (code !== 0) throw new Error(`the import ended with ${code}\n${complaint}`);
}

/** What is said at an offset. */
export function importedMessage(offset: number): Message {
  return { id: `m${offset}`, fill: 'some words that somebody said' };
}

function* lots(rooms: Rooms): Generator<string> {
  let lot: string[] = [];
  for (const line of lines(rooms)) {
    lot.push(JSON.stringify(line));
    if (lot.length < LOT) continue;
    yield `${lot.join('\n')}\n`;
    lot = [];
  }
  yield `${lot.join('\n')}\n`;
}

function* lines({ count, messages, epoch }: Rooms): Generator<object> {
  const at = Date.now();
  yield { roomplex: 'export', format: 1, store: 'soak', at };
  for (let number = 1; number <= count; number++) {
    yield { room: `room ${number}`, space: 'rooms', epoch, offset: messages, first: 1, rev: 0, keys: 0, at };
    for (let offset = 1; offset <= messages; offset++) {
      yield { offset, at, data: importedMessage(offset), sender: 'soak', name: 'soak' };
    }
  }
  yield { end: true, rooms: count, messages: count * messages };
}
