import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { RefusedPages } from './refused-pages.ts';

function told(...requests: Record<string, string>[]): unknown[] {
  const said: unknown[] = [];
  const pages = new RefusedPages({ warn: (_message, fields) => said.push(fields) });
  for (const headers of requests) pages.note({ headers } as unknown as IncomingMessage);
  return said;
}

it('each page is told of once, with the host that it was refused at', () => {
  const one = { origin: 'https://chat.example', host: 'upstream' };
  const other = { origin: 'https://evil.example', host: 'upstream' };
  expect(told(one, one, other, one)).toEqual([one, other]);
});

it('only a few are told of, and no long texts', () => {
  const many = Array.from({ length: 100 }, (_, index) => ({ origin: `http://${index}.example`, host: 'h' }));
  expect(told(...many)).toHaveLength(10);
  expect(told({ origin: 'x'.repeat(9999), host: 'h' })).toEqual([{ origin: 'x'.repeat(256), host: 'h' }]);
});
