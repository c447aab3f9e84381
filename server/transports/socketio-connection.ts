import type { Socket } from 'socket.io';
import { CloseCode } from '../../protocol/close-codes.ts';
import { decodeVerb } from '../../protocol/rooms.ts';
import { QueuedConnection, type ConnectionSurroundings } from '../connection/queued-connection.ts';
import type { Wire } from '../connection/wire.ts';
import type { Gateway } from '../gateways/gateway.ts';
import { cutLine, holdLine, releaseLine } from './socketio-line.ts';
import { ARRIVAL, type Arrival } from './socketio-parser.ts';
import { withCallback, type ReadyPacket } from './socketio-packets.ts';

/**
 * A Socket.IO client in one namespace as a connection. Several may share one line; each has an outbox of its
 * own, but whoever does not read loses the line, and with it all of them.
 */
export class SocketIOConnection extends QueuedConnection<readonly ReadyPacket[]> {
  /** Not polling or websocket: a line changes from one to the other while it is open. */
  readonly transport = 'socket.io';
  readonly #socket: Socket;
  readonly #onLeft: () => void;
  #isBusy = false;
  #isHolding = false;

  /** `onLeft`: told once that the namespace may be joined again on the same line. */
  constructor(
    gateway: Gateway,
    socket: Socket,
    wire: Wire<readonly ReadyPacket[]>,
    surroundings: ConnectionSurroundings,
    onLeft: () => void,
  ) {
    // By this id the peer knows itself, and lobby peers each other (S1 §3.5).
    super(gateway, wire, surroundings, socket.id);
    this.#socket = socket;
    this.#onLeft = onLeft;
    const isEvents = gateway.speaksEvents === true;
    socket.on(ARRIVAL, (...[array, callback]: Arrival) => {
      if (isEvents) this.#readEvent(array, callback);
      else this.#readText(array);
    });
    socket.once('disconnect', (reason) =>
      this.gone(reason === 'client namespace disconnect' ? NO_STATUS : CloseCode.abnormal, ''),
    );
  }

  protected override get isReady(): boolean {
    return !this.#isBusy;
  }

  protected override write(packets: readonly ReadyPacket[]): void {
    const { conn, connected } = this.#socket;
    // The line outlives the namespace, and the client would take it for news when it comes again.
    if (!connected) return;
    this.#isBusy = true;
    const last = packets.length - 1;
    for (const [index, packet] of packets.entries()) {
      // Only polling needs the text: a WebSocket takes the frame that is among the options.
      const text = conn.protocol === 3 ? packet.ascii : packet.text;
      conn.send(text, packet.options, index === last ? this.#onTaken : undefined);
    }
  }

  readonly #onTaken = (): void => {
    this.#isBusy = false;
    this.flush();
  };

  /** Socket.IO knows no close codes: the client is told that it is out of the namespace, and no more. */
  protected override sayGoodbye(code: number): void {
    const owed = this.takeOwed();
    if (!owed.isEmpty) this.write(owed.packed());
    // Clients come back by themselves after a lost line, but not after they were put out of a namespace.
    const isForAll = code === CloseCode.goingAway || code === CloseCode.draining;
    queueMicrotask(() => {
      if (isForAll) this.#socket.conn.close();
      else this.#socket.disconnect();
    });
  }

  override abort(): void {
    cutLine(this.#socket.conn);
  }

  protected override cutOff(): void {
    setImmediate(() => this.abort());
  }

  protected override hold(): void {
    this.#isHolding = true;
    holdLine(this.#socket.conn);
  }

  protected override release(): void {
    if (this.#isHolding) releaseLine(this.#socket.conn);
    this.#isHolding = false;
  }

  protected override gone(code: number, reason: string): void {
    super.gone(code, reason);
    // Unless messages wait that came before the end.
    if (this.isOpen) return;
    this.release();
    this.#onLeft();
  }

  #readEvent(array: string, callback: string | undefined): void {
    this.receive(callback === undefined ? array : withCallback(array, callback));
  }

  /** `["message",TEXT]`; a callback is not called, for these gateways have no answers of that kind. */
  #readText(array: string): void {
    const text = plainMessage(array);
    if (text === undefined) this.surroundings.counters.ignore('socket.io', 'not-a-string');
    else this.receive(text);
  }
}

function plainMessage(array: string): string | undefined {
  const verb = decodeVerb(array);
  const [text, ...more] = verb?.args ?? [];
  return verb?.event === 'message' && typeof text === 'string' && more.length === 0 ? text : undefined;
}

/** RFC 6455 §7.4.1: the peer left without a code. */
const NO_STATUS = 1005;
