import type { DoctorEnvironment } from './environment.ts';
import type { Check, Report } from './report.ts';

/** What may be chosen. */
export interface ExamineOptions {
  /** Also look for idle cuts, which takes as long as {@link ExamineOptions.longestIdleMs}. Default false. */
  readonly full?: boolean;
  /** The longest quiet that is tried. Default 65 000; up to 130 000. */
  readonly longestIdleMs?: number;
  /** Ends the examination: its promise rejects with the reason. */
  readonly signal?: AbortSignal;
}

/** Told at the beginning (`changed` is `null`), and after each change of a check. `checks` are all, in order. */
export type ProgressListener = (checks: readonly Check[], changed: Check | null) => void;

/**
 * Examines the way to the server at `url`, the root under which Roomplex is mounted. What does not work is in the
 * report; it rejects only when it was aborted or the URL is none.
 */
export async function examine(
  _url: string | URL,
  _environment: DoctorEnvironment,
  _options: ExamineOptions = {},
  _onProgress: ProgressListener = () => undefined,
): Promise<Report> {
  throw new Error('the checks are not there yet');
}
