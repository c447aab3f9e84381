import { describe, expect, it } from 'vitest';
import { CloseCode } from '../../../protocol/close-codes.ts';
import { describeEnd } from './close-words.ts';

describe('describeEnd', () => {
  it('tells code, meaning and reason', () => {
    expect(describeEnd({ code: 1009, reason: '' })).toBe('Closed with 1009, the message was too big');
    expect(describeEnd({ code: 1002, reason: 'no hello' })).toBe(
      'Closed with 1002, the protocol was broken: “no hello”',
    );
    expect(describeEnd({ code: null, reason: 'io server disconnect' })).toBe(
      'Closed: “io server disconnect”',
    );
  });

  it('has words for every code that the server sends', () => {
    for (const code of Object.values(CloseCode)) {
      expect(describeEnd({ code, reason: '' }), String(code)).not.toMatch(
        /own code|not tried again|is known/,
      );
    }
  });

  it('tells codes of applications by their range', () => {
    expect(describeEnd({ code: 4321, reason: '' })).toBe("Closed with 4321, the application's own code");
    expect(describeEnd({ code: 4777, reason: '' })).toBe('Closed with 4777, and better not tried again');
    expect(describeEnd({ code: 999, reason: '' })).toBe('Closed with 999, no code that is known');
  });
});
