import { describe, expect, it } from 'vitest';
import { readProxyTrust } from './proxy-trust.ts';

describe('readProxyTrust', () => {
  it.each([
    [
      'loopback',
      ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', ''],
      ['10.0.0.1', '::2'],
    ],
    [
      'private',
      ['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', 'fd00::1', 'fe80::1%eth0'],
      ['172.32.0.1', '8.8.8.8', '2001:db8::1'],
    ],
    ['10.0.0.0/8', ['10.255.0.1'], ['11.0.0.1', '127.0.0.1', '']],
    ['192.0.2.7', ['192.0.2.7', '::ffff:192.0.2.7'], ['192.0.2.8']],
    ['2001:db8::/32', ['2001:db8:ffff::1'], ['2001:db9::1', '10.0.0.1']],
    ['0.0.0.0/0', ['8.8.8.8'], ['2001:db8::1']],
    [['10.0.0.0/8', 'loopback'], ['10.0.0.1', '127.0.0.1'], ['11.0.0.1']],
    ['10.0.0.0/8, 192.0.2.7', ['10.0.0.1', '192.0.2.7'], ['11.0.0.1']],
    [['10.0.0.1', 'all'], ['8.8.8.8', '2001:db8::1', ''], []],
  ])('%j trusts these and not those', (given, trusted, others) => {
    const trusts = readProxyTrust(given);
    for (const address of trusted) expect([address, trusts?.(address, 0)]).toEqual([address, true]);
    for (const address of others) expect([address, trusts?.(address, 0)]).toEqual([address, false]);
  });

  it.each([1, '1', ['1']])('%j trusts one proxy in a row, whichever it is', (given) => {
    const trusts = readProxyTrust(given);
    expect([trusts?.('8.8.8.8', 0), trusts?.('8.8.8.8', 1)]).toEqual([true, false]);
  });

  it.each([0, '', [], ' , '])('%j trusts nobody', (given) => {
    expect(readProxyTrust(given)).toBeUndefined();
  });

  it.each([
    'localhost',
    '10.0.0.0/33',
    '::/129',
    '10.0.0',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '-1',
    '1.5',
    'true',
    '1234',
  ])('says that %j is nothing to trust', (given) =>
    expect(() => readProxyTrust(['10.0.0.1', given])).toThrow(`"${given}" is no address`),
  );
});
