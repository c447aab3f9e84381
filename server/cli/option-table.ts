import { DEFAULT_LIMITS } from '../limits.ts';
import { LOG_LEVELS } from '../log.ts';

/** One option: the command line, the help, the environment and the reference come from here. */
export interface OptionSpec {
  /** Long name without dashes. */
  readonly name: string;
  readonly short?: string;
  /** `flag` takes no value, `list` may be given several times. */
  readonly kind: 'value' | 'flag' | 'list';
  /** What stands for the value in the help. */
  readonly placeholder?: string;
  readonly group:
    | 'Address'
    | 'Encryption'
    | 'Who may in'
    | 'Rooms and limits'
    | 'Rooms'
    | 'Examination'
    | 'Output'
    | 'General';
  readonly summary: string;
  /** As the help shows it. */
  readonly default?: string;
  /** Environment variables that mean the same, beside `ROOMPLEX_…`. */
  readonly moreEnv?: readonly string[];
  /** Names in the configuration file, in any spelling; the option's own name when absent. */
  readonly configKeys?: readonly string[];
  /** It is given on the command line alone. */
  readonly isPersonal?: boolean;
  /** Why this version refuses the option. */
  readonly refused?: string;
}

const LIMIT_NAMES = Object.keys(DEFAULT_LIMITS);

/** The options of `roomplex serve`, in the order in which the help shows them. */
export const SERVE_OPTIONS = [
  {
    name: 'port',
    short: 'p',
    kind: 'value',
    placeholder: 'N',
    group: 'Address',
    summary: 'Port to listen on; 0 takes any free one.',
    default: '3000',
    moreEnv: ['PORT'],
  },
  {
    name: 'host',
    kind: 'value',
    placeholder: 'NAME',
    group: 'Address',
    summary: 'Name or address to listen on; 0.0.0.0 or :: for all.',
    default: 'localhost',
  },
  {
    name: 'https',
    short: 'S',
    kind: 'flag',
    group: 'Encryption',
    summary:
      'Serve HTTPS. Without --cert and --key a self-signed certificate is made once and kept in .roomplex/.',
    default: 'off',
  },
  {
    name: 'cert',
    kind: 'value',
    placeholder: 'FILE',
    group: 'Encryption',
    summary: 'Certificate chain in PEM form; turns HTTPS on.',
  },
  {
    name: 'key',
    kind: 'value',
    placeholder: 'FILE',
    group: 'Encryption',
    summary: 'Private key in PEM form.',
  },
  {
    name: 'origin',
    kind: 'list',
    placeholder: 'ORIGIN',
    group: 'Who may in',
    summary: 'Origin whose pages may connect, beside our own; * for all. May be repeated.',
    configKeys: ['origins'],
  },
  {
    name: 'trust-proxy',
    kind: 'list',
    placeholder: 'WHOM',
    group: 'Who may in',
    summary:
      'Proxy whose X-Forwarded-For, -Proto, -Host or Forwarded counts: an address, a network such as 10.0.0.0/8, loopback, private or all; or how many proxies stand in a row. May be repeated.',
    default: 'none',
  },
  {
    name: 'admin-token',
    kind: 'value',
    placeholder: 'TOKEN',
    group: 'Who may in',
    summary: 'What the dashboard asks for. Better set in the environment, where other users cannot see it.',
  },
  {
    name: 'channels',
    kind: 'value',
    placeholder: 'open|listed',
    group: 'Rooms and limits',
    summary:
      'open: any topic on /multiplex is a room. listed: only those named by --channel. Rooms joined through /layout are not affected.',
    default: 'open',
  },
  {
    name: 'channel',
    kind: 'list',
    placeholder: 'NAME',
    group: 'Rooms and limits',
    summary: 'Topic that is a room when --channels is listed. May be repeated.',
  },
  {
    name: 'limit',
    kind: 'list',
    placeholder: 'NAME=N',
    group: 'Rooms and limits',
    summary: `Change a limit; 0 lifts it, all=0 lifts all. May be repeated. Names: ${LIMIT_NAMES.join(', ')}.`,
    configKeys: ['limits', 'limit'],
  },
  {
    name: 'data',
    kind: 'value',
    placeholder: 'DIR',
    group: 'Rooms and limits',
    summary: 'Folder of the store: what is said and set in rooms is kept there. Made when it is not there.',
    default: './data',
  },
  {
    name: 'memory',
    kind: 'flag',
    group: 'Rooms and limits',
    summary: 'Keep nothing: rooms are gone when the server stops.',
    default: 'off',
  },
  {
    name: 'services',
    kind: 'value',
    placeholder: 'DIR',
    group: 'General',
    summary: 'Folder of session controllers: NAME.js, .cjs or .mjs answers at /service/NAME.',
  },
  {
    name: 'config',
    short: 'c',
    kind: 'value',
    placeholder: 'FILE',
    group: 'General',
    summary:
      'Configuration file. Without it roomplex.config.json5, roomplex.config.json, websockets.conf or saiwebsocket.config in the working directory is read, if there is one.',
    configKeys: [],
  },
  {
    name: 'log-level',
    kind: 'value',
    placeholder: 'LEVEL',
    group: 'General',
    summary: `How much to log: ${LOG_LEVELS.join(', ')}.`,
    default: 'info',
  },
  {
    name: 'native',
    kind: 'flag',
    group: 'General',
    summary:
      'Send to the members of a room by the native addon, where it was built: cheaper, otherwise the same. --native=no does without.',
    default: 'on',
  },
  {
    name: 'redis',
    kind: 'value',
    placeholder: 'URL',
    group: 'General',
    summary: 'Not in this version.',
    refused: 'This version runs on one node only and does not speak to Redis.',
  },
] as const satisfies readonly OptionSpec[];

