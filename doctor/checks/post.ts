import { describeAnswer, isPage } from '../answer.ts';
import { defineCheck, skipped } from '../check-spec.ts';
import type { Path } from '../path.ts';
import { readReflection } from '../reflection.ts';

/** Together below any limit for bodies that anybody has. */
const LINES = 20;

/** What takes so much longer was held by somebody, ms. */
const HELD_MS = 1000;

export type PostFacts = {
  readonly isAnswered: boolean;
  readonly status: number | null;
  /** It leads to another address. */
  readonly isRedirect: boolean;
  /** A page came in place of an answer. */
  readonly isHtml: boolean;
  /** What arrived is what was sent, to the byte; `null` where that cannot be told. */
  readonly isIntact: boolean | null;
  readonly sentBytes: number;
  readonly arrivedBytes: number;
  /** How much longer the answer took than that to a request that carries nothing. */
  readonly heldMs: number;
};

/** Once is chance. */
async function heldMs(path: Path, firstMs: number): Promise<number> {
  const usualMs = 2 * path.pace.roundTripMs;
  if (firstMs - usualMs < HELD_MS) return 0;
  const how = { method: 'POST', body: '[]', headers: { 'content-type': 'text/plain' } };
  const { ms } = await path.ask(path.at('doctor/mirror'), how);
  return Math.max(0, Math.round(Math.min(ms, firstMs) - usualMs));
}

/** A request with a body: all that is sent without WebSocket goes that way. */
export const post = defineCheck({
  id: 'post',
  title: 'Requests may carry something',
  async run(path) {
    if (path.known.mirror === undefined) return skipped('There is no mirror to show it.');
    const { digest } = path.environment;
    const body = new TextEncoder().encode(
      Array.from({ length: LINES }, (_, i) => `["${i} é 日本 \\u2028 <script>"]\n`).join(''),
    );
    const headers = { 'content-type': 'text/plain;charset=UTF-8' };
    const answer = await path.ask(path.at('doctor/mirror'), { method: 'POST', body, headers });
    const reflection = readReflection(answer);
    const sent = digest === null ? null : await digest(body);
    const isIntact =
      reflection === null
        ? null
        : reflection.bytes === body.length &&
          (sent === null || reflection.sha256 === null || sent === reflection.sha256);
    const facts: PostFacts = {
      isAnswered: reflection !== null,
      status: answer.status,
      isRedirect: answer.isRedirect,
      isHtml: reflection === null && answer.status === 200 && isPage(answer),
      isIntact,
      sentBytes: body.length,
      arrivedBytes: reflection?.bytes ?? 0,
      heldMs: reflection === null ? 0 : await heldMs(path, answer.ms),
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
