import { describe, expect, it } from 'vitest';
import { parseProxy, proxyFor } from './proxy-for.ts';

const ROOMS = new URL('http://rooms.example:3000/');

describe('proxyFor', () => {
  it.each([
    [{}, undefined],
    [{ HTTP_PROXY: 'http://proxy:3128' }, 'http://proxy:3128/'],
    [{ http_proxy: 'proxy:3128', HTTP_PROXY: 'http://other:1' }, 'http://proxy:3128/'],
    [{ HTTPS_PROXY: 'http://proxy:3128' }, undefined],
    [{ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: 'localhost, .example' }, undefined],
    [{ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: 'rooms.example:3000' }, undefined],
    [{ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: 'rooms.example:4000,ms.example' }, 'http://proxy:3128/'],
    [{ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: '*' }, undefined],
  ])('of %j is %s', (env, proxy) => {
    expect(proxyFor(ROOMS, env)?.href).toBe(proxy);
  });

  it('goes by the scheme', () => {
    const env = { https_proxy: 'http://secure:8080' };
    for (const scheme of ['https', 'wss'])
      expect(proxyFor(new URL(`${scheme}://rooms.example/`), env)?.host).toBe('secure:8080');
    expect(proxyFor(new URL('ws://rooms.example/'), env)).toBeNull();
  });
});

it.each(['socks5://proxy:1080', 'https://proxy', 'http://'])('%s is no HTTP proxy', (given) => {
  expect(() => parseProxy(given)).toThrow(TypeError);
});
