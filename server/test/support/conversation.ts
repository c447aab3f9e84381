import type { createServer } from '../../create-server.ts';
import type { Line } from './line.ts';
import type { SeededRandom } from './random.ts';

/**
 * A short exchange that shows that a gateway is at work behind a line. Every gateway's folder has some, in a
 * file `*.conversation.ts` that exports `conversations`; the suites that try every gateway on every transport
 * collect them, in Node and in a browser, so it asserts with `node:assert`.
 */
export interface Conversation {
  /** Name of the gateway, as in its path. */
  readonly gateway: string;
  /** False when the gateway is no topic on `/multiplex`. @default true */
  readonly isTopic?: boolean;
  /** What the server must be told for it; the same server serves all conversations. */
  readonly options?: Parameters<typeof createServer>[1];
  /** Where a mistake costs the connection: what a fresh one has to say before anything else makes sense. */
  opening?(): string;
  /** A frame that is right, or nearly: the fuzzer breaks it. */
  frame(random: SeededRandom): string;
  /** Speaks on a fresh line; throws when an answer is missing or not what it must be. `open` gives more lines of the same kind. */
  hold(line: Line, open: () => Promise<Line>): Promise<void>;
}
