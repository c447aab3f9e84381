import { describe, it, expect } from 'vitest';
import { configKey } from '../server/cli/config-file.ts';
import { COMMANDS } from '../server/cli/commands.ts';
import { optionUsage } from '../server/cli/help.ts';
import {
  COMMON_OPTIONS,
  type OptionSpec,
  SERVE_OPTIONS,
  environmentNames,
} from '../server/cli/option-table.ts';
import { DEFAULT_LIMITS } from '../server/limits.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '..', 'docs', 'cli.md');

/** The rows of the table under a heading. */
async function tableUnder(heading: string): Promise<string[]> {
  const page = await readFile(PAGE, 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return section.split('\n').filter((line) => line.startsWith('| `'));
}

function optionRow(option: OptionSpec): string {
  const hasKey = option.isPersonal !== true && option.configKeys?.length !== 0;
  const cells = [
    code(optionUsage(option)),
    environmentNames(option).map(code).join(', '),
    hasKey ? code(configKey(option)) : '',
    option.default === undefined ? '' : code(option.default),
    (option.refused ?? option.summary).replaceAll('|', '\\|'),
  ];
  return `| ${cells.join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

describe('docs/cli.md', () => {
  it('lists every option as the program knows it', async () => {
    const options: readonly OptionSpec[] = [...SERVE_OPTIONS, ...COMMON_OPTIONS];
    expect(await tableUnder('Options')).toEqual(options.map(optionRow));
  });

  it('lists the options of the other commands', async () => {
    for (const command of COMMANDS.slice(1)) {
      const rows = command.options.map((option) => optionRow(option));
      expect(await tableUnder(`\`${command.name}\``)).toEqual(rows);
    }
  });

  it('lists every limit with its default and meaning', async () => {
    const source = await readFile(join(PAGE, '..', '..', 'server', 'limits.ts'), 'utf8');
    const rows = Object.entries(DEFAULT_LIMITS).map(([name, value]) => {
      const comment = new RegExp(`/\\*\\* ([^*]+?) @default (\\d+) \\*/\\s+${name}: number;`).exec(source);
      expect(comment?.[2], `@default of ${name}`).toBe(String(value));
      return `| \`${name}\` | ${value} | ${comment?.[1]} |`;
    });
    expect(await tableUnder('Limits')).toEqual(rows);
  });
});
