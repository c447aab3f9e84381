import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CAUSE_RULES } from './causes.ts';
import { RULES } from './diagnose.ts';

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'doctor.md');

it('docs/doctor.md has every finding', async () => {
  const page = await readFile(PAGE, 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith('What it finds\n')) ?? '';
  const named = [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, id]) => id);
  const ids = [...RULES, ...CAUSE_RULES].map(({ id }) => id);
  expect(new Set(named)).toEqual(new Set(ids));
  expect(named).toHaveLength(ids.length);
});
