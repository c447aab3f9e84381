import type { CellRequest } from '../cell.ts';
import { WIRES, type Wire } from '../wires.ts';
import { DeliveryReader, type DeliverySink } from './delivery-reader.ts';
import { PROBE } from './payload.ts';
import { Receipts } from './receipts.ts';
import type { Room } from './room.ts';
import type { Traffic } from './traffic.ts';
import { WebSocketLine, type LineHandler } from './web-socket-line.ts';

/** One connection in one room: greets, joins, publishes, and checks everything it hears. */
export class Member implements LineHandler, DeliverySink {
  readonly receipts: Receipts;
  readonly #room: Room;
  readonly #traffic: Traffic;
  readonly #wire: Wire;
  readonly #reader: DeliveryReader;
  readonly #line: WebSocketLine;
  readonly #onJoined: () => void;
  #greeted = 0;
  #isJoined = false;
  #isConfirmed = false;

  /** `onJoined` is called when the join has been sent; nothing confirms that it has been read. */
  constructor(request: CellRequest, index: number, room: Room, traffic: Traffic, onJoined: () => void) {
    this.#room = room;
    this.#traffic = traffic;
    this.#wire = WIRES[request.wire];
    this.#reader = new DeliveryReader(this.#wire, room.name);
    this.receipts = new Receipts(room.publishers);
    this.#onJoined = onJoined;
    const path = this.#wire.upgradePath(request.basePath, index);
    this.#line = new WebSocketLine(request.host, request.port, path, this);
  }

  publish(payload: string): void {
    this.#line.send(this.#wire.publish(this.#room.name, payload));
  }

  cut(): void {
    this.#line.cut();
  }

  opened(): void {
    if (this.#wire.greeting.length === 0) this.#join();
  }

  text(bytes: Buffer, start: number, end: number): void {
    if (!this.#isJoined) return this.#greet(bytes.toString('latin1', start, end));
    if (!this.#reader.isDelivery(bytes, start)) return this.#answer(bytes.toString('latin1', start, end));
    const traffic = this.#traffic;
    traffic.frames++;
    const problem = traffic.isStrict
      ? this.#reader.readStrictly(bytes, start, end, this)
      : this.#reader.read(bytes, start, end, this);
    if (problem !== undefined)
      traffic.fail(`${problem}: ${bytes.toString('latin1', start, Math.min(end, start + 200))}`);
  }

  delivered(publisher: number, sequence: number): void {
    if (publisher === PROBE) return this.#confirm();
    const problem = this.receipts.book(publisher, sequence);
    if (problem !== undefined) return this.#traffic.fail(problem);
    this.#room.delivered(publisher, sequence);
  }

  failed(reason: string): void {
    this.#traffic.fail(reason);
  }

  #greet(text: string): void {
    const step = this.#wire.greeting[this.#greeted++];
    if (step === undefined || !text.startsWith(step.expect))
      return this.failed(`unexpected greeting: ${text}`);
    if (step.send !== undefined) this.#line.send(step.send);
    if (this.#greeted === this.#wire.greeting.length) this.#join();
  }

  #join(): void {
    this.#isJoined = true;
    this.#line.send(this.#wire.subscribe(this.#room.name));
    this.#onJoined();
  }

  #answer(text: string): void {
    const answer = this.#wire.answer(text);
    if (answer === undefined) this.failed(`unexpected text: ${text.slice(0, 200)}`);
    else if (answer.send !== undefined) this.#line.send(answer.send);
  }

  #confirm(): void {
    if (this.#isConfirmed) return;
    this.#isConfirmed = true;
    this.#room.confirmed();
  }
}
