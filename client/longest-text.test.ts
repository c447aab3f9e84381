import { describe, expect, it } from 'vitest';
import { LongestText } from './longest-text.ts';

describe('LongestText', () => {
  it('goes by bytes, not by characters', () => {
    const longest = new LongestText();
    expect(longest.text).toBeNull();
    for (const text of ['xxxx', 'üüü', 'xxxxx', '', '日本']) longest.add(text);
    expect(longest.text).toBe('üüü');
    longest.add('日本語');
    expect(longest.text).toBe('日本語');
  });
});
