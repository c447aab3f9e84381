import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { ProxyHint } from './proxy-hint.ts';

function hints(...requests: Record<string, string>[]): unknown[] {
  const said: unknown[] = [];
  const hint = new ProxyHint({ warn: (_message, fields) => said.push(fields) });
  for (const headers of requests) hint.refused({ headers } as unknown as IncomingMessage);
  return said;
}

it.each([
  { origin: 'https://chat.example', host: 'chat.example' },
  { origin: 'https://chat.example', host: 'upstream', 'x-forwarded-host': 'chat.example' },
])('a proxy that nobody trusts is told of once', (headers) => {
  expect(hints(headers, headers)).toEqual([{ origin: 'https://chat.example' }]);
});

it('pages of other sites are no reason to say something', () => {
  const host = 'chat.example';
  expect(hints({ host }, { origin: 'https://evil.example', host }, { origin: 'null', host })).toEqual([]);
});
