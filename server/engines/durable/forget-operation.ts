import type { Batch } from './batch.ts';
import type { DurableRoom } from './durable-room.ts';
import { numberKey, roomKey } from './keys.ts';
import { UNKNOWN_ID } from './records.ts';
import type { Operation, Outcome } from './operation.ts';

const NOTHING = Buffer.alloc(0);

/** Takes a room out of the store. What it leaves behind is cleared away later. */
export class ForgetOperation implements Operation {
  readonly bytes = 0;
  readonly isOwed = true;
  readonly #room: DurableRoom;
  readonly #done: () => void;

  constructor(room: DurableRoom, done: () => void) {
    this.#room = room;
    this.#done = done;
  }

  /** What came before must be there to be taken away. */
  mustWait(batch: Batch): boolean {
    return batch.has(this.#room);
  }

  draft({ store, writes }: Batch): Outcome {
    const { address, record, isStored } = this.#room;
    if (isStored) {
      writes.remove(store.rooms, roomKey(address));
      if (record.id !== UNKNOWN_ID) writes.put(store.remains, numberKey(record.id), NOTHING);
    }
    return this.#done;
  }

  refuse(): void {}
}