const [DATA, CONFIG] = (['data', 'config'] as const).map((wanted) => {
  return SERVE_OPTIONS.find(({ name }) => name === wanted);
}) as [OptionSpec, OptionSpec];

/** The options of `roomplex export`. */
export const EXPORT_OPTIONS: readonly OptionSpec[] = [
  { ...DATA, group: 'Rooms', summary: 'Folder of the store.' },
  {
    name: 'room',
    kind: 'value',
    placeholder: 'NAME',
    group: 'Rooms',
    summary: 'Only the room of this name.',
    isPersonal: true,
  },
  CONFIG,
];

/** The options of `roomplex import`. */
export const IMPORT_OPTIONS: readonly OptionSpec[] = [
  { ...DATA, group: 'Rooms' },
  {
    name: 'replace',
    kind: 'flag',
    group: 'Rooms',
    summary: 'Replace rooms that are there already, instead of refusing them.',
    isPersonal: true,
  },
  CONFIG,
];

/** The options of `roomplex doctor`. */
export const DOCTOR_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'full',
    kind: 'flag',
    group: 'Examination',
    summary: 'Look for idle cuts as well, which takes a minute longer.',
    isPersonal: true,
  },
  {
    name: 'proxy',
    kind: 'value',
    placeholder: 'URL',
    group: 'Examination',
    summary: 'HTTP proxy to go through. Without it HTTP_PROXY, HTTPS_PROXY and NO_PROXY count.',
    isPersonal: true,
  },
  {
    name: 'insecure',
    kind: 'flag',
    group: 'Examination',
    summary: 'Accept any certificate, as a self-signed one.',
    isPersonal: true,
  },
  {
    name: 'json',
    kind: 'flag',
    group: 'Output',
    summary: 'Print the report as JSON.',
    isPersonal: true,
  },
  {
    name: 'markdown',
    kind: 'flag',
    group: 'Output',
    summary: 'Print the report as Markdown.',
    isPersonal: true,
  },
];

/** Options of every command. */
export const COMMON_OPTIONS = [
  { name: 'help', short: 'h', kind: 'flag', group: 'General', summary: 'Show this help.', isPersonal: true },
  { name: 'version', kind: 'flag', group: 'General', summary: 'Show the version.', isPersonal: true },
] as const satisfies readonly OptionSpec[];

export type ServeOptionName = (typeof SERVE_OPTIONS)[number]['name'];

/** The environment variables that mean an option, strongest first. */
export function environmentNames(option: OptionSpec): readonly string[] {
  if (option.isPersonal === true) return [];
  return [`ROOMPLEX_${option.name.toUpperCase().replaceAll('-', '_')}`, ...(option.moreEnv ?? [])];
}
