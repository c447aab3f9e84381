import type { Examination } from './examination.ts';
import type { Verdict } from '../../doctor/verdict.ts';

/** What a screen reader says about an examination: four words on the way, and what came of it. */
export function announcementOf({ stage, progress }: Examination, verdict: Verdict | null): string {
  if (stage === 'running') return QUARTERS[Math.min(3, Math.floor(progress * 4))] ?? '';
  if (stage === 'cancelled') return 'Cancelled.';
  if (stage === 'broken') return 'The examination broke off.';
  return verdict === null ? '' : `${verdict.headline} ${verdict.more}`;
}

const QUARTERS = [
  'The examination has begun.',
  'A quarter is done.',
  'Half is done.',
  'Three quarters are done.',
];
