import { formatMany } from '../format.ts';

/** How a value is typed: as JSON, or as the characters of a text. */
export type ValueMode = 'json' | 'text';

/** What was typed, read: a value, or what is wrong with it. */
export type ValueReading =
  | { readonly isValue: true; readonly value: unknown }
  | { readonly isValue: false; readonly problem: string };

/** Reads what was typed. */
export function readValue(typed: string, mode: ValueMode): ValueReading {
  if (mode === 'text') return { isValue: true, value: typed };
  if (typed.trim() === '') return { isValue: false, problem: 'There is nothing here yet.' };
  try {
    return { isValue: true, value: JSON.parse(typed) as unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(QUOTED, '') : '';
    return { isValue: false, problem: `This is not JSON: ${reason}. Choose Text to save it as it is.` };
  }
}

/** The way that suits a value best. */
export function modeOf(value: unknown): ValueMode {
  return typeof value === 'string' ? 'text' : 'json';
}

/** A value as it would be typed. */
export function writeValue(value: unknown, mode: ValueMode): string {
  return mode === 'text' && typeof value === 'string' ? value : spellOut(value);
}

/** What was typed one way, as it would be typed the other way to mean the same, as far as that goes. */
export function retype(typed: string, from: ValueMode, to: ValueMode): string {
  if (from === to || typed === '') return typed;
  const asJson = readValue(typed, 'json');
  if (to === 'text') return asJson.isValue && typeof asJson.value === 'string' ? asJson.value : typed;
  // What reads as JSON was probably meant as such.
  return asJson.isValue ? typed : JSON.stringify(typed);
}

/** JSON for people: on one line what fits on one, the rest with its parts one below the other. */
export function spellOut(value: unknown, indent = ''): string {
  const line = JSON.stringify(value, null, 1).replace(/\n */g, ' ');
  const isFlat = typeof value !== 'object' || value === null || line.length + indent.length <= LINE;
  if (isFlat) return line;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => spellOut(item, inner))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${spellOut(item, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
}

/** What kind of value it is, and how large. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return `text of ${formatMany(Array.from(value).length, 'character')}`;
  if (Array.isArray(value)) return `list of ${formatMany(value.length, 'item')}`;
  if (typeof value !== 'object') return typeof value;
  return value === null ? 'null' : `object with ${formatMany(Object.keys(value).length, 'field')}`;
}

const LINE = 64;
/** What V8 repeats of the text. */
const QUOTED = /, .* is not valid JSON$/s;
