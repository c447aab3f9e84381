import type { Revision } from '../../../protocol/rooms.ts';
import type { ChangeDraft } from '../../hub/change.ts';
import type { EngineListener } from '../../hub/engine.ts';
import { toCell, type Entry } from '../../hub/entries.ts';
import type { Batch } from './batch.ts';
import type { DurableRoom } from './durable-room.ts';
import type { Faults } from './faults.ts';
import type { Outcome } from './operation.ts';
import { Request } from './request.ts';

/** About what a change takes beside its values. */
const CHANGE_BYTES = 256;

export class ChangeRequest extends Request<Revision> {
  readonly bytes: number;
  readonly #change: ChangeDraft;
  readonly #listener: EngineListener;

  /** @throws TypeError when an entry is none, or its value no JSON. */
  constructor(room: DurableRoom, change: ChangeDraft, listener: EngineListener, faults: Faults) {
    super(room, faults);
    const roomChanges = change.roomChanges && copyAll(change.roomChanges);
    const clientChanges = change.clientChanges && copyAll(change.clientChanges);
    this.#change = { ...change, roomChanges: roomChanges?.entries, clientChanges: clientChanges?.entries };
    this.#listener = listener;
    this.bytes = CHANGE_BYTES + (roomChanges?.bytes ?? 0) + (clientChanges?.bytes ?? 0);
  }

  draft(batch: Batch): Outcome {
    const { room } = this;
    const draft = batch.room(room);
    const { record, at } = draft.change(this.#change, batch.now);
    return () => {
      draft.showState();
      room.record = record;
      const { epoch, rev } = record;
      this.fulfil({ epoch, rev });
      this.#listener.changed(room.address, { ...this.#change, room: room.address.name, epoch, rev, at });
    };
  }
}

/** Whoever gave the values may go on changing them. */
function copyAll<T extends Entry>(entries: readonly T[]): { readonly entries: T[]; readonly bytes: number } {
  let bytes = 0;
  const copies = entries.map((entry) => {
    const cell = toCell(entry);
    if (cell === undefined) return entry;
    bytes += cell.bytes;
    return { ...entry, value: cell.value };
  });
  return { entries: copies, bytes };
}
