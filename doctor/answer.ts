import { seconds } from './amounts.ts';

/** What became of a request. */
export interface Answer {
  /** `null`: none came, or it may not be known. */
  readonly status: number | null;
  /** It leads to another address, which was not followed. */
  readonly isRedirect: boolean;
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

/** A page: what people read, and programs did not ask for. */
export function isPage({ type, text }: Answer): boolean {
  return type === 'text/html' || /^\s*<(?:!doctype|html)/i.test(text);
}

/** What proxies answer while they do not reach the server, or are asked too much: it may pass the next time. */
export function isPassing(status: number | null): boolean {
  return status === 429 || (status !== null && status >= 502 && status <= 504);
}

/** What went wrong, or what the status is, for a sentence. */
export function describeAnswer({ status, failure, isRedirect, ms }: Answer): string {
  if (failure === 'timeout') return `nothing came within ${seconds(ms)}`;
  if (failure === 'broken') return 'the connection could not be made, or broke';
  if (status === null) return 'the answer leads elsewhere';
  return `the answer was ${status}${isRedirect ? ', which leads elsewhere' : ''}`;
}
