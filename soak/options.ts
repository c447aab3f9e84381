import { parseArgs } from 'node:util';
import { SCENARIOS } from './scenarios.ts';

/** What the command line asks for. */
export interface SoakOptions {
  readonly isBrief: boolean;
  /** Everything is done again, with other seeds, until so many seconds are over. */
  readonly seconds: number;
  readonly rounds: number | undefined;
  /** `undefined`: another one each time. */
  readonly seed: number | undefined;
  /** Names. */
  readonly scenarios: readonly string[];
}

const NAMES = SCENARIOS.map(({ name }) => name);
const ABOUT = SCENARIOS.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`).join('\n');

export const USAGE = `Usage: npm run soak -- [options]

  --brief            a short look at each scenario, as in npm test
  --scenario NAME    only this one; repeatable, commas too
  --rounds N         how often each scenario does what it repeats
  --seconds N        do it all again, with other seeds, until so many seconds are over
  --seed N           make the choices of the run that printed this seed
  --help             this text

Scenarios:
${ABOUT}

Ends with 1 when anything was lost, doubled, reordered or told wrongly.`;

/** Reads the arguments; `undefined` when help was asked for. Throws on what it does not know. */
export function readOptions(argv: readonly string[]): SoakOptions | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      brief: { type: 'boolean', default: false },
      scenario: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      seed: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    isBrief: values.brief,
    seconds: readNumber('--seconds', values.seconds) ?? 0,
    rounds: readNumber('--rounds', values.rounds),
    seed: readNumber('--seed', values.seed),
    scenarios: chooseScenarios(values.scenario, values.brief),
  };
}

function readNumber(what: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new Error(`${what} wants a whole number, not ${text}`);
  return number;
}

function chooseScenarios(asked: readonly string[], isBrief: boolean): readonly string[] {
  const names = asked.flatMap((name) => name.split(','));
  const stranger = names.find((name) => !NAMES.includes(name));
  if (stranger !== undefined) throw new Error(`no scenario ${stranger}; there are: ${NAMES.join(', ')}`);
  if (names.length > 0) return names;
  return SCENARIOS.filter(({ isLong }) => !isBrief || isLong !== true).map(({ name }) => name);
}
