import { describe, expect, it } from 'vitest';
import { describeNotice } from './notice-text.ts';

const gap = { kind: 'gap', key: 'k', at: 0 } as const;
const passage = { kind: 'passage', key: 'k', at: 0 } as const;

describe('describeNotice', () => {
  it('says what is missing, and how much of it is known', () => {
    expect(describeNotice({ ...gap, reason: 'trimmed', missing: 1_240 })).toBe(
      'You missed 1,240 messages that are no longer kept',
    );
    expect(describeNotice({ ...gap, reason: 'trimmed', missing: 1 })).toBe(
      'You missed 1 message that is no longer kept',
    );
    expect(describeNotice({ ...gap, reason: 'skipped', missing: 2 })).toBe('2 messages are missing here');
    expect(describeNotice({ ...gap, reason: 'epoch-changed', missing: null })).toBe(
      'Messages may be missing here: the room started over',
    );
    expect(describeNotice({ ...gap, reason: 'unknown', missing: null })).toBe('Messages may be missing here');
  });

  it('says who came, went, and how', () => {
    expect(describeNotice({ ...passage, about: 'joined', names: ['Ann', 'Bob'], count: 2 })).toBe(
      'Ann and Bob came in',
    );
    expect(describeNotice({ ...passage, about: 'left', names: ['Ann'], count: 3 })).toBe(
      'Ann and 2 others left',
    );
    expect(describeNotice({ ...passage, about: 'lost', names: ['Ann'], count: 1 })).toBe(
      'Ann lost the connection',
    );
    expect(describeNotice({ kind: 'rename', key: 'k', at: 0, from: 'Ann', to: 'Anna' })).toBe(
      'Ann is now Anna',
    );
  });
});
