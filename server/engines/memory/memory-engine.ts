import { randomBytes } from 'node:crypto';
import type { Position } from '../../../protocol/rooms.ts';
import type { Deliver, Engine, RoomAddress } from '../../hub/engine.ts';
import type { Draft } from '../../hub/publication.ts';

interface Stream {
  readonly epoch: string;
  offset: number;
}

/** One node, nothing kept: a stream lives exactly as long as its room is subscribed. */
export class MemoryEngine implements Engine {
  readonly #streams = new Map<string, Map<string, Stream>>();
  #deliver: Deliver = () => undefined;

  async start(deliver: Deliver): Promise<void> {
    this.#deliver = deliver;
  }

  publish(address: RoomAddress, draft: Draft): Position {
    const stream = this.#stream(address) ?? newStream();
    const { epoch } = stream;
    const offset = ++stream.offset;
    this.#deliver(address, {
      kind: draft.kind,
      data: draft.data,
      sender: draft.sender,
      except: draft.except,
      to: draft.to,
      room: address.name,
      epoch,
      offset,
      at: Date.now(),
    });
    return { epoch, offset };
  }

  subscribe(address: RoomAddress): void {
    let streams = this.#streams.get(address.space);
    if (streams === undefined) this.#streams.set(address.space, (streams = new Map()));
    if (!streams.has(address.name)) streams.set(address.name, newStream());
  }

  unsubscribe(address: RoomAddress): void {
    this.#streams.get(address.space)?.delete(address.name);
  }

  position(address: RoomAddress): Position {
    const stream = this.#stream(address) ?? newStream();
    return { epoch: stream.epoch, offset: stream.offset };
  }

  async stop(): Promise<void> {
    this.#streams.clear();
  }

  #stream(address: RoomAddress): Stream | undefined {
    return this.#streams.get(address.space)?.get(address.name);
  }
}

/** Makes the epochs of this process differ from those of every other. */
const PROCESS = randomBytes(9).toString('base64url');
let streams = 0;

function newStream(): Stream {
  return { epoch: `${PROCESS}.${(++streams).toString(36)}`, offset: 0 };
}
