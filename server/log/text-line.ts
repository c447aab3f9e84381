/** What one line of the log says. */
export interface LogEntry {
  readonly at: Date;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Record<string, unknown>;
  readonly color: boolean;
}

const COLORS = { debug: 2, info: 36, warn: 33, error: 31 } as const;

/** `12:03:44 warn  the message name=value`, always one line, whatever the texts hold. */
export function formatTextLine({ at, level, message, fields, color }: LogEntry): string {
  const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const time = at.toTimeString().slice(0, 8);
  const pairs = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${paint(2, `${name}=`)}${formatValue(value)}`);
  return `${paint(2, time)} ${paint(COLORS[level], level.padEnd(5))} ${oneLine(message)}${pairs.join('')}\n`;
}

function formatValue(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value);
  return oneLine(JSON.stringify(value) ?? String(value));
}

/** Control characters could forge a line or steer the terminal. */
function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    return JSON.stringify(character) === `"${character}"`
      ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
      : JSON.stringify(character).slice(1, -1);
  });
}
