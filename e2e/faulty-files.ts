import { asItComes } from '../lab/middleboxes/responses.ts';
import { startHttpMiddlebox } from '../lab/middleboxes/http-middlebox.ts';
import { passed } from '../lab/middleboxes/upgrades.ts';
import type { ServerProcess } from './server-process.ts';

/** What becomes of a file: its connection is reset, nothing of it ever comes, or somebody answers with this status. */
export type Fault = 'reset' | 'swallowed' | number;

interface Rule {
  readonly path: RegExp;
  readonly fault: Fault;
  left: number;
}

/** A line to a server on which files get lost as they are told to. */
export class FaultyFiles {
  /** Without a slash at the end. */
  readonly url: string;
  readonly stop: () => Promise<void>;
  readonly #rules: Rule[];
  readonly #asked: Map<string, number>;

  private constructor(port: number, stop: () => Promise<void>, rules: Rule[], asked: Map<string, number>) {
    this.url = `http://127.0.0.1:${port}`;
    this.stop = stop;
    this.#rules = rules;
    this.#asked = asked;
  }

  static async start(server: ServerProcess): Promise<FaultyFiles> {
    const rules: Rule[] = [];
    const asked = new Map<string, number>();
    const { port, stop } = await startHttpMiddlebox(Number(new URL(server.url).port), {
      upgrade: passed,
      handOn(theirs, ours, request) {
        const path = request.url ?? '/';
        asked.set(path, (asked.get(path) ?? 0) + 1);
        const rule = rules.find((each) => each.left > 0 && each.path.test(path));
        if (rule === undefined) {
          asItComes(theirs, ours, request);
          return;
        }
        rule.left--;
        theirs.resume();
        if (rule.fault === 'reset') request.socket.resetAndDestroy();
        else if (rule.fault !== 'swallowed') ours.writeHead(rule.fault).end();
      },
    });
    return new FaultyFiles(port, stop, rules, asked);
  }

  /** The next `times` responses to paths like this come to grief. */
  lose(path: RegExp, fault: Fault, times = Infinity): void {
    this.#rules.push({ path, fault, left: times });
  }

  /** From now on everything arrives. */
  mend(): void {
    this.#rules.length = 0;
  }

  /** How often files like this were asked for. */
  asked(path: RegExp): number {
    return [...this.#asked].filter(([each]) => path.test(each)).reduce((sum, [, count]) => sum + count, 0);
  }
}
