import { describe, expect, it } from 'vitest';
import { closestName } from './closest-name.ts';

const NAMES = ['port', 'host', 'https', 'origin', 'admin-token', 'log-level'];

describe('closestName', () => {
  it.each([
    ['prot', 'port'],
    ['htps', 'https'],
    ['orgin', 'origin'],
    ['admintoken', 'admin-token'],
    ['log_level', 'log-level'],
    ['adm', 'admin-token'],
    ['PORT', 'port'],
  ])('takes %s for %s', (typed, meant) => {
    expect(closestName(typed, NAMES)).toBe(meant);
  });

  it.each(['verbose', '', 'x', 'p'.repeat(100_000)])('knows nothing like %.20s', (typed) => {
    expect(closestName(typed, NAMES)).toBeUndefined();
  });
});
