import { Writable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checked, found, reported } from '../../doctor/test/reported.ts';
import { missingFor, ENVIRONMENTS, startEnvironment } from '../../lab/index.ts';
import { serverPool } from '../test/support/server.ts';
import { CommandError } from './command-error.ts';
import { Checklist } from './doctor-checklist.ts';
import { paletteFor } from './doctor-palette.ts';
import { reportAsText } from './doctor-text.ts';
import { examineServer } from './doctor.ts';
import type { Given } from './given-options.ts';

const startServer = serverPool();

/** Keeps what is written to it. */
class Page extends Writable {
  text = '';
  readonly isTTY: boolean;

  constructor(isTTY = false) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

async function run(
  address: string,
  options: Readonly<Record<string, Given['value']>> = {},
  env: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const [stdout, stderr] = [new Page(), new Page()];
  const given = new Map(Object.entries(options).map(([name, value]) => [name, { value, from: `--${name}` }]));
  const code = await examineServer(given, { address, env, stdout, stderr });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

describe('roomplex doctor', () => {
  it('ends with 0 where all is well, and says so line by line', async () => {
    const { origin } = await startServer();
    const { code, stderr, stdout } = await run(origin);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Examining http:\S+\n {2}✓ The server answers +It answers in /);
    expect(stdout).toContain('Everything gets through.');
    expect(stdout).not.toContain('\u001b');
  });

  it('ends with 3 where something is in the way, and names it; JSON is JSON alone', async () => {
    const { port } = await startServer();
    const environment = await startEnvironment('upgrade-removed', { originPort: port });
    onTestFinished(() => environment.stop());
    const { code, stderr, stdout } = await run(environment.url, { json: true });
    expect([code, stderr]).toEqual([3, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'roomplex-doctor',
      findings: [{ id: 'upgrade-removed', remedy: { nginx: expect.stringContaining('$http_upgrade') } }],
      advice: { transports: ['xhr-streaming', 'eventsource', 'xhr-polling'] },
    });
  });

  const squid = ENVIRONMENTS.find(({ name }) => name === 'squid')!;
  it.skipIf(missingFor(squid) !== undefined)(
    'goes through the proxy that the environment names',
    async () => {
      const { port } = await startServer();
      const environment = await startEnvironment('squid', { originPort: port });
      onTestFinished(() => environment.stop());
      const { code, stdout } = await run(
        environment.url,
        { markdown: true },
        { http_proxy: environment.proxy },
      );
      expect(code).toBe(3);
      expect(stdout).toMatch(/^# Connection report for /);
      expect(stdout).toContain('The proxy opens no tunnel');
    },
  );

  it.each([
    ['ftp://rooms.example', {}],
    ['', {}],
    ['https://rooms.example', { json: true, markdown: true }],
    ['https://rooms.example', { proxy: 'socks5://proxy' }],
  ])('refuses %s with %j', async (address, options) => {
    await expect(run(address, options)).rejects.toMatchObject({ exitCode: 2 });
  });

  it('does not begin when the environment names no HTTP proxy', async () => {
    const begun = run('http://rooms.example', {}, { HTTP_PROXY: 'socks5://proxy' });
    await expect(begun).rejects.toBeInstanceOf(CommandError);
    await expect(begun).rejects.toMatchObject({ exitCode: 1 });
  });
});

describe('the list of checks', () => {
  const checks = [checked('reach', 'pass'), checked('websocket', 'running')];

  it('is written anew on a terminal, in colour', () => {
    const page = new Page(true);
    const checklist = new Checklist(page, paletteFor(page, {}));
    checklist.show(checks, null);
    checklist.show([checks[0]!, checked('websocket', 'fail')], checked('websocket', 'fail'));
    expect(page.text).toContain('\u001b[2A');
    expect(page.text).toContain('\u001b[31m✗\u001b[0m');
  });

  it('has no colour where NO_COLOR is set', () => {
    const page = new Page(true);
    new Checklist(page, paletteFor(page, { NO_COLOR: '1' })).show(checks, null);
    expect(page.text).not.toContain('\u001b[32m');
  });

  it('tells elsewhere what has ended', () => {
    const page = new Page();
    const checklist = new Checklist(page, paletteFor(page, {}));
    checklist.show(checks, null);
    checklist.show(checks, checks[1]!);
    checklist.show(checks, checks[0]!);
    expect(page.text).toBe('  ✓ About reach      A sentence.\n');
  });
});

it('the text of a report ends with the settings, where there is something to set', () => {
  const palette = paletteFor({}, {});
  const findings = [found('upgrade-removed', 'Something removes the Upgrade header', 'warn')];
  expect(reportAsText(reported({ findings }), palette)).toMatch(
    /transports {2}websocket, xhr-streaming\n {2}heartbeat {3}25000 ms\n\nExamined in 0\.9 s\.\n$/,
  );
  expect(reportAsText(reported(), palette)).not.toContain('Settings');
  const advice = { transports: [], heartbeatMs: 25_000, why: 'Nothing works.' };
  expect(reportAsText(reported({ findings, advice }), palette)).not.toContain('Settings');
});
