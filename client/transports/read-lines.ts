import { LostAnswer } from './retries.ts';
import { causeOf } from './session-requests.ts';

/** No line of a server is longer, in UTF-16 units. */
const LINE_LIMIT = 64 * 1024 * 1024;

/** What is told of a response while it comes. */
export interface LinesReader {
  /** Some bytes came. */
  heard(): void;
  /** Whole lines, without their ends. */
  take(lines: readonly string[]): void;
}

/** Reads a response line by line, and keeps none. Rejects with a {@link LostAnswer} when it breaks off, also in the middle of a line. */
export async function readLines(response: Response, told: LinesReader): Promise<void> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new LostAnswer(`the response broke off: ${causeOf(error)}`);
    });
    if (done) break;
    told.heard();
    const lines = decoder.decode(value, { stream: true }).split('\n');
    lines[0] = rest + (lines[0] ?? '');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_LIMIT) throw new Error('a frame is too long');
    if (lines.length > 0) told.take(lines);
  }
  if (rest + decoder.decode() !== '') throw new LostAnswer('the response broke off in the middle of a frame');
}
