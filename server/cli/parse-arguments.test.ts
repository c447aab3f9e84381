import { describe, expect, it } from 'vitest';
import { CommandError } from './command-error.ts';
import { parseArguments } from './parse-arguments.ts';

function options(...args: string[]): Record<string, unknown> {
  const request = parseArguments(args);
  if (request.action !== 'run') throw new Error(`asks for ${request.action}`);
  return Object.fromEntries([...request.options].map(([name, { value }]) => [name, value]));
}

function complaint(...args: string[]): string {
  try {
    parseArguments(args);
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === 2) return error.message;
    throw error;
  }
  throw new Error('was accepted');
}

describe('parseArguments', () => {
  it('reads the file that a command takes, and no more than one', () => {
    expect(parseArguments(['export'])).toMatchObject({ command: 'export', operand: undefined });
    expect(parseArguments(['export', '--room', 'r', 'out'])).toMatchObject({ operand: 'out' });
    expect(parseArguments(['import', '--replace', '-'])).toMatchObject({ command: 'import', operand: '-' });
    expect(complaint('import')).toBe('import needs a file: roomplex import FILE|-.');
    expect(complaint('export', 'a', 'b')).toBe('Unexpected argument b.');
    expect(complaint('serve', 'a')).toBe('Unexpected argument a.');
    expect(parseArguments(['import', '--help'])).toEqual({ action: 'help', command: 'import' });
  });

  it('takes the options of the command alone', () => {
    expect(complaint('export', '--port', '1')).toBe('--port is no option of export.');
    expect(complaint('--replace')).toBe('--replace is no option of serve.');
    expect(options('export', '--data', 'x', '--config', 'c')).toEqual({ data: 'x', config: 'c' });
  });

  it('reads long and short options, with and without an equals sign', () => {
    expect(options('--port', '4000', '--host=::1', '-S')).toEqual({ port: '4000', host: '::1', https: true });
    expect(options('serve', '-Sp', '4000')).toEqual({ https: true, port: '4000' });
    expect(options('-p4000', '-c', 'a.json5')).toEqual({ port: '4000', config: 'a.json5' });
  });

  it('collects what may be repeated and takes the last of what may not', () => {
    expect(options('--limit', 'a=1', '--limit=b=2', '--port', '1', '--port', '2')).toEqual({
      limit: ['a=1', 'b=2'],
      port: '2',
    });
  });

  it('takes a value that starts with a hyphen after an equals sign only', () => {
    expect(options('--admin-token=-x')).toEqual({ 'admin-token': '-x' });
    expect(complaint('--port', '--https')).toBe('--port needs a value, but --https follows: --port N.');
    expect(complaint('--admin-token', '-x')).toContain('write --admin-token=-x');
    expect(complaint('-p')).toBe('-p needs a value: --port N.');
  });

  it.each([
    ['--prot', '--port'],
    ['--htps', '--https'],
    ['--origins', '--origin'],
    ['--loglevel=debug', '--log-level'],
    ['--vers', '--version'],
  ])('asks whether %s means %s', (typed, meant) => {
    expect(complaint(typed)).toBe(`Unknown option ${typed.split('=')[0]}. Did you mean ${meant}?`);
  });

  it('refuses what is like nothing without a guess', () => {
    expect(complaint('--frobnicate')).toBe('Unknown option --frobnicate.');
    expect(complaint('-x')).toBe('Unknown option -x.');
    expect(complaint('--__proto__')).toBe('Unknown option --__proto__.');
  });

  it.each([
    ['\u2014https', '--https'],
    ['\u2013https', '--https'],
    ['\u2212\u2212port=1', '--port'],
    ['-\u2013port', '--port'],
    ['\u2014htps', '--https'],
    ['\u2013S', '-S'],
    ['\u2010p', '-p'],
  ])('names the option behind the typographic dash of %s', (typed, meant) => {
    expect(complaint(typed)).toBe(
      `${typed} starts with a dash from a word processor, not with a hyphen. Did you mean ${meant}?`,
    );
  });

  it('refuses unknown commands and stray words', () => {
    expect(complaint('serv')).toBe('Unknown command serv. Did you mean serve?');
    expect(complaint('4000')).toBe('Unknown command 4000.');
    expect(complaint('serve', 'port')).toBe('Unexpected argument port. Did you mean --port?');
  });

  it('shows the help of the program or of a command, whatever else is asked', () => {
    expect(parseArguments(['--help'])).toEqual({ action: 'help', command: undefined });
    expect(parseArguments(['help'])).toEqual({ action: 'help', command: undefined });
    expect(parseArguments(['serve', '-h', '--port', '1'])).toEqual({ action: 'help', command: 'serve' });
    expect(parseArguments(['help', 'serve'])).toEqual({ action: 'help', command: 'serve' });
    expect(parseArguments(['--version'])).toEqual({ action: 'version' });
  });
});
