import { nestsDeeperThan } from '../../../protocol/json-depth.ts';
import type { HttpRequest } from '../http-exchange.ts';

/** Finds a field of a request; `undefined` when it is missing. */
export type Fields = (name: string) => string | undefined;

/**
 * The fields of a request to the broker's API: those of a `POST` body, as a form or as JSON, before those of
 * the query (S4 §5). `undefined` when the body is called JSON and is no JSON object.
 */
export function readFields({ method, headers, query, body }: HttpRequest): Fields | undefined {
  const fields = new Map<string, string>();
  const add = (entries: Iterable<readonly [string, unknown]>): void => {
    for (const [name, value] of entries) {
      const isText = typeof value === 'string' || typeof value === 'number';
      if (isText && !fields.has(name)) fields.set(name, String(value));
    }
  };
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (method === 'POST') {
    switch (type.trim().toLowerCase()) {
      case 'application/json': {
        const entries = jsonEntries(body);
        if (entries === undefined) return undefined;
        add(entries);
        break;
      }
      case 'application/x-www-form-urlencoded':
        add(new URLSearchParams(body));
        break;
      default:
    }
  }
  add(new URLSearchParams(query));
  return (name) => fields.get(name);
}

function jsonEntries(text: string): [string, unknown][] | undefined {
  if (nestsDeeperThan(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value)
      : undefined;
  } catch {
    return undefined;
  }
}
