/** `npm run soak`: kills the server, cuts its lines and starves it, and looks for every message. */
import { writeFileSync } from 'node:fs';
import { readOptions, USAGE, type SoakOptions } from './options.ts';
import { SeededRandom } from './random.ts';
import { resultTable, type Run } from './report.ts';
import { Skipped, type Result, type Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { isBuilt } from './subject/server-process.ts';

async function main(): Promise<number> {
  let options: SoakOptions | undefined;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  if (options === undefined) {
    console.log(USAGE);
    return 0;
  }
  if (!isBuilt()) {
    console.error('dist/server/cli.js is missing: run npm run build first.');
    return 2;
  }
  const runs = await runAll(options);
  console.log(resultTable(runs));
  const failed = runs.filter(({ failure }) => failure !== undefined).length;
  const skipped = runs.flatMap((run) => (run.skipped === undefined ? [] : [`${run.name}: ${run.skipped}`]));
  const file = process.env['ROOMPLEX_TALLY'];
  const tally = { passed: runs.length - failed - skipped.length, failed, skipped };
  if (file !== undefined) writeFileSync(file, JSON.stringify(tally));
  return failed === 0 ? 0 : 1;
}

async function runAll(options: SoakOptions): Promise<Run[]> {
  const start = performance.now();
  const chosen = SCENARIOS.filter(({ name }) => options.scenarios.includes(name));
  const runs: Run[] = [];
  do {
    const quiet = chosen
      .filter(({ isQuiet }) => isQuiet === true)
      .map((scenario) => runOne(scenario, options));
    for (const scenario of chosen) if (scenario.isQuiet !== true) runs.push(await runOne(scenario, options));
    runs.push(...(await Promise.all(quiet)));
  } while (performance.now() - start < options.seconds * 1000);
  return runs;
}

async function runOne({ name, run }: Scenario, options: SoakOptions): Promise<Run> {
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
  const { isBrief, rounds } = options;
  const warn = (line: string): void => say(`${name}: ${line}`);
  const progress = isBrief ? (): void => undefined : warn;
  warn(`seed ${seed}`);
  const start = performance.now();
  const about = (): Pick<Run, 'name' | 'seed' | 'seconds'> => ({
    name,
    seed,
    seconds: (performance.now() - start) / 1000,
  });
  try {
    const random = new SeededRandom(seed);
    const result = await new Promise<Result>((resolve, reject) => {
      const onCrash = (what: string): void => reject(new Error(what));
      if (isBrief) setTimeout(() => reject(new Error(`not over after ${BRIEF_MS} ms`)), BRIEF_MS).unref();
      run({ seed, random, isBrief, rounds, progress, warn, onCrash }).then(resolve, reject);
    });
    const { faults } = result.findings;
    for (const { kind, what } of faults.slice(0, SHOWN_FAULTS)) warn(`${kind}: ${what}`);
    if (faults.length > SHOWN_FAULTS) warn(`and ${faults.length - SHOWN_FAULTS} more`);
    const failure = faults.length === 0 ? {} : { failure: `${faults.length} faults` };
    return { ...about(), result, ...failure };
  } catch (error) {
    if (error instanceof Skipped) {
      warn(`skipped: ${error.message}`);
      return { ...about(), skipped: error.message };
    }
    warn(String((error as Error).stack));
    return { ...about(), failure: (error as Error).message };
  }
}

/** What takes longer has got stuck. */
const BRIEF_MS = 120_000;
const SHOWN_FAULTS = 20;

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

// Nothing that was started outlives an interrupted run.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

// A scenario that failed may have left something waiting.
process.exit(await main());
