import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Sightings } from './sightings.ts';

const request = (url: string): IncomingMessage => ({ url, method: 'GET', headers: {} }) as IncomingMessage;
const response = new EventEmitter() as ServerResponse;
response.setMaxListeners(0);

describe('Sightings', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('are of requests that carry an id alone', () => {
    const sightings = new Sightings();
    const urls = ['/a?sighting=12345678', '/b?x=1&sighting=12345678', '/c?sighting=12345678&x'];
    const others = [
      '/d?mysighting=12345678',
      '/sighting=12345678',
      '/e?sighting=1234567',
      '/f?sighting=1234567890%20',
    ];
    for (const url of [...urls, ...others]) sightings.note(request(url), response);
    expect(sightings.seen('12345678').map(({ path }) => path)).toEqual(['/a', '/b', '/c']);
    expect(sightings.seen('1234567')).toEqual([]);
  });

  it('are sixteen for an id at most', () => {
    const sightings = new Sightings();
    for (let n = 0; n < 20; n++) sightings.note(request(`/${n}?sighting=12345678`), response);
    expect(sightings.seen('12345678').at(-1)?.path).toBe('/15');
  });

  it('are forgotten after five minutes', () => {
    const sightings = new Sightings();
    sightings.note(request('/?sighting=12345678'), response);
    vi.advanceTimersByTime(299_000);
    expect(sightings.seen('12345678')).toHaveLength(1);
    vi.advanceTimersByTime(2000);
    expect(sightings.seen('12345678')).toEqual([]);
  });

  it('are kept for the latest thousand ids', () => {
    const sightings = new Sightings();
    for (let id = 10_000_000; id < 10_002_000; id++) sightings.note(request(`/?sighting=${id}`), response);
    const kept = Array.from(
      { length: 2000 },
      (_, index) => sightings.seen(String(10_000_000 + index)).length,
    );
    expect(kept.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(1000);
    expect(kept.at(-1)).toBe(1);
  });
});
