import { describe, expect, it } from 'vitest';
import { RecentMarks } from './recent-marks.ts';

function setUp(): { marks: RecentMarks; pass: (ms: number) => void } {
  let made = 0;
  let now = 0;
  const marks = new RecentMarks(
    () => `mark ${++made}`,
    () => now,
  );
  return { marks, pass: (ms) => void (now += ms) };
}

describe('marks of a moment ago', () => {
  it('are the same for all that a browser asks for at once, and another one for each browser', () => {
    const { marks, pass } = setUp();
    expect(marks.for('a')).toBe('mark 1');
    pass(9999);
    expect([marks.for('a'), marks.for('b')]).toEqual(['mark 1', 'mark 2']);
  });

  it('are not handed out for long', () => {
    const { marks, pass } = setUp();
    marks.for('a');
    pass(10_000);
    expect([marks.for('a'), marks.for('a')]).toEqual(['mark 2', 'mark 2']);
  });

  it('are forgotten, the oldest first, when there are very many', () => {
    const { marks } = setUp();
    for (let i = 0; i <= 10_000; i++) marks.for(`browser ${i}`);
    expect([marks.for('browser 1'), marks.for('browser 0')]).toEqual(['mark 2', 'mark 10002']);
  });
});
