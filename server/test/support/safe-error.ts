import { expect } from 'vitest';
import type { Answer } from './http-exchange.ts';

/** Asserts that an error answer leaves a browser nothing to guess. */
export function expectSafeError(answer: Answer, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.headers['content-type']).toMatch(/^text\/(plain|html);/);
}
