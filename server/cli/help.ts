import { COMMANDS, type CommandName, commandNamed, type CommandSpec, optionsOf } from './commands.ts';
import { type OptionSpec, environmentNames } from './option-table.ts';

const WIDTH = 80;
const INDENT = '      ';

/** The help of one command, or of the program when none is given; at most 80 columns wide. */
export function helpText(command?: CommandName): string {
  const spec = command === undefined ? COMMANDS[0] : commandNamed(command);
  const head =
    command === undefined
      ? [
          'Roomplex: rooms for the browser, over one SockJS connection, through any proxy.',
          '',
          'Usage: roomplex [COMMAND] [OPTIONS]',
          '',
          'Commands:',
          ...COMMANDS.flatMap(({ name, summary }) =>
            wrap(`${name.padEnd(8)} ${summary}`, '  ', '           '),
          ),
          '',
          'Options of serve:',
          '',
        ]
      : [wrap(spec.summary, ''), '', usageOf(spec), ''];
  const examples = spec.examples.map(([line, what]) => `  ${line}\n${INDENT}${what}`);
  const isAlsoElsewhere = spec.options.some((option) => environmentNames(option).length > 0);
  const note = wrap(
    'Options with a name in brackets can also be set in the environment under that name, and in the ' +
      'configuration file. The command line wins over the environment, the environment over the file.',
    '',
  );
  return [
    ...head,
    optionHelp(spec),
    '',
    ...(isAlsoElsewhere ? [note, ''] : []),
    'Examples:',
    ...examples,
    '',
  ].join('\n');
}

function usageOf({ name, operand }: CommandSpec): string {
  return ['Usage: roomplex', name, '[OPTIONS]', operand?.usage ?? ''].join(' ').trim();
}

function optionHelp(spec: CommandSpec): string {
  const shown = optionsOf(spec).filter((option) => option.refused === undefined);
  const groups = [...new Set(shown.map((option) => option.group))];
  return groups
    .map((group) => [group, ...shown.filter((option) => option.group === group).map(describe)].join('\n'))
    .join('\n\n');
}

/** `-p, --port N`, without brackets or colour. */
export function optionUsage({ name, short, placeholder }: OptionSpec): string {
  const value = placeholder === undefined ? '' : ` ${placeholder}`;
  return `${short === undefined ? '' : `-${short}, `}--${name}${value}`;
}

function describe(option: OptionSpec): string {
  const indent = option.short === undefined ? '      ' : '  ';
  const facts = [
    ...(option.default === undefined ? [] : [`default: ${option.default}`]),
    ...environmentNames(option),
  ];
  const text = facts.length === 0 ? option.summary : `${option.summary} [${facts.join(', ')}]`;
  return `${indent}${optionUsage(option)}\n${wrap(text, '          ')}`;
}

function wrap(text: string, first: string, indent = first): string {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    const isFresh = line === first || line === indent;
    const joined = isFresh ? line + word : `${line} ${word}`;
    if (joined.length > WIDTH && !isFresh) {
      lines.push(line);
      line = indent + word;
    } else {
      line = joined;
    }
  }
  return [...lines, line].join('\n');
}
