import { expect, it } from 'vitest';
import { networkNames } from './network-name.ts';

const nameOf = networkNames();

it.each([
  ['192.0.2.1', '::ffff:192.0.2.1'],
  ['2001:db8:1:2::1', '2001:DB8:1:2:aaaa:bbbb:cccc:dddd'],
  ['2001:db8::1', '2001:db8:0:0:5::'],
  ['::1', '0:0:0:0:0:0:0:2'],
  ['fe80::1%eth0', 'fe80:0:0:0::7'],
])('%s and %s are of one network', (one, other) => {
  expect(nameOf(one)).toBe(nameOf(other));
});

it.each([
  ['192.0.2.1', '192.0.2.2'],
  ['2001:db8:1:2::1', '2001:db8:1:3::1'],
  ['2001:db8::1', '2001:db9::1'],
])('%s and %s are not', (one, other) => {
  expect(nameOf(one)).not.toBe(nameOf(other));
});

it('gives names that tell nothing and are others in another process', () => {
  expect(nameOf('192.0.2.1')).toMatch(/^[\w-]{16}$/);
  expect(networkNames()('192.0.2.1')).not.toBe(nameOf('192.0.2.1'));
});
