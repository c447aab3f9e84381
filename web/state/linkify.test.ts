import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkify } from './linkify.ts';

const links = (text: string) => linkify(text).filter(({ href }) => href !== null);

describe('linkify', () => {
  it('finds web addresses and leaves the sentence its punctuation', () => {
    expect(linkify('see https://example.org/a?b=1, or (http://x.test).')).toEqual([
      { text: 'see ', href: null },
      { text: 'https://example.org/a?b=1', href: 'https://example.org/a?b=1' },
      { text: ', or (', href: null },
      { text: 'http://x.test', href: 'http://x.test/' },
      { text: ').', href: null },
    ]);
  });

  it('makes no link of anything that could run', () => {
    for (const text of [
      'javascript:alert(1)',
      'data:text/html,x',
      'JaVaScRiPt://http',
      'http://',
      'file:///etc',
    ]) {
      expect(links(text), text).toEqual([]);
    }
  });

  it('never loses or adds a character, and links to nothing but the web', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.constantFrom('http://', ' https://a', '<script>', '"'),
    );
    fc.assert(
      fc.property(fc.array(piece), (parts) => {
        const text = parts.join('');
        expect(
          linkify(text)
            .map((p) => p.text)
            .join(''),
        ).toBe(text);
        for (const { href } of links(text)) expect(href).toMatch(/^https?:\/\//);
      }),
      { numRuns: 40 },
    );
  });
});
