import type { CheckStatus } from '../../doctor/report.ts';
import { brokenIcon, closeIcon, connectedIcon, type Face, skipIcon, spinIcon } from '../components/icons.ts';

/** How each outcome of a check looks and what it is called. */
export const STATUS_FACES: Readonly<Record<CheckStatus, Face>> = {
  waiting: { text: 'Not begun', icon: skipIcon },
  running: { text: 'Running', icon: spinIcon },
  pass: { text: 'Passed', icon: connectedIcon },
  warn: { text: 'Worth knowing', icon: brokenIcon },
  fail: { text: 'Failed', icon: closeIcon },
  skip: { text: 'Left out', icon: skipIcon },
};
