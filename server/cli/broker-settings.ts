import type { ServerOptions } from '../options.ts';
import type { ConfigFile } from './config-file.ts';
import type { Given } from './given-options.ts';
import { readList, readOrigins, readText, readYesNo, wrong } from './read-value.ts';

/** What the server is told of its token broker, and what deserves a line in the log. */
export interface BrokerSettings {
  readonly options: NonNullable<ServerOptions['tokenBroker']>;
  readonly warnings: readonly string[];
}

/**
 * Reads the token broker's settings from the configuration file (S4 §7). Where none says anything about it,
 * it is as open as the rest of the server, and its API answers this machine only.
 */
export function readTokenBroker(file: ConfigFile | undefined): BrokerSettings {
  if (file === undefined || !file.speaksOfBroker) {
    return { options: { allowUnregistered: true, apiFrom: 'this-machine' }, warnings: [] };
  }
  const find = (name: string): Given | undefined => {
    const given = file.brokerSettings.get(name.toLowerCase());
    return given === undefined || given.value === null || given.value === '' ? undefined : given;
  };
  const read = <T>(name: string, reader: (given: Given) => T): T | undefined => {
    const given = find(name);
    return given === undefined ? undefined : reader(given);
  };
  const options = {
    allowUnregistered: read('AllowUnregisteredClients', isYes) ?? false,
    origins: read('Origin', readOrigins) ?? ['*'],
    allowHeaders: read('Responseheaders', readHeaderNames),
    registeredTokensUrl: read('RegisteredTokensUrl', readHttpUrl),
    refreshMs: read('RegisteredTokensRefresh', readSeconds),
    apiKey: read('ApiKey', readText),
    jsonFrames: read('JsonFrames', readYesNo),
    notices: read('Notices', readYesNo),
    kickOnUnregister: read('KickOnUnregister', readYesNo),
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { options: Object.fromEntries(given), warnings: doubts(find('AllowUnregisteredClients')) };
}

const NO = ['no', 'false', '0', 'off'];

/** Whatever else stands there has always meant no (S4 §3). */
function isYes({ value }: Given): boolean {
  return ['yes', 'true', '1', 'on'].includes(wordOf(value));
}

function doubts(given: Given | undefined): string[] {
  if (given === undefined || isYes(given) || NO.includes(wordOf(given.value))) return [];
  return [`${given.from}: ${JSON.stringify(given.value)} is neither yes nor no, and counts as no.`];
}

function wordOf(value: unknown): string {
  return String(value).trim().toLowerCase();
}

function readHttpUrl(given: Given): string {
  const text = readText(given);
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw wrong(given, `must be an http or https address, not ${JSON.stringify(text)}.`);
  }
  return text;
}

function readHeaderNames(given: Given): string {
  const names = readList(given);
  const odd = names.find((name) => name !== '*' && !/^[\w!#$%&'*+.^`|~-]+$/.test(name));
  if (odd !== undefined) throw wrong(given, `must be names of headers, not ${JSON.stringify(odd)}.`);
  return names.includes('*') ? '*' : names.join(', ');
}

/** In ms. */
function readSeconds(given: Given): number {
  const text = readText(given).trim();
  if (!/^\d{1,6}$/.test(text))
    throw wrong(given, `must be a whole number of seconds, not ${JSON.stringify(text)}.`);
  return Number(text) * 1000;
}
