import { parseArgs } from 'node:util';
import { SCENARIO_NAMES, type ScenarioName } from './scenarios.ts';
import { SUBJECT_NAMES, type SubjectName } from './subjects.ts';

/** What the command line asks for. */
export interface BenchOptions {
  readonly quick: boolean;
  readonly repetitions: number;
  /** No repetition is begun that would end later. */
  readonly maxMinutes: number;
  readonly scenarios: readonly ScenarioName[];
  readonly subjects: readonly SubjectName[];
  readonly jsonFile: string | undefined;
}

export const USAGE = `Usage: npm run bench -- [options]

  --quick            one short repetition, for a look; says little about small differences
  --reps N           repetitions (default 3, or fewer when the machine is too busy to do them in 6 minutes)
  --scenario NAME    only this one; repeatable, commas too: ${SCENARIO_NAMES.join(', ')}
  --subject NAME     only this one; repeatable, commas too: ${SUBJECT_NAMES.join(', ')}
  --json FILE        also writes everything measured to FILE
  --help             this text

Ends with 1 when a message was lost, doubled or reordered; goals that are missed are only named.`;

/** Reads the arguments; `undefined` when help was asked for. Throws on what it does not know. */
export function readOptions(argv: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      reps: { type: 'string' },
      scenario: { type: 'string', multiple: true, default: [] },
      subject: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    quick: values.quick,
    repetitions: readRepetitions(values.reps) ?? (values.quick ? 1 : 3),
    maxMinutes: values.reps === undefined ? 6 : Infinity,
    scenarios: choose('scenario', values.scenario, SCENARIO_NAMES),
    subjects: choose('subject', values.subject, SUBJECT_NAMES),
    jsonFile: values.json,
  };
}

function readRepetitions(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 100)
    throw new Error(`--reps wants 1 to 100, not ${text}`);
  return number;
}

function choose<Name extends string>(what: string, asked: string[], known: readonly Name[]): readonly Name[] {
  const names = asked.flatMap((name) => name.split(','));
  const stranger = names.find((name) => !known.some((other) => other === name));
  if (stranger !== undefined) throw new Error(`no ${what} ${stranger}; there are: ${known.join(', ')}`);
  return names.length === 0 ? known : known.filter((name) => names.includes(name));
}
