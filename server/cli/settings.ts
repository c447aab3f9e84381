import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { LOG_LEVELS, type LogLevel } from '../log.ts';
import type { ServerOptions } from '../options.ts';
import { readProxyTrust } from '../transports/proxy-trust.ts';
import { readTokenBroker } from './broker-settings.ts';
import { closestName, didYouMean } from './closest-name.ts';
import type { ConfigFile } from './config-file.ts';
import { readDataFolder } from './data-folder.ts';
import { type Given, type GivenOptions, valued } from './given-options.ts';
import { type OptionSpec, SERVE_OPTIONS, type ServeOptionName, environmentNames } from './option-table.ts';
import { readList, readOrigins, readText, readYesNo, wrong } from './read-value.ts';

/** Everything `roomplex serve` was told, checked, from wherever it came. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  /** `undefined`: plain HTTP. `'self-signed'`: make a certificate. Otherwise paths. */
  readonly tls: TlsFiles | 'self-signed' | undefined;
  readonly origins: readonly string[];
  /** Proxies whose word counts. */
  readonly trustProxy: readonly string[];
  readonly adminToken: string | undefined;
  readonly rooms: 'open' | 'listed';
  readonly channels: readonly string[];
  readonly limits: Partial<Limits>;
  /** Folder of the store; `undefined`: nothing is kept. */
  readonly data: string | undefined;
  /** Folder of session controllers. */
  readonly services: string | undefined;
  readonly logLevel: LogLevel;
  /** Use the native addon where there is one. */
  readonly native: boolean;
  readonly tokenBroker: NonNullable<ServerOptions['tokenBroker']>;
  readonly configPath: string | undefined;
  /** What deserves a line in the log but stops nothing. */
  readonly warnings: readonly string[];
}

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** Where settings come from, strongest first. */
export interface SettingSources {
  readonly flags: GivenOptions;
  readonly environment: GivenOptions;
  readonly file: ConfigFile | undefined;
}

/** Options by source, strongest first. */
export function layersOf({ flags, environment, file }: SettingSources): GivenOptions[] {
  return [flags, environment, file?.options ?? new Map<string, Given>()];
}

/** Puts the sources together and checks every value; a `CommandError` names the first that is wrong. */
export function resolveSettings({ flags, environment, file }: SettingSources): Settings {
  const layers = layersOf({ flags, environment, file });
  refuseAbsentFeatures(layers);
  const find = (name: ServeOptionName): Given | undefined => {
    return layers.map((layer) => valued(layer.get(name))).find((given) => given !== undefined);
  };
  const read = <T>(name: ServeOptionName, reader: (given: Given) => T, otherwise: T): T => {
    const given = find(name);
    return given === undefined ? otherwise : reader(given);
  };
  const rooms = read('channels', (given) => readChoice(given, ['open', 'listed'] as const), 'open');
  const channels = read('channel', readList, []);
  const broker = readTokenBroker(file);
  return {
    port: read('port', readPort, 3000),
    host: read('host', readText, 'localhost'),
    tls: readTls(find),
    origins: read('origin', readOrigins, []),
    trustProxy: read('trust-proxy', readTrustedProxies, []),
    adminToken: read('admin-token', readText, undefined),
    rooms,
    channels,
    limits: readLimits(layers),
    data: readDataFolder(layers),
    services: read('services', readText, undefined),
    logLevel: read('log-level', (given) => readChoice(given, LOG_LEVELS), 'info'),
    native: read('native', readYesNo, true),
    tokenBroker: broker.options,
    configPath: file?.path,
    warnings: [
      ...(file?.warnings ?? []),
      ...broker.warnings,
      ...(channels.length > 0 && rooms === 'open'
        ? ['--channel has no effect without --channels listed.']
        : []),
    ],
  };
}

