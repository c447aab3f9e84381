import { describe, expect, it } from 'vitest';
import { compareReports } from './comparison.ts';
import { checked, found, reported } from '../../doctor/test/reported.ts';

const BLOCKED = reported({
  checks: [checked('reach', 'pass'), checked('websocket', 'fail'), checked('webrtc', 'skip')],
  findings: [found('upgrade-removed', 'Something removes the Upgrade header'), found('idle-cut', 'Cut')],
});
const MENDED = reported({
  checks: [checked('reach', 'pass'), checked('websocket', 'pass'), checked('cors', 'warn')],
  findings: [found('idle-cut', 'Cut')],
});

describe('two reports', () => {
  it('differ in the checks that came out differently or that only one has', () => {
    const { checks } = compareReports(BLOCKED, MENDED);
    expect(checks.filter(({ isChanged }) => isChanged).map(({ id }) => id)).toEqual([
      'websocket',
      'cors',
      'webrtc',
    ]);
    expect(checks.find(({ id }) => id === 'cors')?.earlier).toBeNull();
    expect(checks.find(({ id }) => id === 'webrtc')?.later).toBeNull();
  });

  it('differ in what was found', () => {
    const { gone, added, kept } = compareReports(BLOCKED, MENDED);
    expect(gone.map(({ id }) => id)).toEqual(['upgrade-removed']);
    expect(added).toEqual([]);
    expect(kept.map(({ id }) => id)).toEqual(['idle-cut']);
    expect(compareReports(MENDED, BLOCKED).added.map(({ id }) => id)).toEqual(['upgrade-removed']);
  });

  it('do not differ from themselves', () => {
    const { checks, gone, added } = compareReports(BLOCKED, BLOCKED);
    expect(checks.some(({ isChanged }) => isChanged)).toBe(false);
    expect([...gone, ...added]).toEqual([]);
  });
});
