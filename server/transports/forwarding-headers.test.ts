import { describe, expect, it } from 'vitest';
import { forwardedHops } from './forwarding-headers.ts';

const addresses = (headers: Record<string, string>) => forwardedHops(headers).map(({ address }) => address);

describe('forwardedHops', () => {
  it('knows nothing where nothing is said', () => {
    expect(forwardedHops({ via: '1.1 proxy' })).toEqual([]);
  });

  it.each([
    ['192.0.2.1', ['192.0.2.1']],
    ['192.0.2.1, 198.51.100.2', ['198.51.100.2', '192.0.2.1']],
    [' 192.0.2.1 ,\t198.51.100.2', ['198.51.100.2', '192.0.2.1']],
    ['192.0.2.1:51234', ['192.0.2.1']],
    ['2001:DB8::1', ['2001:db8::1']],
    ['[2001:db8::1]', ['2001:db8::1']],
    ['[2001:db8::1]:443', ['2001:db8::1']],
    ['::ffff:192.0.2.1', ['192.0.2.1']],
    ['fe80::1%eth0', ['fe80::1']],
    ['unknown', [undefined]],
    ['', [undefined]],
    ['192.0.2.1,', [undefined, '192.0.2.1']],
    ['192.0.2.256', [undefined]],
    ['192.0.2.1:', [undefined]],
    ['<script>', [undefined]],
    ['__proto__, 192.0.2.1', ['192.0.2.1', undefined]],
  ])('reads X-Forwarded-For %j from the nearest proxy on', (header, expected) => {
    expect(addresses({ 'x-forwarded-for': header })).toEqual(expected);
  });

  it.each([
    ['https', true],
    ['HTTPS', true],
    ['wss', true],
    ['http', false],
    ['ws', false],
    ['ftp', undefined],
    ['', undefined],
  ])('reads X-Forwarded-Proto %j', (header, isSecure) => {
    expect(forwardedHops({ 'x-forwarded-proto': header })).toMatchObject([{ isSecure }]);
  });

  it.each(['chat.example', 'chat.example:8443', '[2001:db8::1]:3000', '192.0.2.1'])(
    'reads X-Forwarded-Host %j',
    (host) => expect(forwardedHops({ 'x-forwarded-host': host })).toMatchObject([{ host }]),
  );

  it.each(['', 'a b', 'chat.example/path', 'user@chat.example', 'chat.example:port', '[::1'])(
    'takes no X-Forwarded-Host %j',
    (host) => expect(forwardedHops({ 'x-forwarded-host': host })).toMatchObject([{ host: undefined }]),
  );

  it('lets the last word about protocol and host hold for the proxies before it', () => {
    const headers = {
      'x-forwarded-for': '192.0.2.1, 198.51.100.2',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'outer.example, inner.example',
    };
    expect(forwardedHops(headers)).toEqual([
      { address: '198.51.100.2', isSecure: true, host: 'inner.example' },
      { address: '192.0.2.1', isSecure: true, host: 'outer.example' },
    ]);
  });

  it.each([
    ['for=192.0.2.1', [{ address: '192.0.2.1', isSecure: undefined, host: undefined }]],
    [
      'for=192.0.2.1;proto=https;by=203.0.113.3;host=chat.example',
      [{ address: '192.0.2.1', isSecure: true, host: 'chat.example' }],
    ],
    [
      'For="[2001:db8:cafe::17]:4711" ; Proto=http , for=198.51.100.2',
      [{ address: '198.51.100.2' }, { address: '2001:db8:cafe::17', isSecure: false }],
    ],
    ['for="_hidden, for=192.0.2.9", for=192.0.2.1', [{ address: '192.0.2.1' }, { address: undefined }]],
    ['for="a\\"b", for=192.0.2.1', [{ address: '192.0.2.1' }, { address: undefined }]],
    ['for=unknown', [{ address: undefined }]],
  ])('reads Forwarded %j', (forwarded, expected) => {
    expect(forwardedHops({ forwarded })).toMatchObject(expected);
  });

  it.each(['for="192.0.2.1', 'for=192.0.2.1, "', 'nonsense', 'for = 192.0.2.1', 'for=1 for=2'])(
    'takes nothing from a broken Forwarded %j',
    (forwarded) => expect(forwardedHops({ forwarded })).toEqual([]),
  );

  it('reads Forwarded only where there is none of the others', () => {
    expect(addresses({ forwarded: 'for=192.0.2.1', 'x-forwarded-for': '192.0.2.2' })).toEqual(['192.0.2.2']);
    expect(addresses({ forwarded: 'for=192.0.2.1', 'x-forwarded-proto': 'https' })).toEqual([undefined]);
  });

  it('reads no more than the nearest few', () => {
    expect(addresses({ 'x-forwarded-for': `${'192.0.2.9,'.repeat(1000)}192.0.2.1` })).toHaveLength(32);
    expect(addresses({ forwarded: `${'for=192.0.2.9,'.repeat(1000)}for=192.0.2.1` })).toHaveLength(32);
  });
});
