import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scriptText, shellWord } from './quote.ts';

const TRAPS = [
  "it's",
  '\\',
  "\\'",
  '"',
  '${x}',
  '`id`',
  'a\nb',
  '\r',
  '\u2028\u2029',
  '</script>',
  '<!--',
  '',
  'ü 日本',
];

/** What a program gets whose source has this text in it. */
async function evaluate(source: string): Promise<unknown> {
  const program = `export default [${source}]`;
  return ((await import(`data:text/javascript,${encodeURIComponent(program)}`)) as { default: unknown })
    .default;
}

describe('scriptText', () => {
  it('is a string of the same characters to JavaScript', async () => {
    const texts = [...TRAPS, ...fc.sample(fc.string({ unit: 'grapheme' }), 200)];
    expect(await evaluate(texts.map(scriptText).join())).toEqual(texts);
  });

  it('cannot end the script it stands in', () => {
    expect(scriptText('</script><!--')).not.toMatch(/<\/script|<!--/);
  });
});

describe('shellWord', () => {
  it('is in quotes that nothing within can end', () => {
    expect(shellWord('a $HOME `id` "b"')).toBe('\'a $HOME `id` "b"\'');
    expect(shellWord("it's")).toBe("'it'\\''s'");
  });
});
