import { CloseCode } from '../../../protocol/close-codes.ts';
import type { LeaveCause } from '../../../protocol/rooms.ts';
import {
  asRequest,
  MESSAGE_TYPE,
  parseStateMessage,
  PROTOCOL,
  StateRoomsError,
  type ActionRequest,
  type ActionResponse,
  type CloseRequest,
  type CloseResponse,
  type HelloRequest,
  type HelloSuccess,
  type KVStore,
  type StateChangeRequest,
} from '../../../protocol/state-rooms.ts';
import type { Connection } from '../../connection/connection.ts';
import type { PreparedMessage } from '../../connection/prepared-message.ts';
import { ask } from '../../hub/ask.ts';
import { HubError } from '../../hub/errors.ts';
import type { StateContext } from '../../hub/hooks.ts';
import { KeyedState } from '../../hub/keyed-state.ts';
import type { Format, Member, Removal } from '../../hub/member.ts';
import { memberView, RoomView } from '../../hub/room-view.ts';
import type { Room } from '../../hub/room.ts';
import { SHARED_SPACE } from '../../hub/spaces.ts';
import { leaveCause } from '../leave-cause.ts';
import type { ClosingRooms } from './closing-rooms.ts';
import { clientInfo, STATE_FORMAT, texts, typeInfo } from './formats.ts';
import { PendingRequests } from '../pending-requests.ts';
import type { StateRoomsSettings } from './state-rooms-settings.ts';

/** A client that was let in: its membership of its room, and what it asks for there (S5 §3). */
export class StateClient implements Member<PreparedMessage> {
  readonly id: string;
  readonly name: string | undefined;
  readonly info: unknown;
  readonly gateway = 'wss';
  readonly since = Date.now();
  readonly isReadonly: boolean;
  readonly state: KeyedState;
  readonly #connection: Connection;
  readonly #settings: StateRoomsSettings;
  readonly #closing: ClosingRooms;
  readonly #hello: HelloRequest;
  readonly #pending: PendingRequests;
  /** While it is there. */
  #room: Room | undefined;
  #phase: 'active' | 'flushing' | 'ejected' | 'over' = 'active';
  #requests = 0;
  #hasChanged = false;
  /** Number of the first request that is not to be served any more. */
  #end = Infinity;
  /** Hangs up on a client that was put out. */
  #hangUp: (() => void) | undefined;

  /** @throws HubError when something about the client is too big. */
  constructor(
    connection: Connection,
    settings: StateRoomsSettings,
    closing: ClosingRooms,
    client: {
      readonly id: string;
      readonly hello: HelloRequest;
      readonly clientState: KVStore;
      readonly isReadonly: boolean;
    },
  ) {
    const { limits } = settings;
    const { clientName, clientType } = client.hello;
    for (const name of [clientName, clientType]) {
      if (limits.name !== 0 && (name?.length ?? 0) > limits.name) {
        throw new HubError('limit', `names have at most ${limits.name} characters`);
      }
    }
    this.#connection = connection;
    this.#settings = settings;
    this.#closing = closing;
    this.#hello = client.hello;
    this.#pending = new PendingRequests(limits.pending);
    this.id = client.id;
    this.name = clientName;
    this.info = typeInfo(clientType);
    this.isReadonly = client.isReadonly;
    this.state = new KeyedState({ keys: limits.stateKeys, bytes: limits.memberState });
    const initial = this.state.draft();
    initial.change(Object.entries(client.clientState).map(([key, value]) => ({ key, value })));
    initial.commit();
  }

  get transport(): string {
    return this.#connection.transport;
  }

  get format(): Format<PreparedMessage> {
    return STATE_FORMAT;
  }

  /** Others do not see who may only read (S5 §3.2). */
  get isHidden(): boolean {
    return this.isReadonly;
  }

  deliver(message: PreparedMessage): void {
    this.#connection.sendPrepared(message);
  }

  /**
   * Joins the room, and reads it in the same breath: whatever happens later is told.
   *
   * @throws HubError when it is refused.
   */
  enter(): void {
    const { hub } = this.#settings;
    const { roomId, roomProtocol } = this.#hello;
    hub.join(SHARED_SPACE, roomId, this);
    const room = hub.room(SHARED_SPACE, roomId);
    if (room === undefined) throw new Error('a room that was joined is gone');
    this.#room = room;
    const success: HelloSuccess = {
      type: MESSAGE_TYPE.HELLO_SUCCESS_RESP,
      protocol: PROTOCOL,
      roomProtocol,
      clientId: this.id,
      clients: Object.fromEntries(
        [...room.visibleMembers()].map((member) => [member.id, clientInfo(member)]),
      ),
      roomState: texts(room.stored.state.values),
      readonly: this.isReadonly,
    };
    this.#send(success);
  }

