import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { CommandError } from './command-error.ts';
import { loadConfigFile } from './config-file.ts';
import { readEnvironment } from './given-options.ts';
import { parseArguments } from './parse-arguments.ts';
import { type Settings, resolveSettings, suspiciousEnvironment } from './settings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomplex-settings-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Given {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly files?: Readonly<Record<string, string>>;
}

async function settle({ args = [], env = {}, files = {} }: Given): Promise<Settings> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const request = parseArguments(args);
  if (request.action !== 'run') throw new Error(`asks for ${request.action}`);
  const environment = readEnvironment(env);
  const named = request.options.get('config') ?? environment.get('config');
  const file = await loadConfigFile(folder, named && String(named.value), env);
  return resolveSettings({ flags: request.options, environment, file });
}

async function complaint(given: Given): Promise<{ message: string; exitCode: number }> {
  const error = await settle(given).then(
    () => new Error('was accepted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CommandError)) throw error;
  return { message: error.message, exitCode: error.exitCode };
}

const CONF = 'websockets.conf';

describe('resolveSettings', () => {
  it('has defaults for everything', async () => {
    expect(await settle({})).toEqual({
      port: 3000,
      host: 'localhost',
      tls: undefined,
      origins: [],
      trustProxy: [],
      adminToken: undefined,
      rooms: 'open',
      channels: [],
      limits: {},
      data: './data',
      services: undefined,
      logLevel: 'info',
      native: true,
      tokenBroker: { allowUnregistered: true, apiFrom: 'this-machine' },
      configPath: undefined,
      warnings: [],
    });
  });

  it('lets the command line win over the environment and the environment over the file', async () => {
    const files = { 'roomplex.config.json5': '{ port: 1, host: "file", logLevel: "debug" }' };
    const env = { ROOMPLEX_PORT: '2', PORT: '3', ROOMPLEX_HOST: 'env' };
    expect(await settle({ files, env, args: ['-p', '4'] })).toMatchObject({
      port: 4,
      host: 'env',
      logLevel: 'debug',
    });
    expect(await settle({ files, env })).toMatchObject({ port: 2 });
    expect(await settle({ files, env: { PORT: '3' } })).toMatchObject({ port: 3 });
    expect(await settle({ files, env: { PORT: '' } })).toMatchObject({ port: 1 });
  });

  it('finds its configuration file by name, the first of several', async () => {
    const files = { 'roomplex.config.json': '{"port":1}', [CONF]: 'Port: 2', 'my.conf': 'port: 3' };
    expect(await settle({ files: { [CONF]: 'Port: 2' } })).toMatchObject({ port: 2, configPath: CONF });
    expect(await settle({ files })).toMatchObject({ port: 1, configPath: 'roomplex.config.json' });
    expect(await settle({ files, args: ['-c', 'my.conf'] })).toMatchObject({
      port: 3,
      configPath: 'my.conf',
    });
    expect(await settle({ files, env: { ROOMPLEX_CONFIG: 'my.conf' } })).toMatchObject({ port: 3 });
  });

  it('takes every option from each of its places', async () => {
    const expected = {
      port: 0,
      host: '::1',
      origins: ['https://a.test', '*'],
      trustProxy: ['loopback', '10.0.0.0/8'],
      adminToken: 'secret',
      rooms: 'listed',
      channels: ['a', 'b'],
      limits: { rooms: 5, message: 0 },
      logLevel: 'warn',
    };
    const args = [
      '-p',
      '0',
      '--host',
      '::1',
      '--origin',
      'https://a.test',
      '--origin',
      '*',
      '--trust-proxy',
      'loopback',
      '--trust-proxy',
      '10.0.0.0/8',
      '--admin-token',
      'secret',
    ];
    args.push(
      '--channels',
      'listed',
      '--channel',
      'a',
      '--channel',
      'b',
      '--limit',
      'rooms=5',
      '--limit',
      'message=0',
    );
    expect(await settle({ args: [...args, '--log-level', 'warn', '--memory'] })).toMatchObject(expected);
    const env = {
      ROOMPLEX_PORT: '0',
      ROOMPLEX_HOST: '::1',
      ROOMPLEX_ORIGIN: 'https://a.test, *',
      ROOMPLEX_ADMIN_TOKEN: 'secret',
      ROOMPLEX_TRUST_PROXY: 'loopback,10.0.0.0/8',
      ROOMPLEX_CHANNELS: 'listed',
      ROOMPLEX_CHANNEL: 'a,b',
      ROOMPLEX_LIMIT: 'rooms=5,message=0',
      ROOMPLEX_LOG_LEVEL: 'WARN',
      ROOMPLEX_MEMORY: '1',
    };
    expect(await settle({ env })).toMatchObject(expected);
    const file = `port: 0, host: '::1', origins: ['https://a.test/', '*'], admin_token: secret, channels: listed,
      trustProxy: [loopback, 10.0.0.0/8],
      channel: [a, b], limits: { rooms: 5, message: 0 }, 'log-level': warn, memory: yes`;
    expect(await settle({ files: { 'roomplex.config.json5': file } })).toMatchObject(expected);
  });

  describe('the folder of the store', () => {
    it('is named on the command line, in the environment or in the file', async () => {
      const files = { [CONF]: 'Data: file' };
      const env = { ROOMPLEX_DATA: 'env' };
      expect((await settle({ files })).data).toBe(join(folder, 'file'));
      expect((await settle({ files, env })).data).toBe('env');
      expect((await settle({ files, env, args: ['--data', 'flag'] })).data).toBe('flag');
    });

    it('is none when the strongest source that speaks of it wants nothing kept', async () => {
      const files = { [CONF]: 'data: file' };
      expect((await settle({ files, args: ['--memory'] })).data).toBeUndefined();
      expect((await settle({ files: { [CONF]: 'memory: yes' } })).data).toBeUndefined();
      expect((await settle({ env: { ROOMPLEX_MEMORY: 'yes' }, args: ['--data', 'flag'] })).data).toBe('flag');
      expect((await settle({ files: { [CONF]: 'memory: yes' }, args: ['--memory=no'] })).data).toBe('./data');
      expect((await settle({ files, args: ['--memory=no'] })).data).toBe(join(folder, 'file'));
    });

    it('is not both named and none in one source', async () => {
      expect(await complaint({ env: { ROOMPLEX_DATA: 'x', ROOMPLEX_MEMORY: 'yes' } })).toEqual({
        message:
          'ROOMPLEX_DATA says where to keep rooms, and ROOMPLEX_MEMORY to keep nothing: give one of them.',
        exitCode: 2,
      });
    });
  });

  describe('limits', () => {
    const zeros = Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((name) => [name, 0]));

    it('are all lifted by all=0, but for those named beside it', async () => {
      expect((await settle({ args: ['--limit', 'rooms=7', '--limit', 'all=0'] })).limits).toEqual({
        ...zeros,
        rooms: 7,
      });
    });

    it('of a stronger place win one by one', async () => {
      const files = { [CONF]: 'limits: { rooms: 1, message: 1, topic: 1 }' };
      const env = { ROOMPLEX_LIMIT: 'message=2,topic=2' };
      expect((await settle({ files, env, args: ['--limit', 'topic=3'] })).limits).toEqual({
        rooms: 1,
        message: 2,
        topic: 3,
      });
      expect((await settle({ files, args: ['--limit', 'all=0'] })).limits).toEqual(zeros);
    });
  });

  describe('https', () => {
    it('is self-signed without files and takes both files together', async () => {
      expect((await settle({ args: ['-S'] })).tls).toBe('self-signed');
      expect((await settle({ args: ['--cert', 'a', '--key', 'b'] })).tls).toEqual({ cert: 'a', key: 'b' });
      expect((await settle({ env: { ROOMPLEX_HTTPS: 'yes' } })).tls).toBe('self-signed');
      expect((await settle({ env: { ROOMPLEX_HTTPS: 'yes' }, args: ['--https=no'] })).tls).toBeUndefined();
    });

    it('finds files named in a configuration file beside it', async () => {
      const files = { 'my.conf': 'https: yes\ncert: a.crt\nkey: /k' };
      expect((await settle({ files, args: ['-c', 'my.conf'] })).tls).toEqual({
        cert: join(folder, 'a.crt'),
        key: '/k',
      });
    });

    it('refuses one file without the other', async () => {
      expect(await complaint({ args: ['--cert', 'a'] })).toEqual({
        message: '--cert needs a private key beside it: --key FILE.',
        exitCode: 2,
      });
      expect((await complaint({ args: ['-S', '--key', 'a'] })).message).toContain('needs a certificate');
    });
  });

  it.each([
    [['--port', 'abc'], '--port must be a whole number from 0 to 65535, not "abc".'],
    [['--port', '65536'], '--port must be a whole number from 0 to 65535, not "65536".'],
    [['--port=-1'], '--port must be a whole number from 0 to 65535, not "-1".'],
    [['--host', ' '], '--host must be a text that is not empty.'],
    [['--https=maybe'], '--https must be yes or no, not "maybe".'],
    [['--channels', 'list'], '--channels must be one of open, listed, not "list". Did you mean listed?'],
    [
      ['--log-level', 'inof'],
      '--log-level must be one of silent, error, warn, info, debug, not "inof". Did you mean info?',
    ],
    [
      ['--origin', 'example.org'],
      '--origin must be an origin such as https://example.org, or *, not "example.org".',
    ],
    [
      ['--origin', 'https://a.test/x'],
      '--origin must be an origin such as https://example.org, or *, not "https://a.test/x".',
    ],
    [
      ['--trust-proxy', 'nginx'],
      '--trust-proxy cannot be used: "nginx" is no address, no network such as 10.0.0.0/8, and not loopback, private, all or the number of proxies alone.',
    ],
    [['--limit', 'rooms'], '--limit takes NAME=N with a whole number N, such as message=65536, not "rooms".'],
    [
      ['--limit', 'rooms=1.5'],
      '--limit takes NAME=N with a whole number N, such as message=65536, not "rooms=1.5".',
    ],
    [['--limit', 'all=1'], '--limit takes all=0 only: limits count different things.'],
    [
      ['--data', 'x', '--memory'],
      '--data says where to keep rooms, and --memory to keep nothing: give one of them.',
    ],
    [
      ['--redis', 'x'],
      '--redis cannot be used. This version runs on one node only and does not speak to Redis.',
    ],
  ])('refuses %j as wrong usage', async (args, message) => {
    expect(await complaint({ args })).toEqual({ message, exitCode: 2 });
  });

  it('guesses the limit that is meant', async () => {
    const { message } = await complaint({ args: ['--limit', 'mesage=5'] });
    expect(message).toContain('--limit knows no limit mesage. Did you mean message? There are message, ');
    expect((await complaint({ args: ['--limit', '__proto__=5'] })).message).toContain(
      'knows no limit __proto__.',
    );
  });

  it('names the variable that is wrong', async () => {
    expect(await complaint({ env: { PORT: 'x' } })).toEqual({
      message: 'PORT must be a whole number from 0 to 65535, not "x".',
      exitCode: 2,
    });
    expect((await complaint({ env: { ROOMPLEX_REDIS: 'x' } })).message).toContain(
      'ROOMPLEX_REDIS cannot be used',
    );
  });

  it('names the line of the file that is wrong', async () => {
    const port = await complaint({ files: { [CONF]: '\nPort: x' } });
    expect(port).toEqual({
      message: `${CONF}:2: Port must be a whole number from 0 to 65535, not "x".`,
      exitCode: 1,
    });
    expect(await complaint({ files: { [CONF]: '{\nHost "x" ' } })).toEqual({
      message: `${CONF}:2: expected ":" after Host, not "x".`,
      exitCode: 1,
    });
    expect(await complaint({ args: ['-c', 'none.conf'] })).toEqual({
      message: 'Cannot read the configuration file none.conf: there is no such file.',
      exitCode: 1,
    });
    expect((await complaint({ args: ['-c', '.'] })).message).toContain('it is a folder');
  });

  it('warns of settings nobody reads and guesses what is meant', async () => {
    const { warnings } = await settle({
      files: { [CONF]: 'prot: 1\n$schema: x\nwhatever: 2' },
      args: ['--channel', 'x'],
    });
    expect(warnings).toEqual([
      `${CONF}:1: prot is no setting and is ignored. Did you mean port?`,
      `${CONF}:3: whatever is no setting and is ignored.`,
      '--channel has no effect without --channels listed.',
    ]);
    expect(suspiciousEnvironment({ ROOMPLEX_PROT: '1', ROOMPLEX_PORT: '1', ROOMPLEX_QWXYZ: '1' })).toEqual([
      'ROOMPLEX_PROT means nothing. Did you mean ROOMPLEX_PORT?',
    ]);
  });

  describe('with the file of the old broker', () => {
    const settings = {
      host: 'localhost',
      port: 8000,
      tokenBroker: {
        origins: ['*'],
        allowUnregistered: true,
        registeredTokensUrl: 'http://example.test/tokens',
      },
      warnings: [],
    };
    const fixture = (): Promise<string> => readFile(join(import.meta.dirname, 'broker.conf.fixture'), 'utf8');

    it('S4.28 takes its six settings', async () => {
      const text = await fixture();
      const settled = await settle({ files: { [CONF]: text } });
      expect(settled).toMatchObject(settings);
      expect(settled.tokenBroker).toEqual({ ...settings.tokenBroker, allowHeaders: '*' });
      const withoutLine = text.replace('AllowUnregisteredClients', '#AllowUnregisteredClients');
      expect((await settle({ files: { [CONF]: withoutLine } })).tokenBroker).toMatchObject({
        allowUnregistered: false,
      });
    });

    it('takes it under the name that the code of the old broker looked for, after the other', async () => {
      const files = { 'saiwebsocket.config': 'Port: 1' };
      expect(await settle({ files })).toMatchObject({ port: 1, configPath: 'saiwebsocket.config' });
      expect(await settle({ files: { [CONF]: 'Port: 2' } })).toMatchObject({ port: 2 });
    });

    it('has the old defaults for what its own file leaves out (S4 §7)', async () => {
      const { port, host, tokenBroker } = await settle({ files: { [CONF]: '# nothing' } });
      expect({ port, host, tokenBroker }).toEqual({
        port: 8000,
        host: 'localhost',
        tokenBroker: { allowUnregistered: false, origins: ['*'] },
      });
      expect(await settle({ files: { [CONF]: '' }, env: { PORT: '1' } })).toMatchObject({ port: 1 });
    });

    it('asks for registered tokens in any file that speaks of the broker', async () => {
      const files = { 'roomplex.config.json5': '{ apiKey: "k" }' };
      const { port, tokenBroker } = await settle({ files });
      expect({ port, tokenBroker }).toEqual({
        port: 3000,
        tokenBroker: { allowUnregistered: false, origins: ['*'], apiKey: 'k' },
      });
    });

    it('takes the settings that the old broker did not have', async () => {
      const text = `Responseheaders: "X-One, X-Two", RegisteredTokensRefresh: 60, ApiKey: secret,
        JsonFrames: yes, Notices: 1, KickOnUnregister: on`;
      expect((await settle({ files: { [CONF]: text } })).tokenBroker).toEqual({
        allowUnregistered: false,
        origins: ['*'],
        allowHeaders: 'X-One, X-Two',
        refreshMs: 60_000,
        apiKey: 'secret',
        jsonFrames: true,
        notices: true,
        kickOnUnregister: true,
      });
    });

    it.each(['yes', 'YES', '"yes"', 'true', '1', '"on"'])('S4.30 takes %s for a yes', async (yes) => {
      const text = `AllowUnregisteredClients: ${yes}`;
      const { tokenBroker, warnings } = await settle({ files: { [CONF]: text } });
      expect({ tokenBroker, warnings }).toMatchObject({
        tokenBroker: { allowUnregistered: true },
        warnings: [],
      });
    });

    it('takes whatever is no yes for a no, and doubts what is neither', async () => {
      for (const no of ['no', 'false', '0', 'off', '""', 'null']) {
        const text = `AllowUnregisteredClients: ${no}`;
        const { tokenBroker, warnings } = await settle({ files: { [CONF]: text } });
        expect({ no, is: tokenBroker.allowUnregistered, warnings }).toEqual({ no, is: false, warnings: [] });
      }
      const { tokenBroker, warnings } = await settle({
        files: { [CONF]: 'AllowUnregisteredClients: ja' },
      });
      expect(tokenBroker.allowUnregistered).toBe(false);
      expect(warnings).toEqual([`${CONF}:1: "ja" is neither yes nor no, and counts as no.`]);
    });

    it.each([
      ['RegisteredTokensUrl: ftp://a.test', 'must be an http or https address, not "ftp://a.test".'],
      ['Responseheaders: "a b"', 'must be names of headers, not "a b".'],
      ['RegisteredTokensRefresh: soon', 'must be a whole number of seconds, not "soon".'],
      ['Origin: a.test', 'must be an origin such as https://example.org, or *, not "a.test".'],
    ])('refuses %s', async (text, reason) => {
      expect(await complaint({ files: { [CONF]: text } })).toEqual({
        message: `${CONF}:1: ${text.split(':')[0]} ${reason}`,
        exitCode: 1,
      });
    });

    it.each([
      [
        'lines without braces',
        'Host: localhost\nPort: 8000\nOrigin: "*"\nAllowUnregisteredClients: yes\nRegisteredTokensUrl: http://example.test/tokens',
      ],
      [
        'JSON',
        '{"Host":"localhost","Port":"8000","AllowUnregisteredClients":true,"RegisteredTokensUrl":"http://example.test/tokens"}',
      ],
      [
        'lower-case names',
        "{ host: 'localhost', port: '8000', allowunregisteredclients: 1, registeredtokensurl: 'http://example.test/tokens' }",
      ],
      [
        'lines with CRLF behind a byte order mark',
        '\uFEFFHost: localhost\r\nPort: 8000 # the usual\r\nAllowUnregisteredClients: yes\r\nRegisteredTokensUrl: "http://example.test/tokens"\r\n',
      ],
    ])('S4.29 takes it as %s', async (_, text) => {
      expect(await settle({ files: { [CONF]: text } })).toMatchObject(settings);
    });

    it('S4.29 takes a # inside quotes for part of the value', async () => {
      const text = 'RegisteredTokensUrl: "http://example.test/tokens#all" # not this';
      expect((await settle({ files: { [CONF]: text } })).tokenBroker).toMatchObject({
        registeredTokensUrl: 'http://example.test/tokens#all',
      });
    });

    it('S4.30 lets variables of the same names win, as the old broker did', async () => {
      const files = { [CONF]: 'Port: 8000, Origin: "*"' };
      const env = { Port: '9000', Origin: 'http://a.test,http://b.test' };
      const { port, tokenBroker } = await settle({ files, env });
      expect({ port, origins: tokenBroker.origins }).toEqual({
        port: 9000,
        origins: ['http://a.test', 'http://b.test'],
      });
      expect(await settle({ files, env, args: ['-p', '1'] })).toMatchObject({ port: 1 });
    });
  });
});
