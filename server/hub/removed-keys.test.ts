import { describe, expect, it } from 'vitest';
import { RemovedKeys } from './removed-keys.ts';

describe('RemovedKeys', () => {
  it('knows the latest thousand keys, and says which are forgotten', () => {
    const removed = new RemovedKeys();
    for (let n = 1; n <= 1000; n++) expect(removed.add(`k${n}`, n)).toEqual([]);
    expect(removed.add('k1', 1001)).toEqual([]);
    expect(removed.add('more', 1002)).toEqual([2]);
    expect([removed.get('k1'), removed.get('k2'), removed.get('k3'), removed.size]).toEqual([
      1001,
      undefined,
      3,
      1000,
    ]);
  });

  it('knows no more than so many characters, of however few keys', () => {
    const removed = new RemovedKeys();
    for (let n = 0; n < 4; n++) removed.add(String(n).repeat(20_000), n);
    expect([removed.size, removed.chars]).toEqual([3, 60_000]);
    expect(removed.add('x'.repeat(70_000), 9)).toEqual([1, 2, 3, 9]);
    expect([removed.size, removed.chars]).toEqual([0, 0]);
  });

  it('forgets what was set again', () => {
    const removed = new RemovedKeys();
    removed.add('__proto__', 7);
    expect(removed.delete('__proto__')).toBe(7);
    expect(removed.delete('__proto__')).toBeUndefined();
    expect([removed.get('__proto__'), removed.size, removed.chars]).toEqual([undefined, 0, 0]);
  });
});
