import { describe, expect, it } from 'vitest';
import { multiplexUrl, nameOfServer, targetOf } from './target.ts';

describe('the target', () => {
  it('is the server the page came from, below whatever path', () => {
    expect(targetOf(new URL('http://localhost:3000/doctor'))).toEqual({
      url: 'http://localhost:3000/',
      isOwn: true,
    });
    expect(targetOf(new URL('https://example.org/rooms/doctor?x=1#y'))).toEqual({
      url: 'https://example.org/rooms/',
      isOwn: true,
    });
  });

  it('is another server where the address names one', () => {
    expect(targetOf(new URL('http://localhost:3000/doctor?url=https://rooms.example/a'))).toEqual({
      url: 'https://rooms.example/a/',
      isOwn: false,
    });
    expect(targetOf(new URL('http://localhost:3000/doctor?url=http%3A%2F%2Flocalhost%3A3000')).isOwn).toBe(
      true,
    );
  });

  it('is the own server where the address names none that could be', () => {
    for (const bad of [
      '',
      'javascript:alert(1)',
      'ftp://a',
      'http://',
      'a b',
      'rooms.example',
      'localhost:3000',
    ]) {
      expect(targetOf(new URL(`http://localhost:3000/doctor?url=${encodeURIComponent(bad)}`)).isOwn).toBe(
        true,
      );
    }
  });
});

describe('an address as people write it', () => {
  it.each([
    [' https://rooms.example ', 'https://rooms.example/'],
    ['http://localhost:3000/multiplex', 'http://localhost:3000/'],
    ['https://example.org/rooms/doctor', 'https://example.org/rooms/'],
    ['wss://example.org/rooms/multiplex/', 'https://example.org/rooms/'],
    ['ws://user:secret@example.org/?token=1#x', 'http://example.org/'],
  ])('%s', (text, url) => {
    const page = new URL('http://localhost:3000/doctor');
    page.searchParams.set('url', text);
    expect(targetOf(page).url).toBe(url);
  });

  it('leads to where the client connects and to a name', () => {
    expect(multiplexUrl('https://example.org/rooms/')).toBe('https://example.org/rooms/multiplex');
    expect(nameOfServer('https://example.org/rooms/')).toBe('example.org/rooms');
  });
});
