import JSON5 from 'json5';

/** A value as it stands in a configuration file. Objects keep the order and the lines of their entries. */
export type ConfigValue = string | number | boolean | null | readonly ConfigValue[] | ConfigObject;

export type ConfigObject = ReadonlyMap<string, ConfigEntry>;

export interface ConfigEntry {
  readonly value: ConfigValue;
  /** Of the key, from 1. */
  readonly line: number;
}

/** The text is no configuration file. */
export class ConfigSyntaxError extends Error {
  override readonly name = 'ConfigSyntaxError';
  readonly line: number;

  constructor(reason: string, line: number) {
    super(reason);
    this.line = line;
  }
}

/**
 * Reads JSON5 and what the broker of old took beside it (S4 §7): `#` comments, `Key: value` lines with no
 * braces around them, bare words as texts, and commas that are missing at the end of a line. Of two entries
 * of one name the later counts.
 */
export function parseConfig(text: string): ConfigObject {
  return new ConfigReader(text.replace(/^\uFEFF/, '')).read();
}

const MAX_DEPTH = 20;
/** Tokens JSON5 has a meaning for; whatever else stands bare is a text. */
const LITERAL =
  /(?:[+-]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|Infinity|NaN)|true|false|null)(?=[\s,\]}#]|\/[/*]|$)/y;
const QUOTED = /"(?:[^"\\\r\n]|\\(?:\r\n|[^]))*"|'(?:[^'\\\r\n]|\\(?:\r\n|[^]))*'/y;
const BARE_KEY = /[^\s:,{}[\]"'#/][^\s:,{}[\]"'#]*/y;
/** To the end of the line, a comma, a bracket or a comment; a comment needs a blank before it, for the sake of URLs. */
const BARE_TEXT = /[^\s,{}[\]"'#][^\r\n,{}[\]]*?(?=[ \t]*(?:[\r\n,{}[\]]|$)|[ \t]+(?:#|\/\/|\/\*))/y;
const SPACE = /(?:[\s\uFEFF]+|#[^\r\n]*|\/\/[^\r\n]*|\/\*[^]*?\*\/)*/y;

class ConfigReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  /** Lines are counted on from where they were counted last. */
  #counted = { to: 0, line: 1 };

  constructor(text: string) {
    this.#text = text;
  }

  read(): ConfigObject {
    this.#skipSpace();
    const hasBraces = this.#take('{');
    const object = this.#readEntries(hasBraces ? '}' : '');
    this.#skipSpace();
    if (this.#at < this.#text.length)
      throw this.#error(`expected the end of the file before ${this.#next()}`);
    return object;
  }

  /** Entries up to `closer`, which is taken; an empty `closer` stands for the end of the file. */
  #readEntries(closer: '}' | ''): ConfigObject {
    const entries = new Map<string, ConfigEntry>();
    this.#readList(closer, () => {
      const line = this.#line();
      const key = this.#readKey();
      this.#skipSpace();
      if (!this.#take(':')) throw this.#error(`expected ":" after ${key}, not ${this.#next()}`);
      entries.set(key, { value: this.#readValue(key), line });
    });
    return entries;
  }

  /** Things between commas or line ends. */
  #readList(closer: '}' | ']' | '', readOne: () => void): void {
    const openedAt = this.#line();
    if (++this.#depth > MAX_DEPTH) throw this.#error('nested too deep');
    for (;;) {
      this.#skipSpace();
      if (this.#at === this.#text.length && closer !== '') {
        throw this.#error(
          `expected "${closer}" before the end of the file, for what opens in line ${openedAt}`,
        );
      }
      if (closer === '' ? this.#at === this.#text.length : this.#take(closer)) break;
      readOne();
      const line = this.#line();
      this.#skipSpace();
      if (this.#take(',')) continue;
      const isAtEnd = this.#at === this.#text.length || this.#text[this.#at] === closer;
      if (!isAtEnd && this.#line() === line) throw this.#error(`expected a comma before ${this.#next()}`);
    }
    this.#depth--;
  }

  #readKey(): string {
    const quoted = this.#match(QUOTED);
    if (quoted !== undefined) return this.#parseScalar(quoted) as string;
    const bare = this.#match(BARE_KEY);
    if (bare === undefined) throw this.#error(`expected the name of a setting, not ${this.#next()}`);
    return bare;
  }

  #readValue(name: string): ConfigValue {
    const line = this.#line();
    this.#skipSpace();
    if (this.#take('{')) return this.#readEntries('}');
    if (this.#take('[')) {
      const values: ConfigValue[] = [];
      this.#readList(']', () => values.push(this.#readValue(name)));
      return values;
    }
    const scalar = this.#match(QUOTED) ?? this.#match(LITERAL);
    if (scalar !== undefined) return this.#parseScalar(scalar);
    // A bare text on a later line would be the next setting of a file whose last value was forgotten.
    const bare = this.#line() === line ? this.#match(BARE_TEXT) : undefined;
    if (bare === undefined) throw this.#error(`${name} has no value: expected one before ${this.#next()}`);
    if (/:\s/.test(bare))
      throw this.#error(`expected a comma or a new line inside "${bare}", or quotes around it`);
    return bare;
  }

  #parseScalar(token: string): string | number | boolean | null {
    try {
      return JSON5.parse(token);
    } catch {
      this.#at -= token.length;
      throw this.#error(`cannot read ${token}`);
    }
  }

  #skipSpace(): void {
    this.#match(SPACE);
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  /** What stands here, for a message. */
  #next(): string {
    const [line = ''] = /[^\r\n]*/.exec(this.#text.slice(this.#at, this.#at + 40)) ?? [];
    if (line === '') return this.#at === this.#text.length ? 'the end of the file' : 'the end of the line';
    QUOTED.lastIndex = this.#at;
    const quoted = QUOTED.exec(this.#text)?.[0];
    if (quoted !== undefined) return quoted;
    if (/^["']/.test(line)) return `${line} (its quote is never closed)`;
    return `"${/^[^\s,]+|^./.exec(line)?.[0]}"`;
  }

  #line(): number {
    if (this.#at < this.#counted.to) this.#counted = { to: 0, line: 1 };
    const since = this.#text.slice(this.#counted.to, this.#at);
    this.#counted = { to: this.#at, line: this.#counted.line + (since.match(/\r\n|[\n\r]/g)?.length ?? 0) };
    return this.#counted.line;
  }

  #error(reason: string): ConfigSyntaxError {
    return new ConfigSyntaxError(reason, this.#line());
  }
}
