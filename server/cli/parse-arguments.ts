import { parseArgs } from 'node:util';
import { didYouMean } from './closest-name.ts';
import { usageError } from './command-error.ts';
import { COMMANDS, type CommandName, commandNamed, optionsOf } from './commands.ts';
import type { OptionSpec } from './option-table.ts';
import type { Given, GivenOptions } from './given-options.ts';

/** What the command line asks for. */
export type Request =
  | { readonly action: 'help'; readonly command: CommandName | undefined }
  | { readonly action: 'version' }
  | RunRequest;

/** To do something. */
export interface RunRequest {
  readonly action: 'run';
  readonly command: CommandName;
  readonly options: GivenOptions;
  /** What stood after the options, where the command takes something there. */
  readonly operand: string | undefined;
}

/** Of all commands; those of one name mean the same everywhere. */
const OPTIONS: readonly OptionSpec[] = [
  ...new Map(COMMANDS.flatMap(optionsOf).map((option) => [option.name, option])).values(),
];
const OPTION_NAMES = OPTIONS.map((option) => option.name);
const COMMAND_NAMES = COMMANDS.map((command) => command.name);

/** Hyphens, dashes and the minus sign that word processors and web pages put where `-` was. */
const TYPOGRAPHIC_DASHES =
  /^-?[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D][-\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]*/;

/** Reads the arguments after the program's name; a {@link usageError} says what is wrong with them. */
export function parseArguments(args: readonly string[]): Request {
  refuseTypographicDashes(args);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(OPTIONS.map(parseArgsOption)),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const words: string[] = [];
  const options = new Map<string, Given>();
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    else if (token.kind === 'option') addOption(options, token);
  }
  const asksHelp = options.has('help') || words[0] === 'help';
  if (words[0] === 'help') words.shift();
  const [word, ...operands] = words;
  const named = word === undefined ? undefined : findCommand(word);
  const command = named ?? COMMANDS[0].name;
  if (!asksHelp) refuseForeignOptions(command, options);
  const operand = readOperand(command, operands, asksHelp || options.has('version'));
  if (asksHelp) return { action: 'help', command: named };
  if (options.has('version')) return { action: 'version' };
  return { action: 'run', command, options, operand };
}

function parseArgsOption(
  option: OptionSpec,
): [string, { type: 'boolean' | 'string'; short?: string; multiple: true }] {
  const type = option.kind === 'flag' ? 'boolean' : 'string';
  return [option.name, { type, multiple: true, ...(option.short !== undefined && { short: option.short }) }];
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function addOption(options: Map<string, Given>, { name, rawName, value, inlineValue }: OptionToken): void {
  const option = OPTIONS.find((candidate) => candidate.name === name);
  const from = `--${name}`;
  if (option === undefined) {
    const hint = rawName.startsWith('--') ? didYouMean(name, OPTION_NAMES, '--') : '';
    throw usageError(`Unknown option ${rawName}.${hint}`);
  }
  if (option.kind === 'flag') {
    options.set(name, { value: value ?? true, from });
    return;
  }
  const example = `${from} ${option.placeholder ?? 'VALUE'}`;
  if (value === undefined) throw usageError(`${rawName} needs a value: ${example}.`);
  if (inlineValue !== true && /^-./.test(value)) {
    const escape = value.startsWith('--') ? '' : ` If ${value} is the value, write ${from}=${value}.`;
    throw usageError(`${rawName} needs a value, but ${value} follows: ${example}.${escape}`);
  }
  const before = options.get(name)?.value;
  const list = Array.isArray(before) ? [...before, value] : [value];
  options.set(name, { value: option.kind === 'list' ? list : value, from });
}

function findCommand(word: string): CommandName {
  const command = COMMAND_NAMES.find((name) => name === word);
  if (command === undefined) throw usageError(`Unknown command ${word}.${didYouMean(word, COMMAND_NAMES)}`);
  return command;
}

function readOperand(
  command: CommandName,
  operands: readonly string[],
  mayBeMissing: boolean,
): string | undefined {
  const { operand } = commandNamed(command);
  const [first, second] = operands;
  const extra = operand === undefined ? first : second;
  if (extra !== undefined)
    throw usageError(`Unexpected argument ${extra}.${didYouMean(extra, OPTION_NAMES, '--')}`);
  if (first === undefined && operand?.isRequired === true && !mayBeMissing) {
    throw usageError(`${command} needs ${operand.what}: roomplex ${command} ${operand.usage}.`);
  }
  return first;
}

function refuseForeignOptions(command: CommandName, options: GivenOptions): void {
  const own = optionsOf(commandNamed(command));
  for (const [name, { from }] of options) {
    if (own.every((option) => option.name !== name)) throw usageError(`${from} is no option of ${command}.`);
  }
}

function refuseTypographicDashes(args: readonly string[]): void {
  for (const arg of args) {
    if (arg === '--') return;
    const [dashes] = TYPOGRAPHIC_DASHES.exec(arg) ?? [];
    if (dashes === undefined) continue;
    const [typed = ''] = arg.slice(dashes.length).split('=');
    const short = OPTIONS.find((option) => option.short === typed);
    const exact = OPTION_NAMES.includes(typed) ? ` Did you mean --${typed}?` : undefined;
    const hint = short ? ` Did you mean -${typed}?` : (exact ?? didYouMean(typed, OPTION_NAMES, '--'));
    throw usageError(`${arg} starts with a dash from a word processor, not with a hyphen.${hint}`);
  }
}
