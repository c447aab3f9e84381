import { describe, expect, it } from 'vitest';
import { IgnoredLog } from './ignored-log.ts';

const layout = (count: number) => ({ place: 'layout', reason: 'bad-request', count });

describe('IgnoredLog', () => {
  it('groups reasons by place, the most frequent first', () => {
    const log = new IgnoredLog();
    log.read(
      [
        layout(2),
        { place: 'upgrade', reason: 'foreign-origin', count: 9 },
        { place: 'layout', reason: 'limit', count: 3 },
      ],
      1,
    );
    expect(log.places).toEqual([
      { place: 'upgrade', total: 9, reasons: [{ reason: 'foreign origin', count: 9, grewAt: null }] },
      {
        place: 'layout',
        total: 5,
        reasons: [
          { reason: 'limit', count: 3, grewAt: null },
          { reason: 'bad request', count: 2, grewAt: null },
        ],
      },
    ]);
  });

  it('notes when a count grew, but not for what was there at first', () => {
    const log = new IgnoredLog();
    const grewAt = (): unknown => log.places[0]?.reasons[0]?.grewAt;
    log.read([layout(2)], 1);
    log.read([layout(2)], 2);
    expect(grewAt()).toBeNull();
    log.read([layout(3)], 3);
    log.read([layout(3)], 4);
    expect(grewAt()).toBe(3);
  });

  it('notes a reason that is new since the page was opened', () => {
    const log = new IgnoredLog();
    log.read([], 1);
    log.read([layout(1)], 2);
    expect(log.places[0]?.reasons[0]?.grewAt).toBe(2);
  });

  it('forgets the past when the server began anew', () => {
    const log = new IgnoredLog();
    log.read([layout(5)], 1);
    log.read([layout(6)], 2);
    log.read([layout(1)], 3);
    expect(log.places).toEqual([
      { place: 'layout', total: 1, reasons: [{ reason: 'bad request', count: 1, grewAt: null }] },
    ]);
    log.read([], 4);
    expect(log.places).toEqual([]);
  });
});
