import { describe, expect, it } from 'vitest';
import { commandNamed, COMMANDS, optionsOf } from './commands.ts';
import { helpText } from './help.ts';
import { SERVE_OPTIONS } from './option-table.ts';

it.each(COMMANDS.map(({ name }) => name))(
  'helpText of %s shows its options and how it is called',
  (command) => {
    const text = helpText(command);
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(text).toContain(`Usage: roomplex ${command} [OPTIONS]`);
    for (const option of optionsOf(commandNamed(command))) {
      if (option.refused === undefined) expect(text).toContain(`--${option.name}`);
    }
  },
);

describe.each([undefined, 'serve'] as const)('helpText of %s', (command) => {
  const text = helpText(command);

  it('fits into 80 columns', () => {
    const long = text.split('\n').filter((line) => line.length > 80);
    expect(long).toEqual([]);
  });

  it('shows every option with its environment variable, but for those that are refused', () => {
    for (const option of SERVE_OPTIONS) {
      const variable = `ROOMPLEX_${option.name.toUpperCase().replace('-', '_')}`;
      expect(text.includes(`--${option.name}`) && text.includes(variable), option.name).toBe(
        !('refused' in option),
      );
    }
  });
});
