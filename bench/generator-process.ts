import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CellRequest, CellResult, GeneratorAnswer, GeneratorOrder } from './cell.ts';

const PROGRAM = fileURLToPath(new URL('generator/main.ts', import.meta.url));
const MEASURE_LIMIT_MS = 40_000;

/** The traffic generator, in a process of its own; started again when a measurement had to be given up. */
export class GeneratorProcess {
  #child: ChildProcess | undefined;

  /** Makes one measurement. Rejects when a check failed, the generator died, or it took too long. */
  measure(request: CellRequest, collectGarbage: () => Promise<void>): Promise<CellResult> {
    const child = (this.#child ??= start());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => giveUp(`no result within ${MEASURE_LIMIT_MS} ms`), MEASURE_LIMIT_MS);
      const end = (): void => {
        clearTimeout(timer);
        child.off('message', onMessage).off('exit', onExit);
      };
      const giveUp = (reason: string): void => {
        end();
        this.stop();
        reject(new Error(reason));
      };
      const onExit = (code: number | null): void => giveUp(`the generator ended with ${code}`);
      const onMessage = (answer: GeneratorAnswer): void => {
        switch (answer.type) {
          case 'collect':
            collectGarbage().then(
              () => tell(child, { type: 'collected' }),
              (error: unknown) => giveUp(`no garbage collection: ${String(error)}`),
            );
            return;
          case 'failure':
            // Its connections are of no more use; a new process starts clean.
            giveUp(answer.reason);
            return;
          case 'result':
            end();
            resolve(answer.result);
        }
      };
      child.on('message', onMessage).on('exit', onExit);
      tell(child, request);
    });
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

function start(): ChildProcess {
  return fork(PROGRAM, { execArgv: ['--import', import.meta.resolve('tsx')] });
}

function tell(child: ChildProcess, order: GeneratorOrder): void {
  child.send(order);
}
