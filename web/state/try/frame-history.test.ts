import { describe, expect, it } from 'vitest';
import { FrameHistory } from './frame-history.ts';

function historyOf(...texts: string[]): FrameHistory {
  const history = new FrameHistory();
  for (const text of texts) history.add(text);
  return history;
}

describe('FrameHistory', () => {
  it('goes back to the oldest and forth to what was being typed', () => {
    const history = historyOf('one', 'two');
    expect(history.older('draft')).toBe('two');
    expect(history.older('two')).toBe('one');
    expect(history.older('one')).toBeNull();
    expect(history.newer()).toBe('two');
    expect(history.newer()).toBe('draft');
    expect(history.newer()).toBeNull();
  });

  it('passes over the newest while it is still shown', () => {
    const history = historyOf('one', 'two');
    expect(history.older('two')).toBe('one');
    expect(historyOf('one').older('one')).toBeNull();
  });

  it('has nothing when nothing was sent', () => {
    const history = historyOf('');
    expect(history.older('draft')).toBeNull();
    expect(history.newer()).toBeNull();
  });

  it('counts the same text twice in a row once, and keeps a hundred', () => {
    const history = historyOf('a', 'a', ...Array.from({ length: 120 }, (_, i) => `text ${i}`));
    let steps = 0;
    let shown = '';
    for (let text = history.older(''); text !== null; text = history.older(shown)) {
      shown = text;
      steps += 1;
    }
    expect(steps).toBe(100);
    expect(shown).toBe('text 20');
  });

  it('begins at the newest again after something was sent', () => {
    const history = historyOf('one', 'two');
    history.older('');
    history.older('two');
    history.add('one');
    expect(history.older('')).toBe('one');
    expect(history.older('one')).toBe('two');
  });
});
