import { setMaxListeners } from 'node:events';
import type { Writable } from 'node:stream';
import { reportAsMarkdown } from '../../doctor/markdown.ts';
import { parseProxy, proxyFor } from '../../client/node/proxy-for.ts';
import { nodeEnvironment } from '../../doctor/node.ts';
import type { Report } from '../../doctor/report.ts';
import { examine } from '../../doctor/run.ts';
import { serverRoot } from '../../doctor/server-root.ts';
import { startError, usageError } from './command-error.ts';
import { Checklist, type ChecklistStream } from './doctor-checklist.ts';
import { paletteFor } from './doctor-palette.ts';
import { reportAsText } from './doctor-text.ts';
import type { GivenOptions } from './given-options.ts';
import { readText, readYesNo } from './read-value.ts';

/** What `roomplex doctor` works with. */
export interface DoctorContext {
  /** Of the server, as it was typed. */
  readonly address: string;
  /** Its proxies and `NO_COLOR` count. */
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Writable & ChecklistStream;
  readonly stderr: ChecklistStream;
}

/** Examines the way to a server. Answers the exit code: 0, nothing is wrong, or 3. */
export async function examineServer(options: GivenOptions, context: DoctorContext): Promise<0 | 3> {
  const { env, stderr, stdout } = context;
  const isSet = (name: string): boolean => {
    const given = options.get(name);
    return given !== undefined && readYesNo(given);
  };
  const [isJson, isMarkdown] = [isSet('json'), isSet('markdown')];
  if (isJson && isMarkdown) throw usageError('--json and --markdown contradict each other.');
  const isForPeople = !isJson && !isMarkdown;
  const url = readAddress(context.address);
  const environment = await nodeEnvironment({
    proxy: readProxy(options, url, env),
    insecure: isSet('insecure'),
  });
  const stream = isForPeople ? stdout : stderr;
  const palette = paletteFor(stream, env);
  // What is redirected is the report alone.
  const checklist = isForPeople || stderr.isTTY === true ? new Checklist(stream, palette) : null;
  checklist?.begin(url.href);
  const { signal } = new AbortController();
  // All that is under way at once listens for the end of the examination: no leak.
  setMaxListeners(0, signal);
  const report = await examine(url, environment, { full: isSet('full'), signal }, (checks, changed) => {
    checklist?.show(checks, changed);
  });
  checklist?.end();
  if (isJson) stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (isMarkdown) stdout.write(reportAsMarkdown(report));
  else stdout.write(reportAsText(report, palette));
  return isAllWell(report) ? 0 : 3;
}

function isAllWell({ findings }: Report): boolean {
  return findings.every(({ severity }) => severity === 'info');
}

/** A name alone is that of a server on the web, or on this computer. */
function readAddress(typed: string): URL {
  const isLocal = /^(?:localhost|127\.|\[::1\])/.test(typed);
  const full = /^\w+:\/\//.test(typed) ? typed : `${isLocal ? 'http' : 'https'}://${typed}`;
  try {
    return serverRoot(full);
  } catch {
    throw usageError(`${JSON.stringify(typed)} is no address of a server, such as https://rooms.example/.`);
  }
}

function readProxy(options: GivenOptions, url: URL, env: NodeJS.ProcessEnv): URL | null {
  const given = options.get('proxy');
  try {
    return given === undefined ? proxyFor(url, env) : parseProxy(readText(given));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    if (given !== undefined)
      throw usageError('--proxy must be an HTTP proxy such as http://proxy.example:3128.');
    throw startError(
      'The proxy that the environment names is no HTTP proxy. Name another with --proxy.',
      error,
    );
  }
}
