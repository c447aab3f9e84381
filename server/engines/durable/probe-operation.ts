import type { Batch } from './batch.ts';
import { numberKey } from './keys.ts';
import type { Operation, Outcome } from './operation.ts';

/** Enough that it does not fit into what a full disk may still have left over. */
const PROBE = Buffer.alloc(65_536);

/** Finds out whether something can be written. */
export class ProbeOperation implements Operation {
  readonly bytes = PROBE.length;
  readonly isOwed = false;

  mustWait(): boolean {
    return false;
  }

  draft({ store, writes }: Batch): Outcome {
    writes.put(store.probes, numberKey(0), PROBE);
    return () => undefined;
  }

  refuse(): void {}
}
