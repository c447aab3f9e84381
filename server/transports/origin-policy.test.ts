import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { OriginPolicy } from './origin-policy.ts';

function request(headers: Record<string, string>, isSecure = false): IncomingMessage {
  return { headers, socket: { encrypted: isSecure } } as unknown as IncomingMessage;
}

const host = 'app.example';

describe('OriginPolicy#judge', () => {
  const policy = new OriginPolicy(['https://friend.example', 'http://Other.example:80']);

  it('lets in who names no origin', () => {
    expect(policy.judge(request({ host }))).toBe('none');
  });

  it.each([
    ['http://app.example', host, false],
    ['http://app.example:80', host, false],
    ['http://APP.example', host, false],
    ['http://app.example', 'app.example:80', false],
    ['https://app.example', host, true],
    ['http://app.example:8080', 'app.example:8080', false],
    ['http://[::1]:3000', '[::1]:3000', false],
  ])('takes %s on host %s for the same origin', (origin, itsHost, isSecure) => {
    expect(policy.judge(request({ origin, host: itsHost }, isSecure))).toBe('trusted');
  });

  it.each([
    'https://app.example',
    'http://app.example:81',
    'http://app.example.evil',
    'http://evil-app.example',
    'http://evil.example',
    'null',
    '',
    'nonsense',
    'http://app.example@evil.example',
  ])('refuses %j', (origin) => {
    expect(policy.judge(request({ origin, host }))).toBe('refused');
  });

  it.each([
    ['the origin null', 'null', host],
    ['an origin whose proxy put another name into Host', 'http://public.example', 'upstream'],
    ['an origin whose proxy takes off TLS', 'https://app.example', host],
  ])('trusts %s only where the browser vouches for it', (_, origin, itsHost) => {
    const from = (site: string) => request({ origin, host: itsHost, 'sec-fetch-site': site });
    expect(policy.judge(from('same-origin'))).toBe('trusted');
    for (const site of ['same-site', 'cross-site', 'none', ''])
      expect(policy.judge(from(site))).toBe('refused');
  });

  it('trusts origins that are allowed by name, default ports and case aside', () => {
    expect(policy.judge(request({ origin: 'https://friend.example', host }))).toBe('trusted');
    expect(policy.judge(request({ origin: 'http://other.example', host }))).toBe('trusted');
    expect(policy.judge(request({ origin: 'http://friend.example', host }))).toBe('refused');
  });

  it('lets everybody in as foreign where all are allowed', () => {
    const open = new OriginPolicy(['*']);
    expect(open.judge(request({ origin: 'http://evil.example', host }))).toBe('foreign');
    expect(open.judge(request({ origin: 'null', host }))).toBe('foreign');
    expect(open.judge(request({ origin: 'http://app.example', host }))).toBe('trusted');
  });
});

describe('OriginPolicy#isCrossSite', () => {
  it('believes the browser where it names no origin', () => {
    const policy = new OriginPolicy();
    expect(policy.isCrossSite(request({ host, 'sec-fetch-site': 'cross-site' }))).toBe(true);
    expect(policy.isCrossSite(request({ host, 'sec-fetch-site': 'same-origin' }))).toBe(false);
    expect(policy.isCrossSite(request({ host }))).toBe(false);
    expect(policy.isCrossSite(request({ host, origin: 'http://evil.example' }))).toBe(true);
  });
});

describe('OriginPolicy#grant', () => {
  const evil = request({ origin: 'http://evil.example', host });

  it('names an origin only to that origin, and none to strangers', () => {
    const policy = new OriginPolicy(['https://friend.example']);
    const friend = request({ origin: 'https://friend.example', host });
    expect(policy.grant(friend)).toBe('https://friend.example');
    expect(policy.grant(evil)).toBeUndefined();
    expect(policy.grant(request({ origin: 'null', host }))).toBeUndefined();
    expect(policy.grant(request({ host }))).toBeUndefined();
  });

  it('names nobody where all may come', () => {
    const policy = new OriginPolicy(['*', 'https://friend.example']);
    for (const one of [evil, request({ host }), request({ origin: 'https://friend.example', host })]) {
      expect(policy.grant(one)).toBe('*');
    }
  });
});
