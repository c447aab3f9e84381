import { describe, expect, it } from 'vitest';
import { type ConfigValue, ConfigSyntaxError, parseConfig } from './config-syntax.ts';

function plain(value: ConfigValue): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, entry]) => [key, plain(entry.value)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

const read = (text: string): unknown => plain(parseConfig(text));

function complaint(text: string): string {
  try {
    parseConfig(text);
  } catch (error) {
    if (error instanceof ConfigSyntaxError) return `${error.line}: ${error.message}`;
    throw error;
  }
  throw new Error('was accepted');
}

describe('parseConfig', () => {
  it('reads JSON5', () => {
    expect(
      read(`{
        // one
        text: 'it\\'s', "quoted": "a\\tb\\u00e9", long: "a\\
b", /* two
        lines */ hex: 0x1F, half: .5, minus: -1e3, far: Infinity,
        list: [1, 'two', true, null, [],], nested: {deep: {}}, 'with space': 1,
      }`),
    ).toEqual({
      text: "it's",
      quoted: 'a\tbé',
      long: 'ab',
      hex: 31,
      half: 0.5,
      minus: -1000,
      far: Infinity,
      list: [1, 'two', true, null, []],
      nested: { deep: {} },
      'with space': 1,
    });
  });

  it('reads an empty file as no settings', () => {
    for (const text of ['', '  \n', '# nothing\n', '{}', '{ # nothing\n}']) expect(read(text)).toEqual({});
  });

  const same = { Host: 'localhost', Port: '8000', Url: 'http://example.test/#tokens//x', Allow: 'yes' };
  it.each([
    [
      'braces and trailing comma',
      `{\nHost: "localhost",\nPort: "8000",\nUrl: "http://example.test/#tokens//x",\nAllow: "yes",\n}`,
    ],
    [
      'no commas',
      `{\nHost: "localhost"\nPort: '8000'\nUrl: "http://example.test/#tokens//x"\nAllow: "yes"\n}`,
    ],
    ['no braces', `Host: "localhost"\n'Port': "8000"\n"Url": 'http://example.test/#tokens//x'\nAllow: 'yes'`],
    ['bare texts', `Host: localhost\nPort: "8000"\nUrl: http://example.test/#tokens//x\nAllow: yes\n`],
    [
      'bare texts with commas',
      `{ Host: localhost, Port: "8000", Url: http://example.test/#tokens//x, Allow: yes }`,
    ],
    [
      'comments everywhere',
      `# don't {\nHost: localhost # "x\nPort: '8000' // y's\n\n#}\nUrl: http://example.test/#tokens//x  // z\nAllow: /* a */ yes`,
    ],
    [
      'CRLF and a byte order mark',
      `\uFEFF{\r\nHost: localhost\r\nPort: "8000"\r\nUrl: http://example.test/#tokens//x\r\nAllow: yes\r\n}\r\n`,
    ],
    [
      'tabs',
      `{\t"Host"\t:\t"localhost"\t,\tPort:\t"8000"\t,Url:'http://example.test/#tokens//x',Allow:"yes"\t}`,
    ],
  ])('reads settings with %s alike', (_, text) => {
    expect(read(text)).toEqual(same);
  });

  it('keeps numbers, and words that only start like one', () => {
    expect(read('port: 8000\naddress: 10.0.0.1\nname: 8000th\nword: nullable\nyes: true # c')).toEqual({
      port: 8000,
      address: '10.0.0.1',
      name: '8000th',
      word: 'nullable',
      yes: true,
    });
  });

  it('takes the later of two entries of one name and knows their lines', () => {
    const config = parseConfig('a: 1\n\n"b": 2\r\na: 3');
    expect(config.get('a')).toEqual({ value: 3, line: 4 });
    expect(config.get('b')).toEqual({ value: 2, line: 3 });
  });

  it('treats names of prototype properties as ordinary names', () => {
    const config = parseConfig('{ __proto__: { x: 1 }, constructor: 2, toString: 3 }');
    expect([...config.keys()]).toEqual(['__proto__', 'constructor', 'toString']);
  });

  it.each([
    ['{ Host "x" ', '1: expected ":" after Host, not "x"'],
    ['{\nHost: "x"\n', '3: expected "}" before the end of the file, for what opens in line 1'],
    ['Host:\nPort: 1', '2: Host has no value: expected one before "Port:"'],
    ['{\n\nHost: , }', '3: Host has no value: expected one before ","'],
    ['{ a: 1 b: 2 }', '1: expected a comma before "b:"'],
    ['a: x b: y', '1: expected a comma or a new line inside "x b: y", or quotes around it'],
    ['a: "x\nb: 1', '1: a has no value: expected one before "x (its quote is never closed)'],
    ['a: 1\n, , b: 2', '2: expected the name of a setting, not ","'],
    ['{ a: 1 }\n}', '2: expected the end of the file before "}"'],
    ['a: [1\n2\n', '3: expected "]" before the end of the file, for what opens in line 1'],
    ['a: "\\u12"', '1: cannot read "\\u12"'],
    ['/* never closed', '1: expected the name of a setting, not "/*"'],
    [`a: ${'['.repeat(1000)}`, '1: nested too deep'],
    ['[1]', '1: expected the name of a setting, not "[1]"'],
  ])('says what is wrong with %j and where', (text, message) => {
    expect(complaint(text)).toBe(message);
  });

  it('counts the lines of a long file', () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `key${i}: value ${i} # comment`).join('\n');
    expect(parseConfig(text).get('key19999')).toEqual({ value: 'value 19999', line: 20_000 });
  });
});
