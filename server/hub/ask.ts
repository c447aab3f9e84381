import { faultText } from '../telemetry/fault-text.ts';
import { HubError } from './errors.ts';

/**
 * Asks user code. It refuses by throwing: a {@link HubError} with its code and reason, anything else as
 * `forbidden`. Code that answers at once is answered for at once; a promise may take `limitMs`, then it counts
 * as a refusal. 0 or `Infinity` lifts the limit.
 */
export function ask<T>(hook: string, limitMs: number, question: () => T | PromiseLike<T>): T | Promise<T> {
  let answer: T | PromiseLike<T>;
  try {
    answer = question();
  } catch (error) {
    throw refusal(error);
  }
  if (!isPromise(answer)) return answer;
  return inTime(hook, limitMs, answer);
}

async function inTime<T>(hook: string, limitMs: number, answer: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    if (limitMs === 0 || limitMs === Infinity) return;
    timer = setTimeout(() => reject(new HubError('forbidden', `the ${hook} hook took too long`)), limitMs);
  });
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    throw refusal(error);
  } finally {
    clearTimeout(timer);
  }
}

/** What a hook threw, as a refusal. */
export function refusal(error: unknown): HubError {
  if (error instanceof HubError) return error;
  return new HubError('forbidden', faultText(error), { cause: error });
}

function isPromise<T>(answer: T | PromiseLike<T>): answer is PromiseLike<T> {
  return (
    typeof answer === 'object' && answer !== null && 'then' in answer && typeof answer.then === 'function'
  );
}
