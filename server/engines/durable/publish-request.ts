import type { Position } from '../../../protocol/rooms.ts';
import type { EngineListener } from '../../hub/engine.ts';
import type { Draft, Publication } from '../../hub/publication.ts';
import type { Batch } from './batch.ts';
import type { DurableRoom } from './durable-room.ts';
import type { Faults } from './faults.ts';
import type { Outcome } from './operation.ts';
import { decodeDraft, encodeDraft } from './records.ts';
import { Request } from './request.ts';

export class PublishRequest extends Request<Position> {
  readonly bytes: number;
  readonly #said: Draft;
  readonly #text: string;
  readonly #listener: EngineListener;

  /** @throws TypeError when the data is no JSON value. */
  constructor(room: DurableRoom, draft: Draft, listener: EngineListener, faults: Faults) {
    super(room, faults);
    this.#text = encodeDraft(draft);
    // What is delivered is what is stored, whatever becomes of an object meanwhile.
    this.#said = isPlain(draft.data) ? draft : decodeDraft(this.#text);
    this.#listener = listener;
    this.bytes = this.#text.length;
  }

  draft(batch: Batch): Outcome {
    const { room } = this;
    const draft = batch.room(room);
    const { id } = this.#said;
    const known = id === undefined ? undefined : draft.offsetOf(id, batch.now);
    if (known !== undefined) {
      const { epoch } = draft.record;
      return () => this.fulfil({ epoch, offset: known });
    }
    const record = draft.publish(this.#text, id, batch.now);
    return () => {
      const { epoch, offset, at } = record;
      room.record = record;
      this.fulfil({ epoch, offset });
      const { kind, data, sender, except, to } = this.#said;
      const { name } = room.address;
      const publication: Publication = { kind, data, sender, except, to, id, room: name, epoch, offset, at };
      this.#listener.published(room.address, publication);
    };
  }
}

/** Nobody can change it, and it comes out of JSON as it went in. */
function isPlain(data: unknown): boolean {
  return (
    data === null ||
    data === undefined ||
    typeof data === 'string' ||
    typeof data === 'boolean' ||
    Number.isFinite(data)
  );
}
