import { describe, expect, it } from 'vitest';
import { chooseProxy } from './choose-proxy.ts';

const ROOMS = new URL('wss://rooms.example/multiplex');
const ENV = { HTTPS_PROXY: 'http://named:3128', HTTP_PROXY: 'http://named:3128' };

describe('chooseProxy', () => {
  it('takes what was chosen before what the environment names', () => {
    expect(chooseProxy(ROOMS, 'chosen:8080', ENV)?.host).toBe('chosen:8080');
    expect(chooseProxy(ROOMS, new URL('http://chosen:8080'), ENV)?.host).toBe('chosen:8080');
    expect(chooseProxy(ROOMS, undefined, ENV)?.host).toBe('named:3128');
  });

  it('takes none where none is chosen, or named', () => {
    expect(chooseProxy(ROOMS, null, ENV)).toBeNull();
    expect(chooseProxy(ROOMS, undefined, {})).toBeNull();
  });

  it.each(['localhost', 'app.localhost', '127.0.0.1', '127.1.2.3', '[::1]'])('reaches %s without', (host) => {
    const url = new URL(`http://${host}:3000/multiplex`);
    expect(chooseProxy(url, undefined, ENV)).toBeNull();
    expect(chooseProxy(url, 'chosen:8080', ENV)?.host).toBe('chosen:8080');
  });

  it('refuses what is no HTTP proxy, and says what to do', () => {
    expect(() => chooseProxy(ROOMS, 'socks5://chosen:1080', {})).toThrow(TypeError);
    expect(() => chooseProxy(ROOMS, undefined, { https_proxy: 'socks5://named:1080' })).toThrow(
      /null for none/,
    );
  });
});
