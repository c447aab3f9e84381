import { expect } from 'vitest';

/** Someone whose line can be asked whether all that was on its way has arrived. */
export interface Fenced {
  /**
   * Sends something that is always answered, and returns what came in before the answer. Whatever this
   * party said before is through by then.
   */
  fence(): Promise<unknown[]>;
}

/**
 * Asserts that nobody got anything, without waiting for a while: first everyone's own words are through,
 * then whatever these caused has been sent before the answer to a second question.
 */
export async function expectQuiet(...parties: Fenced[]): Promise<void> {
  const strays: unknown[][] = parties.map(() => []);
  for (let round = 0; round < 2; round++) {
    for (const [index, party] of parties.entries()) strays[index]?.push(...(await party.fence()));
  }
  expect(strays).toEqual(parties.map(() => []));
}

let fences = 0;

/** A text that no other fence uses. */
export function fenceMark(): string {
  return `fence-${++fences}`;
}
