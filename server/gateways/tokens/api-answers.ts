import type { HttpAnswer } from '../http-exchange.ts';

/** A JSON value as the whole answer. */
export function jsonAnswer(
  value: Readonly<Record<string, string>>,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return jsonTextAnswer(JSON.stringify(value), status, headers);
}

/** Pairs as one JSON object, in their order: the names may be any text, numbers and `__proto__` included. */
export function jsonObjectAnswer(pairs: Iterable<readonly [string, string | boolean]>): HttpAnswer {
  const members: string[] = [];
  for (const [name, value] of pairs) members.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return jsonTextAnswer(`{${members.join(',')}}`, 200, {});
}

function jsonTextAnswer(body: string, status: number, headers: Readonly<Record<string, string>>): HttpAnswer {
  return {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
    body,
  };
}
