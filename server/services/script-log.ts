import type { Logger } from '../log.ts';

/** The global `log` that scripts know (S3, seed): a text, and values for its `%s`. */
export interface ScriptLog {
  debug(message: unknown, ...values: readonly unknown[]): void;
  info(message: unknown, ...values: readonly unknown[]): void;
  warning(message: unknown, ...values: readonly unknown[]): void;
  error(message: unknown, ...values: readonly unknown[]): void;
}

/** What a service's script says, in the server's log. */
export function scriptLog(log: Logger, service: string): ScriptLog {
  const at = (level: keyof Logger) => {
    return (message: unknown, ...values: readonly unknown[]) =>
      log[level](fillIn(asText(message), values), { service });
  };
  return Object.freeze({ debug: at('debug'), info: at('info'), warning: at('warn'), error: at('error') });
}

/** Puts values in the place of `%s`, and those that are left behind the text; `%%` is a percent sign. */
function fillIn(text: string, values: readonly unknown[]): string {
  if (values.length === 0) return text;
  let used = 0;
  const filled = text.replace(/%[s%]/g, (place) => {
    if (place === '%%') return '%';
    return used < values.length ? asText(values[used++]) : place;
  });
  return [filled, ...values.slice(used).map(asText)].join(' ');
}

function asText(value: unknown): string {
  try {
    if (value instanceof Error) return value.stack ?? value.message;
    if (typeof value !== 'object' || value === null) return String(value);
    return JSON.stringify(value) ?? '[object]';
  } catch {
    return '[object]';
  }
}
