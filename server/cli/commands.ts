import {
  COMMON_OPTIONS,
  DOCTOR_OPTIONS,
  EXPORT_OPTIONS,
  IMPORT_OPTIONS,
  type OptionSpec,
  SERVE_OPTIONS,
} from './option-table.ts';

/** What `roomplex` can be told to do. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionSpec[];
  /** What may, or must, stand after the options. */
  readonly operand?: { readonly usage: string; readonly what: string; readonly isRequired: boolean };
  readonly examples: readonly (readonly [line: string, what: string])[];
}

/** Every command; the first is what runs when none is named. */
export const COMMANDS = [
  {
    name: 'serve',
    summary: 'Run the server. This is what happens without a command.',
    options: SERVE_OPTIONS,
    examples: [
      ['roomplex --port 4000', 'http on another port'],
      ['roomplex -S --host 0.0.0.0', 'https for the whole network, self-signed'],
      ['roomplex --channels listed --channel news', 'one room and no other'],
      ['roomplex --limit message=65536 --limit rooms=0', 'smaller messages, any number of rooms'],
    ],
  },
  {
    name: 'export',
    summary: 'Write down what is kept in rooms, as lines of JSON. The server may go on meanwhile.',
    options: EXPORT_OPTIONS,
    operand: { usage: '[FILE|-]', what: 'a file', isRequired: false },
    examples: [
      ['roomplex export backup.ndjson', 'everything into a file'],
      ['roomplex export --room kitchen | gzip > kitchen.gz', 'one room to somewhere else'],
    ],
  },
  {
    name: 'import',
    summary: 'Put what was exported into a store that no server uses.',
    options: IMPORT_OPTIONS,
    operand: { usage: 'FILE|-', what: 'a file', isRequired: true },
    examples: [
      ['roomplex import backup.ndjson', 'rooms that are not there yet'],
      ['roomplex import --data ./other --replace -', 'from the standard input, whatever is there'],
    ],
  },
  {
    name: 'doctor',
    summary: 'Examine the way to a server, name what is in the way, and say what to do about it.',
    options: DOCTOR_OPTIONS,
    operand: { usage: 'URL', what: 'an address', isRequired: true },
    examples: [
      ['roomplex doctor https://rooms.example/', 'a quick look'],
      [
        'roomplex doctor --full --proxy http://proxy:3128 https://rooms.example/',
        'through a proxy, with idle cuts',
      ],
      ['roomplex doctor --markdown rooms.example > report.md', 'a report for others'],
    ],
  },
] as const satisfies readonly CommandSpec[];

export type CommandName = (typeof COMMANDS)[number]['name'];

/** The command of a name. */
export function commandNamed(name: CommandName): CommandSpec {
  return COMMANDS.find((command) => command.name === name) ?? COMMANDS[0];
}

/** Every option of a command, those included that all have. */
export function optionsOf({ options }: CommandSpec): readonly OptionSpec[] {
  return [...options, ...COMMON_OPTIONS];
}
