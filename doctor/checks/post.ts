import { describeAnswer } from '../answer.ts';
import { defineCheck, skipped } from '../check-spec.ts';
import { readReflection } from '../reflection.ts';

/** Together below any limit for bodies that anybody has. */
const LINES = 20;

export type PostFacts = {
  readonly isAnswered: boolean;
  readonly status: number | null;
  /** What arrived is what was sent, to the byte; `null` where that cannot be told. */
  readonly isIntact: boolean | null;
  readonly sentBytes: number;
  readonly arrivedBytes: number;
};

/** A request with a body: all that is sent without WebSocket goes that way. */
export const post = defineCheck({
  id: 'post',
  title: 'Requests may carry something',
  async run(path) {
    const { digest } = path.environment;
    const body = new TextEncoder().encode(
      Array.from({ length: LINES }, (_, i) => `["${i} é 日本 \\u2028 <script>"]\n`).join(''),
    );
    const headers = { 'content-type': 'text/plain;charset=UTF-8' };
    const answer = await path.ask(path.at('doctor/mirror'), { method: 'POST', body, headers });
    const reflection = readReflection(answer);
    if (reflection === null && answer.status === 404) return skipped('The server has no mirror.');
    const sent = digest === null ? null : await digest(body);
    const isIntact =
      reflection === null
        ? null
        : reflection.bytes === body.length &&
          (sent === null || reflection.sha256 === null || sent === reflection.sha256);
    const facts: PostFacts = {
      isAnswered: reflection !== null,
      status: answer.status,
      isIntact,
      sentBytes: body.length,
      arrivedBytes: reflection?.bytes ?? 0,
    };
    if (reflection === null)
      return {
        status: 'fail',
        detail: `A request with a body does not pass: ${describeAnswer(answer)}.`,
        facts,
      };
    if (isIntact === false) return { status: 'fail', detail: 'What arrives is not what was sent.', facts };
    return { status: 'pass', detail: 'What arrives is what was sent, to the byte.', facts };
  },
});
