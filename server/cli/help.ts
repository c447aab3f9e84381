import { COMMANDS, type CommandName, type CommandSpec } from './commands.ts';
import { COMMON_OPTIONS, type OptionSpec, SERVE_OPTIONS, environmentNames } from './option-table.ts';

const WIDTH = 80;
const INDENT = '      ';

/** The help of one command, or of the program when none is given; at most 80 columns wide. */
export function helpText(command?: CommandName): string {
  const spec: CommandSpec = COMMANDS.find(({ name }) => name === command) ?? COMMANDS[0];
  const head =
    command === undefined
      ? [
          'Roomplex: rooms for the browser, over one SockJS connection, through any proxy.',
          '',
          'Usage: roomplex [COMMAND] [OPTIONS]',
          '',
          'Commands:',
          ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`),
          '',
          'Options of serve:',
          '',
        ]
      : [spec.summary, '', `Usage: roomplex ${spec.name} [OPTIONS]`, ''];
  const examples = spec.examples.map(([line, what]) => `  ${line}\n${INDENT}${what}`);
  const note = wrap(
    'Every option can also be set in the environment, under the name in brackets, and in the configuration ' +
      'file. The command line wins over the environment, the environment over the file.',
    '',
  );
  return [...head, optionHelp(), '', note, '', 'Examples:', ...examples, ''].join('\n');
}

function optionHelp(): string {
  const all: readonly OptionSpec[] = [...SERVE_OPTIONS, ...COMMON_OPTIONS];
  const shown = all.filter((option) => option.refused === undefined);
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
  const isCommon = COMMON_OPTIONS.some(({ name }) => name === option.name);
  const facts = [
    ...(option.default === undefined ? [] : [`default: ${option.default}`]),
    ...(isCommon ? [] : environmentNames(option)),
  ];
  const text = facts.length === 0 ? option.summary : `${option.summary} [${facts.join(', ')}]`;
  return `${indent}${optionUsage(option)}\n${wrap(text, '          ')}`;
}

function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    const joined = line === indent ? line + word : `${line} ${word}`;
    if (joined.length > WIDTH && line !== indent) {
      lines.push(line);
      line = indent + word;
    } else {
      line = joined;
    }
  }
  return [...lines, line].join('\n');
}
