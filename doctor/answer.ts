import { seconds } from './amounts.ts';
/** What became of a request. */
export interface Answer {
  /** `null`: none came. */
  readonly status: number | null;
  /** `timeout`: nothing came in time; `broken`: the connection could not be made, or broke. */
  readonly failure: 'timeout' | 'broken' | null;
  /** The platform's name for what broke, such as `ECONNREFUSED`, where it has one. */
  readonly code: string | null;
  /** Until all of the answer was there, or it was clear that none comes. */
  readonly ms: number;
  readonly text: string;
  /** Lower case, without parameters. */
  readonly type: string;
  readonly headers: Headers;
  /** When the request left and the answer was there, by {@link DoctorEnvironment.ticks}. */
  readonly sentAt: number;
}

/** The object that the answer is as JSON; `null` when it is none. */
export function objectOf({ text }: Answer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** What went wrong, or what the status is, for a sentence. */
export function describeAnswer({ status, failure, ms }: Answer): string {
  if (failure === 'timeout') return `nothing came within ${seconds(ms)}`;
  if (failure === 'broken') return 'the connection could not be made, or broke';
  return `the answer was ${String(status)}`;
}