  message(text: string): void {
    if (this.#phase === 'active') this.#serve(text);
    else if (this.#phase === 'ejected' && isCloseResponse(text)) this.#hangUp?.();
  }

  /** The connection is gone. */
  gone(code: number): void {
    this.#leave(leaveCause(code));
    this.#hangUp?.();
    this.#phase = 'over';
  }

  /** Out of the room at once; the connection follows when the client agrees, or has had its time (S5 §8). */
  eject({ cause, reason }: Removal): void {
    if (this.#phase === 'ejected' || this.#phase === 'over') return;
    this.#phase = 'ejected';
    this.#end = 0;
    this.#leave('ejected');
    const request: CloseRequest = { type: MESSAGE_TYPE.CLOSE_REQ, msg: reason === '' ? undefined : reason };
    this.#send(request);
    const code = cause === 'closed' ? CloseCode.roomClosed : CloseCode.ejected;
    const hungUp = cause === 'closed' ? this.#closing.add(this.#hello.roomId) : undefined;
    const hangUp = (): void => {
      clearTimeout(timer);
      this.#hangUp = undefined;
      hungUp?.();
      this.#connection.close(code, reason);
    };
    const timer = setTimeout(hangUp, this.#settings.closeTimeoutMs).unref();
    this.#hangUp = hangUp;
  }

  #serve(text: string): void {
    const number = ++this.#requests;
    let message: unknown;
    try {
      this.#pending.check(text.length);
      message = parseStateMessage(text);
      const request = asRequest(message);
      const refused = (error: unknown): void => this.#refuse(number, message, error);
      const work = this.#start(request, number);
      if (work instanceof Promise) this.#pending.add(text.length, work.catch(refused));
    } catch (error) {
      this.#refuse(number, message, error);
    }
  }

  #start(request: ReturnType<typeof asRequest>, number: number): Promise<void> | void {
    switch (request.type) {
      case MESSAGE_TYPE.CHANGE_REQ:
        return this.#change(request, number);
      case MESSAGE_TYPE.ACTION_REQ:
        return this.#act(request);
      case MESSAGE_TYPE.CLOSE_REQ:
        this.#phase = 'flushing';
        if (request.flush === true) this.#pending.whenNone(() => this.#sayGoodbye());
        else this.#sayGoodbye();
        return;
      case MESSAGE_TYPE.CLOSE_RESP:
        throw new StateRoomsError(`Unhandled message type ${request.type}`);
    }
  }

  #change({ roomChanges, clientChanges, echo }: StateChangeRequest, number: number): Promise<void> | void {
    const { hub } = this.#settings;
    const request = { roomChanges, clientChanges, echo };
    this.#hasChanged = true;
    const isWanted = (): boolean => number < this.#end;
    const done = hub.requestChange(SHARED_SPACE, this.#hello.roomId, this.id, request, isWanted);
    if (done instanceof Promise) return done.then(() => undefined);
  }

  /** After what this client has changed before, which may still be on its way to the disk. */
  #act(request: ActionRequest): Promise<void> | void {
    const settled = this.#hasChanged
      ? this.#settings.hub.settled(SHARED_SPACE, this.#hello.roomId)
      : undefined;
    this.#hasChanged = false;
    if (settled === undefined) return this.#perform(request);
    return settled.then(() => (this.#room === undefined ? undefined : this.#perform(request)));
  }

  #perform(request: ActionRequest): Promise<void> | void {
    const { hooks, hookTimeoutMs } = this.#settings;
    const context = this.#context();
    if (hooks.action === undefined || context === undefined) throw new StateRoomsError('unhandled actions');
    const answer = ask('action', hookTimeoutMs, () => hooks.action?.(request, context));
    if (answer instanceof Promise) return answer.then((given) => this.#answer(request, given));
    this.#answer(request, answer);
  }

  /** As the hook gave it, and to a client that is still there (S5 §3.5). */
  #answer({ id }: ActionRequest, answer: ActionResponse | undefined | void): void {
    if (this.#phase !== 'active' && this.#phase !== 'flushing') return;
    this.#send(answer ?? { type: MESSAGE_TYPE.ACTION_RESP, id, success: false, msg: 'no response' });
  }

  /** A mistake costs the connection; what came after it is not served any more (S5 §5). */
  #refuse(number: number, message: unknown, error: unknown): void {
    if (this.#phase === 'ejected' || this.#phase === 'over') return;
    const isRefusal = error instanceof StateRoomsError || error instanceof HubError;
    if (isRefusal) this.#settings.counters.ignore('wss', 'request');
    if (isRefusal && this.#settings.isLenient) {
      if (isAction(message)) this.#send(failure(message.id, error.message));
      return;
    }
    this.#phase = 'over';
    this.#end = Math.min(this.#end, number);
    this.#leave('closed');
    if (isRefusal) this.#connection.close(CloseCode.protocolError, `error: ${error.message}`);
    else this.#connection.fail(error);
  }

  #sayGoodbye(): void {
    if (this.#phase !== 'flushing') return;
    this.#phase = 'over';
    this.#leave('left');
    const response: CloseResponse = { type: MESSAGE_TYPE.CLOSE_RESP };
    this.#send(response);
    this.#connection.close();
  }

  #leave(cause: LeaveCause): void {
    const context = this.#context();
    if (context === undefined) return;
    this.#room = undefined;
    const { hub, hooks, onFault } = this.#settings;
    hub.leave(SHARED_SPACE, this.#hello.roomId, this, cause);
    if (hooks.leave !== undefined) (async () => hooks.leave?.(context))().catch(onFault);
  }

  #context(): StateContext | undefined {
    if (this.#room === undefined) return undefined;
    const room = new RoomView(this.#settings.hub, this.#room.address);
    return { room, clientId: this.id, client: memberView(this) };
  }

  #send(message: object): void {
    this.#connection.send(JSON.stringify(message));
  }
}

function isCloseResponse(text: string): boolean {
  try {
    return asRequest(parseStateMessage(text)).type === MESSAGE_TYPE.CLOSE_RESP;
  } catch {
    return false;
  }
}

function isAction(message: unknown): message is { readonly id?: unknown } {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    message.type === MESSAGE_TYPE.ACTION_REQ
  );
}

function failure(id: unknown, msg: string): ActionResponse {
  return {
    type: MESSAGE_TYPE.ACTION_RESP,
    id: typeof id === 'string' ? id : undefined,
    success: false,
    msg,
  };
}