/** Names in the environment that look like a misspelt option. */
export function suspiciousEnvironment(env: NodeJS.ProcessEnv): string[] {
  const known = (SERVE_OPTIONS as readonly OptionSpec[]).flatMap(environmentNames);
  return Object.keys(env)
    .filter((name) => name.startsWith('ROOMPLEX_') && !known.includes(name))
    .flatMap((name) => {
      const meant = closestName(
        name.slice('ROOMPLEX_'.length),
        known.map((known) => known.slice('ROOMPLEX_'.length)),
      );
      return meant === undefined ? [] : [`${name} means nothing. Did you mean ROOMPLEX_${meant}?`];
    });
}

function refuseAbsentFeatures(layers: readonly GivenOptions[]): void {
  for (const option of SERVE_OPTIONS) {
    if (!('refused' in option)) continue;
    const given = layers.map((layer) => layer.get(option.name)).find((candidate) => candidate !== undefined);
    if (given !== undefined) throw wrong(given, `cannot be used. ${option.refused}`);
  }
}

function readPort(given: Given): number {
  const text = readText(given).trim();
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw wrong(given, `must be a whole number from 0 to 65535, not ${JSON.stringify(text)}.`);
  }
  return port;
}

function readTrustedProxies(given: Given): string[] {
  const names = readList(given);
  try {
    readProxyTrust(names);
  } catch (error) {
    throw wrong(given, `cannot be used: ${(error as Error).message}.`);
  }
  return names;
}

function readChoice<T extends string>(given: Given, choices: readonly T[]): T {
  const text = readText(given);
  const choice = choices.find((candidate) => candidate === text.trim().toLowerCase());
  if (choice === undefined) {
    const all = choices.join(', ');
    throw wrong(given, `must be one of ${all}, not ${JSON.stringify(text)}.${didYouMean(text, choices)}`);
  }
  return choice;
}

function readTls(find: (name: ServeOptionName) => Given | undefined): Settings['tls'] {
  const cert = find('cert');
  const key = find('key');
  const https = find('https');
  if (https !== undefined && !readYesNo(https)) return undefined;
  if (cert !== undefined && key !== undefined) return { cert: readText(cert), key: readText(key) };
  if (cert !== undefined) throw wrong(cert, 'needs a private key beside it: --key FILE.');
  if (key !== undefined) throw wrong(key, 'needs a certificate beside it: --cert FILE.');
  return https === undefined ? undefined : 'self-signed';
}

/** Weaker layers first, and `all` before the names, so that the more particular word counts. */
function readLimits(layers: readonly GivenOptions[]): Partial<Limits> {
  const limits: Partial<Limits> = {};
  for (const layer of layers.toReversed()) {
    const given = layer.get('limit');
    if (given === undefined || given.value === null) continue;
    const pairs = readList(given).map((pair) => readLimit(given, pair));
    if (pairs.some(([name]) => name === 'all')) {
      for (const name of LIMIT_NAMES) limits[name] = 0;
    }
    for (const [name, amount] of pairs) {
      if (name !== 'all') limits[name] = amount;
    }
  }
  return limits;
}

const LIMIT_NAMES = Object.keys(DEFAULT_LIMITS) as (keyof Limits)[];

function readLimit(given: Given, pair: string): [name: keyof Limits | 'all', amount: number] {
  const [, typed, amount] = /^\s*([^=]*?)\s*=\s*(\d{1,15})\s*$/.exec(pair) ?? [];
  if (typed === undefined) {
    throw wrong(
      given,
      `takes NAME=N with a whole number N, such as message=65536, not ${JSON.stringify(pair)}.`,
    );
  }
  if (typed === 'all') {
    if (Number(amount) !== 0) throw wrong(given, 'takes all=0 only: limits count different things.');
    return ['all', 0];
  }
  const name = LIMIT_NAMES.find((candidate) => candidate === typed);
  if (name === undefined) {
    const hint = didYouMean(typed, [...LIMIT_NAMES, 'all']);
    throw wrong(given, `knows no limit ${typed}.${hint} There are ${LIMIT_NAMES.join(', ')}.`);
  }
  return [name, Number(amount)];
}
