import { describe, expect, it } from 'vitest';
import { MESSAGE, type Publication } from '../../hub/publication.ts';
import { TokenFormat } from './token-format.ts';

function publication(room: string, data: unknown, kind = MESSAGE): Publication {
  const sender = { id: null, name: undefined };
  return { kind, data, sender, room, epoch: 'e', offset: 1, at: 0 };
}

describe('TokenFormat', () => {
  it('prepares a message once for all the rooms it is published in', () => {
    const format = new TokenFormat(false);
    const first = format.encode(publication('a', 'Hello'));
    expect(format.encode(publication('b', 'Hello'))).toBe(first);
    expect(format.encode(publication('a', 'other'))).not.toBe(first);
    expect(first?.text).toBe('Hello');
  });

  it('writes what is no text as JSON, and in JSON frames once more', () => {
    expect(new TokenFormat(false).encode(publication('a', { k: '<' }))?.text).toBe('{"k":"<"}');
    expect(new TokenFormat(true).encode(publication('a', { k: '<' }))?.text).toBe(
      '"{\\"k\\":\\"\\u003c\\"}"\n',
    );
    expect(new TokenFormat(false).encode(publication('a', undefined))?.text).toBe('');
    expect(new TokenFormat(true).encode(publication('a', ''))?.text).toBe('""\n');
  });

  it('has no words for other kinds', () => {
    expect(new TokenFormat(false).encode(publication('a', 'x', 'STATUS'))).toBeUndefined();
  });
});
