import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'roomplex-'));
let stores = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder for a store, which is gone after the tests of the file. Import this before the servers' pool is made. */
export function newStore(): string {
  return join(folder, String(++stores));
}

/** How a server may keep its rooms, as options for a new one. */
export const ENGINES: readonly { readonly engine: string; options(): { readonly data?: string } }[] = [
  { engine: 'memory', options: () => ({}) },
  { engine: 'a store', options: () => ({ data: newStore() }) },
];
