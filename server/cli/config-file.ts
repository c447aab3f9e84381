import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { didYouMean } from './closest-name.ts';
import { startError } from './command-error.ts';
import {
  type ConfigEntry,
  ConfigSyntaxError,
  type ConfigObject,
  type ConfigValue,
  parseConfig,
} from './config-syntax.ts';
import type { Given, GivenOptions } from './given-options.ts';
import { type OptionSpec, SERVE_OPTIONS } from './option-table.ts';
import { describeReadFailure } from './read-failure.ts';

/** What a configuration file says. */
export interface ConfigFile {
  /** As messages name it. */
  readonly path: string;
  readonly options: GivenOptions;
  /** The token broker's settings (S4 §7), by their lower-case names. */
  readonly brokerSettings: GivenOptions;
  /** It is the old broker's own file, or says something that concerns the token broker alone. */
  readonly speaksOfBroker: boolean;
  readonly warnings: readonly string[];
}

/** The names of the old token broker's own file: as its documentation has it, and as its code does (S4 §1.5). */
const BROKER_FILES = ['websockets.conf', 'saiwebsocket.config'] as const;
/** Where the old broker listens when its file does not say (S4 §7). */
const BROKER_PORT = 8000;

/** Looked for in the working directory, the first that is there is read. */
const CONFIG_NAMES = ['roomplex.config.json5', 'roomplex.config.json', ...BROKER_FILES] as const;

/** The token broker's settings: the old broker's, as its file spells them, and ours. */
const BROKER_SETTINGS = [
  'Origin',
  'Responseheaders',
  'AllowUnregisteredClients',
  'RegisteredTokensUrl',
  'RegisteredTokensRefresh',
  'ApiKey',
  'JsonFrames',
  'Notices',
  'KickOnUnregister',
] as const;

/** The old broker let an environment variable of the very same name win over its file. */
const SETTINGS_WITH_ENVIRONMENT = ['Host', 'Port', ...BROKER_SETTINGS];

const MAX_BYTES = 1_048_576;
const FILE_OPTIONS = ['cert', 'key', 'data', 'services'];

/** Finds and reads the configuration file; `undefined` when none was named and none is there. */
export async function loadConfigFile(
  cwd: string,
  named: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<ConfigFile | undefined> {
  const path = named ?? (await findConfigFile(cwd));
  if (path === undefined) return undefined;
  const file = resolve(cwd, path);
  const content = parse(path, await read(file, path));
  return interpret(path, dirname(file), content, env);
}

async function findConfigFile(cwd: string): Promise<string | undefined> {
  for (const name of CONFIG_NAMES) {
    const entry = await stat(join(cwd, name)).catch(() => undefined);
    if (entry?.isFile()) return name;
  }
  return undefined;
}

async function read(file: string, path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw startError(`Cannot read the configuration file ${path}: ${describeReadFailure(error)}.`, error);
  }
  if (bytes.length > MAX_BYTES) throw startError(`${path}: larger than a configuration file may be (1 MiB).`);
  return bytes.toString('utf8');
}

function parse(path: string, text: string): ConfigObject {
  try {
    return parseConfig(text);
  } catch (error) {
    if (!(error instanceof ConfigSyntaxError)) throw error;
    throw startError(`${path}:${error.line}: ${error.message}.`, error);
  }
}

function interpret(path: string, folder: string, content: ConfigObject, env: NodeJS.ProcessEnv): ConfigFile {
  const options = new Map<string, Given>();
  const brokerSettings = new Map<string, Given>();
  const warnings: string[] = [];
  for (const [key, entry] of content) {
    const name = canonical(key);
    const from = `${path}:${entry.line}`;
    const option = OPTIONS_BY_KEY.get(name);
    if (BROKER_NAMES.has(name)) {
      brokerSettings.set(name, { value: entry.value, from, setting: key });
    } else if (option !== undefined) {
      options.set(option.name, { value: optionValue(option, entry, folder), from, setting: key });
    } else if (key !== '$schema') {
      warnings.push(`${from}: ${key} is no setting and is ignored.${didYouMean(key, KNOWN_KEYS)}`);
    }
  }
  for (const name of SETTINGS_WITH_ENVIRONMENT) {
    const value = env[name];
    if (value === undefined || value === '') continue;
    const target = BROKER_NAMES.has(canonical(name)) ? brokerSettings : options;
    target.set(canonical(name), { value, from: name });
  }
  const isBrokerFile = (BROKER_FILES as readonly string[]).includes(basename(path));
  if (isBrokerFile && !options.has('port')) {
    options.set('port', { value: BROKER_PORT, from: path, setting: 'Port' });
  }
  const speaksOfBroker = isBrokerFile || brokerSettings.size > 0;
  return { path, options, brokerSettings, speaksOfBroker, warnings };
}

/** Case, dashes and underscores make no difference in the name of a setting. */
function canonical(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, '');
}

function optionValue(option: OptionSpec, { value }: ConfigEntry, folder: string): unknown {
  if (FILE_OPTIONS.includes(option.name) && typeof value === 'string') {
    return resolve(folder, value);
  }
  return option.name === 'limit' ? limitPairs(value) : value;
}

/** `{ rooms: 5 }` means what `--limit rooms=5` means. */
function limitPairs(value: ConfigValue): unknown {
  return value instanceof Map ? [...value].map(([name, entry]) => `${name}=${String(entry.value)}`) : value;
}

const OPTIONS_BY_KEY: ReadonlyMap<string, OptionSpec> = new Map(
  (SERVE_OPTIONS as readonly OptionSpec[]).flatMap((option) =>
    (option.configKeys ?? [option.name]).map((key) => [canonical(key), option] as const),
  ),
);
const BROKER_NAMES: ReadonlySet<string> = new Set(BROKER_SETTINGS.map(canonical));
const KNOWN_KEYS = [...OPTIONS_BY_KEY.values()].map(configKey).concat(BROKER_SETTINGS);

/** How a configuration file best spells an option. */
export function configKey(option: OptionSpec): string {
  const [key = option.name] = option.configKeys ?? [];
  return key.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
