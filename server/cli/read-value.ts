import { CommandError } from './command-error.ts';
import type { Given } from './given-options.ts';

/** Whose fault it is decides the exit code: the command line's and environment's is 2, a file's is 1. */
export function wrong({ from, setting }: Given, reason: string): CommandError {
  return setting !== undefined
    ? new CommandError(`${from}: ${setting} ${reason}`, 1)
    : new CommandError(`${from} ${reason}`, 2);
}

/** A text; a number is one too. */
export function readText(given: Given): string {
  const { value } = given;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value.trim() === '')
    throw wrong(given, 'must be a text that is not empty.');
  return value;
}

/** `yes`, `true`, `1`, `on` and their opposites, in any case. */
export function readYesNo(given: Given): boolean {
  const text = String(given.value).trim().toLowerCase();
  if (['yes', 'true', '1', 'on'].includes(text)) return true;
  if (['no', 'false', '0', 'off'].includes(text)) return false;
  throw wrong(given, `must be yes or no, not ${JSON.stringify(given.value)}.`);
}

/** A list, or one text with commas. */
export function readList(given: Given): string[] {
  const { value } = given;
  if (Array.isArray(value)) return value.map((element: unknown) => readText({ ...given, value: element }));
  return readText(given)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Origins as browsers spell them, and `*`. */
export function readOrigins(given: Given): string[] {
  return readList(given).map((text) => {
    if (text === '*') return text;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isOrigin = url !== undefined && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href;
    if (!isOrigin) {
      throw wrong(given, `must be an origin such as https://example.org, or *, not ${JSON.stringify(text)}.`);
    }
    return url.origin;
  });
}
