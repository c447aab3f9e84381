import { describe, expect, it } from 'vitest';
import { FrameLog } from './frame-log.ts';

describe('FrameLog', () => {
  it('tells direction, time and size in bytes', () => {
    const log = new FrameLog();
    log.addFrame('sent', 'ü', 5);
    log.addFrame('received', Uint8Array.of(0, 255, 16).buffer, 6);
    expect(log.entries).toEqual([
      { kind: 'frame', key: 1, at: 5, direction: 'sent', text: 'ü', bytes: 2, isBinary: false },
      { kind: 'frame', key: 2, at: 6, direction: 'received', text: '00 ff 10', bytes: 3, isBinary: true },
    ]);
  });

  it('shows the first bytes of a long binary frame', () => {
    const log = new FrameLog();
    log.addFrame('received', new ArrayBuffer(100), 0);
    expect(log.entries[0]).toMatchObject({ bytes: 100, text: `${'00 '.repeat(64)}…` });
  });

  it('keeps the newest 500', () => {
    const log = new FrameLog();
    for (let i = 0; i < 620; i++) log.addFrame('received', `frame ${i}`, i);
    expect(log.entries).toHaveLength(500);
    expect(log.entries[0]).toMatchObject({ text: 'frame 120', key: 121 });
    expect(log.dropped).toBe(120);
  });

  it('keeps no more than four million characters, but always the newest frame', () => {
    const log = new FrameLog();
    for (let i = 0; i < 6; i++) log.addFrame('received', 'x'.repeat(1_000_000), i);
    expect(log.entries.map(({ at }) => at)).toEqual([2, 3, 4, 5]);
    log.addFrame('received', 'x'.repeat(9_000_000), 6);
    expect(log.entries.map(({ at }) => at)).toEqual([6]);
    log.addNote('after', 'calm', 7);
    expect(log.entries.map(({ at }) => at)).toEqual([7]);
    expect(log.dropped).toBe(7);
  });

  it('is empty after it was cleared', () => {
    const log = new FrameLog();
    for (let i = 0; i < 501; i++) log.addFrame('sent', 'x', i);
    log.clear();
    expect(log.entries).toEqual([]);
    expect(log.dropped).toBe(0);
    log.addFrame('sent', 'x', 0);
    expect(log.entries[0]?.key).toBe(502);
  });

  it('reads as text, a line for each entry', () => {
    const log = new FrameLog();
    log.addNote('Connected', 'calm', 0);
    log.addFrame('sent', 'hi', 1);
    log.addFrame('received', 'ho', 2);
    expect(log.toText()).toBe(
      '1970-01-01T00:00:00.000Z # Connected\n1970-01-01T00:00:00.001Z > hi\n1970-01-01T00:00:00.002Z < ho',
    );
  });
});
