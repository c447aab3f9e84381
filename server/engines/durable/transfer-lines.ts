import {
  EXPORT_FORMAT,
  type EndLine,
  type HeadLine,
  type KeyLine,
  type MessageLine,
  type RoomLine,
} from './transfer.ts';

/** A line that cannot be taken; the message says why. */
export class LineError extends Error {}

export type Line =
  | { readonly type: 'head'; readonly line: HeadLine }
  | { readonly type: 'room'; readonly line: RoomLine }
  | { readonly type: 'message'; readonly line: MessageLine }
  | { readonly type: 'key'; readonly line: KeyLine }
  | { readonly type: 'end'; readonly line: EndLine };

/** @throws LineError */
export function readLine(text: string): Line {
  const value = parse(text);
  if ('roomplex' in value) return { type: 'head', line: checked<HeadLine>(value, HEAD) };
  if ('room' in value) return { type: 'room', line: checked<RoomLine>(value, ROOM) };
  if ('key' in value) return { type: 'key', line: checked<KeyLine>(value, KEY) };
  if ('offset' in value) return { type: 'message', line: checked<MessageLine>(value, MESSAGE) };
  if ('end' in value) return { type: 'end', line: checked<EndLine>(value, END) };
  throw new LineError('this is no line of an export');
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    throw new LineError('this is no JSON');
  }
  throw new LineError('this is no JSON object');
}

type Check = readonly [is: (value: unknown) => boolean, what: string];

const count: Check = [(value) => Number.isSafeInteger(value) && Number(value) >= 0, 'a whole number'];
const place: Check = [(value) => Number.isSafeInteger(value) && Number(value) >= 1, 'a whole number from 1'];
const time: Check = [(value) => typeof value === 'number' && value >= 0, 'a time in ms'];
const text: Check = [(value) => typeof value === 'string', 'a text'];
const word: Check = [
  (value) => typeof value === 'string' && /^[^\0]{1,200}$/.test(value),
  'a text of 1 to 200 characters',
];
const maybeText: Check = [(value) => value === undefined || typeof value === 'string', 'a text or absent'];

const HEAD = new Map<keyof HeadLine, Check>([
  ['roomplex', [(value) => value === 'export', '"export"']],
  ['format', [(value) => value === EXPORT_FORMAT, `${EXPORT_FORMAT}, the format that this program knows`]],
]);
const ROOM = new Map<keyof RoomLine, Check>([
  ['room', text],
  ['space', word],
  ['epoch', word],
  ['offset', count],
  ['first', place],
  ['rev', count],
  ['keys', count],
  ['at', time],
]);
const MESSAGE = new Map<keyof MessageLine, Check>([
  ['offset', place],
  ['at', time],
  ['kind', maybeText],
  ['sender', maybeText],
  ['name', maybeText],
  ['except', maybeText],
  ['to', maybeText],
]);
const KEY = new Map<keyof KeyLine, Check>([
  ['key', text],
  ['rev', place],
]);
const END = new Map<keyof EndLine, Check>([
  ['rooms', count],
  ['messages', count],
]);

function checked<T>(value: Readonly<Record<string, unknown>>, checks: ReadonlyMap<string, Check>): T {
  for (const [field, [is, what]] of checks) {
    if (!is(value[field])) throw new LineError(`${field} must be ${what}`);
  }
  return value as T;
}
