import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { DurableEngine } from '../engines/durable/durable-engine.ts';
import type { History, StoredRoom } from '../hub/engine.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { SeededRandom } from './support/random.ts';

const WRITER = join(import.meta.dirname, 'support', 'durable-writer.ts');
const ROUNDS = 3;
const SEED = 4;

type Line =
  | readonly ['heard', room: string, offset: number, data: string]
  | readonly ['accepted', room: string, offset: number, data: string, epoch: string]
  | readonly ['changed' | 'set', room: string, rev: number, entry: { key: string; value: string }];

/** Runs a writer until it has told so many lines, kills it, and gives everything it has told. */
async function runUntilKilled(folder: string, word: string, count: number): Promise<Line[]> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), WRITER, folder, word], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: Line[] = [];
  createInterface(child.stdout).on('line', (text) => {
    lines.push(JSON.parse(text) as Line);
    if (lines.length === count) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return lines;
}

it('has everything that was accepted or heard after kill -9, once and in order', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'roomplex-crash-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const random = new SeededRandom(SEED);
  const lines: Line[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    lines.push(...(await runUntilKilled(folder, `round${'!'.repeat(round)}`, 200 + random.below(1500))));
    await audit(folder, lines);
  }
}, 60_000);

async function audit(folder: string, lines: readonly Line[]): Promise<void> {
  const engine = new DurableEngine({ folder, limits: DEFAULT_LIMITS });
  await engine.start({ published: () => undefined, changed: () => undefined });
  for (const name of engine.names('rooms')) {
    const address = { space: 'rooms', name };
    const { position, state } = engine.subscribe(address);
    const stored = Array.from({ length: Math.ceil(position.offset / 1000) }, (_, page) =>
      engine.history(address, { after: page * 1000, limit: 1000 }),
    ).flat();
    expect(stored.map(({ offset }) => offset)).toEqual(stored.map((_, index) => index + 1));
    expect(stored).toHaveLength(position.offset);
    expect(new Set(stored.map(({ data }) => data)).size).toBe(stored.length);
    const own = lines.filter(([, room]) => room === name);
    expect(own.filter((line) => !isStored(line, { position, state, stored }))).toEqual([]);
    const last = lines.findLast((line) => line[0] === 'accepted' && line[1] === name);
    if (last?.[0] !== 'accepted') continue;
    const [, , offset, data, epoch] = last;
    const draft = { kind: 'message', data, sender: { id: null, name: undefined }, id: data };
    expect(await engine.publish(address, draft)).toEqual({ epoch, offset });
  }
  await engine.stop();
}

interface Found extends Pick<StoredRoom, 'position' | 'state'> {
  readonly stored: History;
}

function isStored(line: Line, { position, state, stored }: Found): boolean {
  if (line[0] === 'set' || line[0] === 'changed') {
    const [, , rev, { key, value }] = line;
    const found = state.revOf(key);
    return state.rev >= rev && (found > rev || (found === rev && state.values.get(key) === value));
  }
  const [what, , offset, data, epoch] = line;
  return stored[offset - 1]?.data === data && (what === 'heard' || epoch === position.epoch);
}
