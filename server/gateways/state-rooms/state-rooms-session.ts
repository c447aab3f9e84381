import { CloseCode } from '../../../protocol/close-codes.ts';
import {
  asHello,
  asKVStore,
  MESSAGE_TYPE,
  parseStateMessage,
  PROTOCOL,
  StateRoomsError,
  type HelloFailure,
  type HelloRequest,
} from '../../../protocol/state-rooms.ts';
import type { Connection, ConnectionHandler, ConnectionRequest } from '../../connection/connection.ts';
import { ask } from '../../hub/ask.ts';
import { HubError } from '../../hub/errors.ts';
import { SHARED_SPACE } from '../../hub/spaces.ts';
import type { HelloVerdict } from '../state-hooks.ts';
import type { ClosingRooms } from './closing-rooms.ts';
import { StateClient } from './state-client.ts';
import type { StateRoomsSettings } from './state-rooms-settings.ts';

/** One connection to `/wss`: it says hello, and if it is let in, the rest is the {@link StateClient}'s. */
export class StateRoomsSession implements ConnectionHandler {
  readonly #connection: Connection;
  readonly #clientId: string;
  readonly #settings: StateRoomsSettings;
  readonly #closing: ClosingRooms;
  #request: ConnectionRequest | undefined;
  #phase: 'waiting' | 'greeting' | 'entering' | 'in' | 'over' = 'waiting';
  #timer: NodeJS.Timeout | undefined;
  /** What came before the answer to the hello. */
  readonly #early: string[] = [];
  #roomProtocol = '';
  #client: StateClient | undefined;

  constructor(
    connection: Connection,
    request: ConnectionRequest,
    clientId: string,
    settings: StateRoomsSettings,
    closing: ClosingRooms,
  ) {
    this.#connection = connection;
    this.#request = request;
    this.#clientId = clientId;
    this.#settings = settings;
    this.#closing = closing;
    const { helloTimeoutMs } = settings;
    if (helloTimeoutMs !== 0) this.#timer = setTimeout(this.#giveUp, helloTimeoutMs).unref();
  }

  message(text: string): void {
    switch (this.#phase) {
      case 'waiting':
        this.#greet(text);
        return;
      case 'greeting':
        this.#holdBack(text);
        return;
      case 'entering':
        this.#keep(text);
        return;
      case 'in':
        this.#client?.message(text);
        return;
      case 'over':
    }
  }

  /** JSON in binary frames is as good as in text frames (S5 §3.1). */
  binary(data: Buffer): void {
    const { stateMessage } = this.#settings.limits;
    if (stateMessage !== 0 && data.length > stateMessage) {
      this.#settings.counters.ignore('message', 'too-big');
      this.#connection.close(CloseCode.tooBig, 'message too big');
      return;
    }
    this.#settings.counters.received++;
    this.message(data.toString());
  }

  closed(code: number): void {
    clearTimeout(this.#timer);
    this.#phase = 'over';
    this.#client?.gone(code);
  }

  readonly #giveUp = (): void => {
    this.#phase = 'over';
    this.#connection.close(CloseCode.protocolError, 'no hello received in time');
  };

  #greet(text: string): void {
    clearTimeout(this.#timer);
    this.#phase = 'greeting';
    try {
      const value = parseStateMessage(text);
      this.#roomProtocol = roomProtocolOf(value);
      const hello = asHello(value);
      if (hello.protocol !== PROTOCOL) {
        // Without a closing bracket, as the original has it (S5 §5).
        this.#turnAway(`wrong protocol (${hello.protocol} vs ${PROTOCOL}`);
        return;
      }
      const verdict = this.#ask(hello);
      if (verdict instanceof Promise) {
        verdict.then((given) => this.#approach(hello, given)).catch(this.#refuse);
      } else {
        this.#approach(hello, verdict);
      }
    } catch (error) {
      this.#refuse(error);
    }
  }

  #ask(hello: HelloRequest): HelloVerdict | undefined | void | Promise<HelloVerdict | undefined | void> {
    const { hooks, hookTimeoutMs } = this.#settings;
    const request = this.#request;
    this.#request = undefined;
    if (hooks.hello === undefined || request === undefined) return undefined;
    const { cookie, query, remoteAddress } = request;
    const peer = { clientId: this.#clientId, cookie, query, remoteAddress };
    return ask('hello', hookTimeoutMs, () => hooks.hello?.(hello, peer));
  }

  /**
   * A hook that needs no more than promises has decided by the end of the tick, so clients may send on without
   * waiting; who speaks while the hook really takes its time is closed (S5 §4).
   */
  #holdBack(text: string): void {
    this.#keep(text);
    if (this.#early.length > 1) return;
    setImmediate(() => {
      if (this.#phase === 'greeting') {
        this.#refuse(new StateRoomsError('received message while processing hello'));
      }
    });
  }

  #keep(text: string): void {
    if (this.#early.push(text) > MOST_EARLY) this.#refuse(new StateRoomsError('too much before the answer'));
  }

  /**
   * Whoever comes sees what was changed before, even where the change is still on its way to the disk. The peer may
   * be gone, or have been turned away, while the hook thought about it (S5 §7.2).
   */
  #approach(hello: HelloRequest, verdict: HelloVerdict | undefined | void): void {
    if (this.#phase !== 'greeting' || !this.#connection.isOpen) return;
    this.#phase = 'entering';
    const settled = this.#settings.hub.settled(SHARED_SPACE, hello.roomId);
    if (settled === undefined) this.#enter(hello, verdict);
    else settled.then(() => this.#enter(hello, verdict)).catch(this.#refuse);
  }

  #enter(hello: HelloRequest, verdict: HelloVerdict | undefined | void): void {
    if (this.#phase !== 'entering' || !this.#connection.isOpen) return;
    if (this.#closing.has(hello.roomId)) throw new HubError('forbidden', 'the room is closing');
    const client = new StateClient(this.#connection, this.#settings, this.#closing, {
      id: this.#clientId,
      hello,
      clientState: asKVStore(verdict?.clientState ?? hello.clientState),
      isReadonly: Boolean((verdict ?? hello).readonly),
    });
    client.enter();
    this.#client = client;
    this.#phase = 'in';
    for (const text of this.#early.splice(0)) client.message(text);
  }

  readonly #refuse = (error: unknown): void => {
    if (this.#phase === 'over') return;
    if (error instanceof StateRoomsError || error instanceof HubError) {
      this.#turnAway(`error: ${error.message}`, error.message);
    } else {
      this.#phase = 'over';
      this.#connection.fail(error);
    }
  };

  #turnAway(reason: string, msg: string = reason): void {
    this.#phase = 'over';
    this.#settings.counters.ignore('wss', 'hello');
    if (this.#settings.answersRefusedHello) {
      const failure: HelloFailure = {
        type: MESSAGE_TYPE.HELLO_FAIL_RESP,
        protocol: PROTOCOL,
        roomProtocol: this.#roomProtocol,
        msg,
      };
      this.#connection.send(JSON.stringify(failure));
    }
    this.#connection.close(CloseCode.protocolError, reason);
  }
}

/** Messages that may come before the answer to the hello. */
const MOST_EARLY = 1000;

/** As far as it can be known of something that may be no hello. */
function roomProtocolOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('roomProtocol' in value)) return '';
  return typeof value.roomProtocol === 'string' ? value.roomProtocol : '';
}
