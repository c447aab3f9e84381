import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Findings } from '../audit/findings.ts';
import { SlowDisk } from '../chaos/slow-disk.ts';
import { hastyClient } from '../participants/clients.ts';
import { LibraryParticipant } from '../participants/library-participant.ts';
import { RawParticipant } from '../participants/raw-participant.ts';
import { Skipped, type Result, type Scenario, type Terms } from '../scenario.ts';
import { Stage } from '../stage.ts';
import { ServerProcess } from '../subject/server-process.ts';
import { withFolder } from '../subject/with-folder.ts';
import { EchoWatch } from '../wire/echo.ts';

const DELAY_MS = 1_500;
/** Of a small file system: for the store, and what is taken away in each round to make room for more. */
const STORE_BYTES = 12 * 1024 * 1024;
const BALLAST_BYTES = 4 * 1024 * 1024;
const PROBE_MS = 20;
const PATIENCE_MS = 20_000;

/** The store takes seconds for each write, then nothing at all, with kill -9 in between. */
export const slowDisk: Scenario = {
  name: 'slow-disk',
  about: `each write takes ${DELAY_MS} ms, then the disk is full, with kill -9 in both; everything else must go on`,
  run: (terms) => withFolder((folder) => runSlow(terms, folder)),
};

/** A file system that really is full. */
export const fullDisk: Scenario = {
  name: 'full-disk',
  about: 'a small file system fills up under load, is full, and has room again',
  run: (terms) => withFolder((folder) => runFull(terms, folder)),
};

async function runSlow(terms: Terms, folder: string): Promise<Result> {
  const { random, isBrief, rounds = isBrief ? 1 : 5, progress, onCrash } = terms;
  const data = join(folder, 'data');
  await mkdir(data);
  const disk = await SlowDisk.build(data, folder);
  const server = await ServerProcess.start({ data, env: disk.env, onCrash });
  const trial = new DiskTrial(server);
  const stalls: number[] = [];
  try {
    await trial.stage.open(random.fork(), { gapMs: 10, lines: 3 });
    for (let round = 1; round <= rounds; round++) {
      await delay(300);
      const echo = await EchoWatch.start(server.port);
      await disk.becomes({ delayMs: DELAY_MS });
      await delay(random.between(DELAY_MS, 3 * DELAY_MS));
      stalls.push(echo.stop());
      await server.kill();
      await disk.becomes('fine');
      await server.restart();
      await delay(300);
      await disk.becomes('full');
      await trial.expect('refused');
      if (random.chance(0.5)) {
        await server.kill();
        await server.restart();
        await trial.expect('refused');
      }
      await disk.becomes('fine');
      await trial.expect('accepted');
      progress(`round ${round} of ${rounds}: without a sign of life for ${stalls.at(-1)?.toFixed(0)} ms`);
    }
    const findings = await trial.end();
    const longest = Math.max(...stalls);
    if (longest > DELAY_MS / 2) findings.fault('stalled', `nobody was answered for ${longest.toFixed(0)} ms`);
    return {
      findings,
      notes: [`a write took ${DELAY_MS} ms; /echo answered within ${longest.toFixed(0)} ms`],
    };
  } finally {
    await trial.close();
  }
}

async function runFull(terms: Terms, folder: string): Promise<Result> {
  const { random, isBrief, rounds = isBrief ? 1 : 5, progress, onCrash } = terms;
  const data = join(folder, 'small');
  await mkdir(data);
  await mount(data, STORE_BYTES + rounds * BALLAST_BYTES);
  try {
    const ballast = (round: number): string => join(data, `ballast ${round}`);
    for (let round = 1; round <= rounds; round++)
      await writeFile(ballast(round), Buffer.alloc(BALLAST_BYTES));
    const server = await ServerProcess.start({ data, onCrash });
    const trial = new DiskTrial(server);
    try {
      await trial.stage.open(random.fork(), { gapMs: 2, lines: 4 });
      for (let round = 1; round <= rounds; round++) {
        await delay(random.between(0, 1000));
        // Takes what there is.
        const rest = join(data, 'rest');
        await writeFile(rest, Buffer.alloc(STORE_BYTES)).catch(() => undefined);
        await trial.expect('refused');
        if (random.chance(0.5)) {
          await server.kill();
          await server.restart();
        }
        await Promise.all([rm(rest), rm(ballast(round))]);
        await trial.expect('accepted');
        progress(`round ${round} of ${rounds}`);
      }
      return { findings: await trial.end(), notes: [] };
    } finally {
      await trial.close();
    }
  } finally {
    await promisify(execFile)('umount', [data]);
  }
}

/** A server with a disk that is not always as it should be, and a room in use. */
class DiskTrial {
  readonly stage: Stage;
  readonly #server: ServerProcess;
  readonly #findings = new Findings();
  readonly #probe: RawParticipant;
  #probes = 0;

  constructor(server: ServerProcess) {
    this.#server = server;
    const { port } = server;
    this.stage = new Stage(port, 'disk', (books) => [
      new RawParticipant('raw', port, books),
      new RawParticipant('insistent', port, books, { isInsistent: true }),
      new LibraryParticipant('ann', hastyClient(port), books),
      new LibraryParticipant('bob', hastyClient(port), books),
    ]);
    this.#probe = new RawParticipant('probe', port, this.stage.books);
  }

  /** Waits until messages are taken, or are refused for want of space. */
  async expect(wanted: 'accepted' | 'refused'): Promise<void> {
    const { claims } = this.stage.books;
    if (this.#probes === 0) await this.#probe.join();
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      const id = `probe-${++this.#probes}`;
      await this.#probe.say(id, '');
      const outcome = claims.outcomeOf(id);
      if (outcome?.type === 'refused' && outcome.code !== 'unavailable') {
        this.#findings.fault('stalled', `a message was refused as ${outcome.code}, not as unavailable`);
      }
      if (outcome?.type === wanted) return;
      await delay(PROBE_MS);
    }
    this.#findings.fault('stalled', `no message was ${wanted} within ${PATIENCE_MS} ms`);
  }

  async end(): Promise<Findings> {
    this.#findings.include(await this.stage.end());
    this.#findings.add('restarts', this.#server.starts - 1);
    return this.#findings;
  }

  async close(): Promise<void> {
    await this.#probe.close();
    await this.stage.close();
    await this.#server.kill();
  }
}

/** @throws Skipped where nobody may. */
async function mount(folder: string, bytes: number): Promise<void> {
  if (process.platform !== 'linux') throw new Skipped('small file systems are made on Linux only');
  try {
    await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'roomplex-soak', folder]);
  } catch (error) {
    throw new Skipped('making a small file system needs root', { cause: error });
  }
}
