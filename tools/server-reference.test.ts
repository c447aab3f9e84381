import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const read = (path: string): Promise<string> => readFile(new URL(`../${path}`, import.meta.url), 'utf8');

/** Names of what an interface declares, as far as it stands at its first level. */
function membersOf(source: string, name: string): string[] {
  const [, body = ''] = new RegExp(String.raw`interface ${name}\b[^{]*\{\n([\s\S]*?)\n\}`).exec(source) ?? [];
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map(([, member = '']) => member);
}

describe('docs/server.md', () => {
  it.each([
    ['server/options.ts', 'ServerOptions'],
    ['server/roomplex-server.ts', 'RoomplexServer'],
    ['server/room-control.ts', 'RoomControl'],
    ['server/hub/hooks.ts', 'Hooks'],
    ['server/gateways/state-hooks.ts', 'StateHooks'],
  ])('names every member that %s declares in %s', async (path, name) => {
    const members = membersOf(await read(path), name);
    expect(members).not.toEqual([]);
    const docs = await read('docs/server.md');
    const named = new Set([...docs.matchAll(/`(\w+)[^`]*`/g)].map(([, word]) => word));
    expect(members.filter((member) => !named.has(member))).toEqual([]);
  });

  it('names everything that the package exports', async () => {
    const { exports } = JSON.parse(await read('package.json')) as { exports: Record<string, unknown> };
    const docs = await read('docs/server.md');
    const names = Object.keys(exports).map((path) => path.replace(/^\./, 'roomplex'));
    expect(names.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });
});
