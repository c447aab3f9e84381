import { CommandError, startError } from './cli/command-error.ts';
import { COMMANDS } from './cli/commands.ts';
import { loadConfigFile } from './cli/config-file.ts';
import { readDataFolder } from './cli/data-folder.ts';
import { exportRooms } from './cli/export.ts';
import { readEnvironment } from './cli/given-options.ts';
import { helpText } from './cli/help.ts';
import { importRooms } from './cli/import.ts';
import { type RunRequest, parseArguments } from './cli/parse-arguments.ts';
import { type Frontend, type RunningServer, serve } from './cli/serve.ts';
import {
  layersOf,
  resolveSettings,
  type Settings,
  type SettingSources,
  suspiciousEnvironment,
} from './cli/settings.ts';
import { findInstallation } from './installation.ts';
import { type Logger, createLogger } from './log.ts';

/** Orchestrators wait 10 s after SIGTERM as a rule; what is not finished shortly before that is cut. */
const DRAIN_MS = 8000;

/** Ctrl-C under npm arrives twice, from the terminal and handed on by npm; that is one wish, not two. */
const SAME_WISH_MS = 300;

/**
 * The program `roomplex`: reads arguments, environment and configuration file, serves until a signal comes,
 * and ends the process. `frontend` says where the web app comes from; default: its build.
 */
export async function main(host: NodeJS.Process, frontend?: Frontend): Promise<void> {
  ignoreClosedOutputs(host);
  try {
    const request = parseArguments(host.argv.slice(2));
    if (request.action === 'help') host.stdout.write(helpText(request.command));
    else if (request.action === 'version') host.stdout.write(`${findInstallation().version}\n`);
    else if (request.command === 'doctor') await runDoctor(host, request);
    else await run(host, request, frontend);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const hint = error.exitCode === 2 ? `\nSee ${helpCommand(host.argv[2])}.` : '';
    host.stderr.write(`roomplex: ${error.message}${hint}\n`);
    host.exitCode = error.exitCode;
  }
}

/** Where to read on: at the command that was meant, if it is one. */
function helpCommand(word: string | undefined): string {
  const isCommand = COMMANDS.some(({ name }) => name === word);
  return isCommand ? `roomplex ${word} --help` : 'roomplex --help';
}

async function run(host: NodeJS.Process, request: RunRequest, frontend?: Frontend): Promise<void> {
  const { command, options: flags, operand } = request;
  const environment = readEnvironment(host.env);
  const named = flags.get('config') ?? environment.get('config');
  const path = named === undefined ? undefined : String(named.value);
  const file = await loadConfigFile(host.cwd(), path, host.env);
  const sources = { flags, environment, file };
  if (command === 'serve') {
    await runServe(host, sources, frontend);
    return;
  }
  const data = readDataFolder(layersOf(sources));
  if (data === undefined) throw startError('There is no store: nothing is to be kept. Name one with --data.');
  const context = { cwd: host.cwd(), data, stderr: host.stderr };
  if (command === 'export') await exportRooms(flags, { ...context, operand, stdout: host.stdout });
  else await importRooms(flags, { ...context, operand: operand ?? '-', stdin: host.stdin });
}

async function runDoctor(host: NodeJS.Process, { operand = '', options }: RunRequest): Promise<void> {
  // Whoever serves does not wait for what only the doctor needs.
  const { examineServer } = await import('./cli/doctor.ts');
  host.exitCode = await examineServer(options, {
    address: operand,
    env: host.env,
    stdout: host.stdout,
    stderr: host.stderr,
  });
}

async function runServe(host: NodeJS.Process, sources: SettingSources, frontend?: Frontend): Promise<void> {
  const settings = resolveSettings(sources);
  const log = createLogger({
    level: settings.logLevel,
    format: host.stderr.isTTY ? 'text' : 'json',
    color: host.stderr.isTTY && (host.env['NO_COLOR'] ?? '') === '',
    stream: host.stderr,
  });
  for (const warning of [...settings.warnings, ...suspiciousEnvironment(host.env)]) log.warn(warning);
  const starting = serve(settings, { cwd: host.cwd(), log, ...(frontend && { frontend }) });
  stopOnSignal(host, starting, log);
  logCrashes(host, log);
  const running = await starting;
  host.stdout.write(`Roomplex is listening on ${running.url}\n`);
  describeStart(settings, log);
}

function describeStart(settings: Settings, log: Logger): void {
  if (settings.configPath !== undefined) log.info('configuration file read', { file: settings.configPath });
  if (settings.data === undefined)
    log.info('rooms are kept in memory only and are gone when the server stops');
  else log.info('rooms are kept on disk', { folder: settings.data });
  const isPrivate = ['localhost', '127.0.0.1', '::1'].includes(settings.host);
  if (!isPrivate && settings.adminToken === undefined) {
    log.warn('without --admin-token whoever reaches this server may watch its dashboard');
  }
  const { apiFrom, apiKey } = settings.tokenBroker;
  if (!isPrivate && apiKey === undefined && apiFrom !== 'this-machine') {
    log.warn('without an ApiKey whoever reaches this server may use the API of its token broker');
  }
}

/** The first signal drains and exits with 0, the second exits at once. */
function stopOnSignal(host: NodeJS.Process, starting: Promise<RunningServer>, log: Logger): void {
  let first: { readonly signal: string; readonly at: number } | undefined;
  const stop = async (signal: 'SIGTERM' | 'SIGINT', signalNumber: number): Promise<void> => {
    if (first !== undefined) {
      const isEcho = first.signal === signal && performance.now() - first.at < SAME_WISH_MS;
      if (!isEcho) host.exit(128 + signalNumber);
      return;
    }
    first = { signal, at: performance.now() };
    log.info('stopping; a second signal stops at once', { signal });
    setTimeout(() => {
      log.warn('connections that did not end in time are cut', { afterMs: DRAIN_MS });
      host.exit(0);
    }, DRAIN_MS).unref();
    const running = await starting.catch(() => undefined);
    // A start that fails says so itself and exits with its own code.
    if (running === undefined) return;
    await running.close();
    log.info('stopped');
    host.exit(0);
  };
  host.on('SIGTERM', () => void stop('SIGTERM', 15));
  host.on('SIGINT', () => void stop('SIGINT', 2));
}

/** An error nobody expected leaves the server in a state nobody knows; what restarts it needs to be told why. */
function logCrashes(host: NodeJS.Process, log: Logger): void {
  host.on('uncaughtException', (error) => {
    log.error('crashed', { error });
    host.exit(1);
  });
}

/** `roomplex --help | head -1` closes our output early, which is no reason to crash. */
function ignoreClosedOutputs(host: NodeJS.Process): void {
  for (const stream of [host.stdout, host.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
