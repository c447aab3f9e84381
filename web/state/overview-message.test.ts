import { describe, expect, it } from 'vitest';
import { parseOverviewMessage } from './overview-message.ts';

describe('parseOverviewMessage', () => {
  it('reads the three messages of the channel', () => {
    expect(parseOverviewMessage('{"type":"unauthorized"}')).toEqual({ type: 'unauthorized' });
    expect(parseOverviewMessage('{"type":"overview","rooms":[]}')).toMatchObject({ type: 'overview' });
    expect(parseOverviewMessage('{"type":"room","members":[]}')).toMatchObject({ type: 'room' });
  });

  it('passes over what it does not know', () => {
    for (const text of [
      '',
      'hi',
      'null',
      '7',
      '{}',
      '{"type":"overview"}',
      '{"type":"room"}',
      '{"type":"news"}',
    ]) {
      expect(parseOverviewMessage(text), text).toBeUndefined();
    }
  });
});
