const REDACTED = '[redacted]';
const SECRET_NAME = /token|secret|passw|passphrase|authorization|cookie|api-?key|private-?key/i;
const SECRET_QUERY = /([?&;](?:\w*token|secret|password|api_?key|auth\w*)=)[^&;#\s"']*/gi;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s/@]+(?=@)/gi;
const UNREADABLE = '[unreadable]';
const DEEPEST = 4;

/** Hides secrets in query strings and in the user part of URLs; the rest of the text stays as it is. */
export function redactText(text: string): string {
  return text.replace(SECRET_QUERY, `$1${REDACTED}`).replace(URL_PASSWORD, `$1${REDACTED}`);
}

/** A copy in which secrets are hidden, by name and inside texts, and errors have become plain objects. */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactEntries(fields, 0);
}

function redactEntries(object: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(object).map((name) => [name, redactProperty(object as Record<string, unknown>, name, depth)]),
  );
}

function redactProperty(object: Record<string, unknown>, name: string, depth: number): unknown {
  try {
    const value = object[name];
    // Counts such as `tokens: 3` are no secrets.
    const isCount = typeof value === 'number' || typeof value === 'boolean';
    return SECRET_NAME.test(name) && !isCount ? REDACTED : redactValue(value, depth);
  } catch {
    // What somebody's getter or proxy throws is no reason not to log the rest.
    return UNREADABLE;
  }
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '[deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value.toJSON();
  if (value instanceof Map) return redactEntries(Object.fromEntries(value), depth + 1);
  if (value instanceof Set) return redactValue([...value], depth);
  if (Array.isArray(value)) return value.map((element) => redactValue(element, depth + 1));
  return redactEntries(value, depth + 1);
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  return redactEntries(
    {
      name: error.name,
      message: error.message,
      ...('code' in error && { code: error.code }),
      stack: error.stack,
      ...(error.cause !== undefined && { cause: error.cause }),
    },
    depth + 1,
  );
}
