import { describe, expect, it } from 'vitest';
import { createLogger, errorText, type LoggerOptions } from './log.ts';

function record(options: Omit<LoggerOptions, 'stream'>) {
  const lines: string[] = [];
  return { lines, log: createLogger({ ...options, stream: { write: (line) => lines.push(line) } }) };
}

describe('createLogger', () => {
  it('writes one JSON object a line with level, time, message and fields', () => {
    const { lines, log } = record({ format: 'json' });
    log.info('room opened', { room: 'r1' });
    expect(lines).toHaveLength(1);
    const entry = JSON.parse(lines[0] ?? '');
    expect(entry).toMatchObject({ level: 30, msg: 'room opened', room: 'r1' });
    expect(Date.parse(entry.time)).not.toBeNaN();
  });

  it('writes one readable line with name=value pairs', () => {
    const { lines, log } = record({ format: 'text' });
    log.warn('slow reader', { id: 'c1', owed: 12, name: 'two words' });
    expect(lines).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d warn {2}slow reader id=c1 owed=12 name="two words"\n$/),
    ]);
  });

  it.each([
    ['silent', 0],
    ['error', 1],
    ['warn', 2],
    ['info', 3],
    ['debug', 4],
  ] as const)('at level %s writes %i of the four kinds', (level, count) => {
    for (const format of ['text', 'json'] as const) {
      const { lines, log } = record({ level, format });
      log.error('e');
      log.warn('w');
      log.info('i');
      log.debug('d');
      expect(lines).toHaveLength(count);
    }
  });

  it('keeps a message with line breaks and control characters on one line', () => {
    const { lines, log } = record({ format: 'text' });
    log.info('a\r\n12:00:00 error forged \u001b[31m\u0085', { name: 'b\nc', list: ['\u2028'] });
    expect(lines).toHaveLength(1);
    for (const character of '\n\r\u001b\u0085\u2028') expect(lines[0]?.trimEnd()).not.toContain(character);
    expect(lines[0]).toContain('a\\r\\n12:00:00');
  });

  it.each(['text', 'json'] as const)('hides secrets in %s lines wherever they stand', (format) => {
    const { lines, log } = record({ format });
    log.info('GET /multiplex?token=hunter2&x=1 from redis://bob:hunter2@host', {
      token: 'hunter2',
      adminToken: 'hunter2',
      url: 'ws://h/ws?RegisterToken=hunter2',
      headers: { cookie: 'hunter2', Authorization: 'hunter2', accept: 'text/plain' },
      error: new Error('refused ?access_token=hunter2', { cause: new Error('redis://:hunter2@h') }),
      list: [{ password: 'hunter2' }],
      map: new Map([['secret', 'hunter2']]),
      tokens: 3,
    });
    const text = lines.join('');
    expect(text).not.toContain('hunter2');
    expect(text).toContain('text/plain');
    expect(text).toContain('x=1');
    expect(text).toMatch(/tokens"?[:=]3/);
  });

  it('writes an error with its message, code and cause', () => {
    const { lines, log } = record({ format: 'json' });
    log.error('failed', {
      error: Object.assign(new Error('outer', { cause: new Error('inner') }), { code: 'E1' }),
    });
    expect(JSON.parse(lines[0] ?? '').error).toMatchObject({
      message: 'outer',
      code: 'E1',
      cause: { message: 'inner' },
    });
  });

  it('survives fields that refer to themselves', () => {
    const { lines, log } = record({ format: 'text' });
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    log.info('loop', loop);
    expect(lines).toHaveLength(1);
  });

  it('writes what can be read of what cannot be read as a whole', () => {
    const { lines, log } = record({ format: 'json' });
    const error = new Error('no');
    Object.defineProperty(error, 'stack', {
      get: () => {
        throw new Error('not to be read');
      },
    });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    log.error('failed', { error, proxy, room: 'r1' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      error: '[unreadable]',
      proxy: '[unreadable]',
      room: 'r1',
    });
    for (const thrown of [error, proxy, Object.create(null)]) expect(typeof errorText(thrown)).toBe('string');
  });
});
