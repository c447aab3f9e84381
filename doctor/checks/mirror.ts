import { defineCheck, skipped } from '../check-spec.ts';
import { randomId } from '../../client/random-id.ts';
import type { Answer } from '../answer.ts';
import type { Path } from '../path.ts';
import { readReflection } from '../reflection.ts';

/** Headers that proxies add. */
const TRACES = ['via', 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

const TRIES = 3;

export type MirrorFacts = {
  /** The server has `/doctor/mirror`. */
  readonly isThere: boolean;
  /** The `Host` that arrived is the one in the address. */
  readonly isHostKept: boolean;
  /** HTTP version of the last leg, as the server sees it. */
  readonly http: string;
  /** Headers that only proxies add. */
  readonly traces: readonly string[];
  /** The query of an address arrives; `null` where that cannot be told. */
  readonly isQueryKept: boolean | null;
  /** Encryption reaches the server itself. */
  readonly isSecure: boolean;
};

/** Connections may break at any time, and much depends on this answer. */
async function lookInto(path: Path): Promise<Answer> {
  let answer = await path.ask(path.at('doctor/mirror'));
  for (let tries = 1; answer.failure !== null && tries < TRIES; tries++) {
    answer = await path.ask(path.at('doctor/mirror'));
  }
  return answer;
}

/** What a request looks like when it arrives. */
export const mirror = defineCheck({
  id: 'mirror',
  title: 'Requests arrive as they were sent',
  async run(path) {
    const [answer, sought] = await Promise.all([
      lookInto(path),
      // Without its query this is no proper question.
      path.ask(path.at('doctor/sighting', { id: randomId() })),
    ]);
    const reflection = readReflection(answer);
    if (reflection === null) {
      if (answer.status === 404)
        return skipped('The server has no mirror: an older version, or not Roomplex.');
      return skipped('The mirror did not answer.');
    }
    const host = reflection.headers.get('host');
    const facts: MirrorFacts = {
      isThere: true,
      isHostKept: host === undefined || host === path.base.host,
      http: reflection.http,
      isQueryKept: sought.status === 200 ? true : sought.status === 400 ? false : null,
      traces: TRACES.filter((name) => reflection.headers.has(name)),
      isSecure: reflection.secure,
    };
    if (facts.isQueryKept === false)
      return { status: 'warn', detail: 'What follows a ? in an address does not arrive.', facts };
    if (!facts.isHostKept) return { status: 'warn', detail: 'The Host header arrives changed.', facts };
    const seen = facts.traces.length > 0 ? `Proxies left their marks: ${facts.traces.join(', ')}.` : '';
    return { status: 'pass', detail: seen || 'No proxy left a mark.', facts };
  },
});
