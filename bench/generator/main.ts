/** The process that makes the traffic. It does one measurement at a time, ordered over the IPC channel. */
import type { GeneratorAnswer, GeneratorOrder } from '../cell.ts';
import { measure } from './measure.ts';
import { CheckError } from './traffic.ts';

let onCollected: (() => void) | undefined;

process.on('message', (order: GeneratorOrder) => {
  if (order.type === 'collected') {
    onCollected?.();
    return;
  }
  measure(order, collect).then(
    (result) => answer({ type: 'result', result }),
    (error: unknown) => {
      const reason = error instanceof CheckError ? error.message : String((error as Error).stack ?? error);
      answer({ type: 'failure', reason });
    },
  );
});

// The end of the process that gives the orders is the end of this one.
process.on('disconnect', () => process.exit(0));

function collect(): Promise<void> {
  return new Promise((resolve) => {
    onCollected = resolve;
    answer({ type: 'collect' });
  });
}

function answer(message: GeneratorAnswer): void {
  process.send?.(message);
}
