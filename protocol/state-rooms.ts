/**
 * The wire of state rooms, `websocket-room-server:1` (S5): JSON objects with numeric types; the first one from
 * a client is its hello and has none.
 */

import { nestsDeeperThan } from './json-depth.ts';

export const PROTOCOL = 'websocket-room-server:1';

/** What a message is (S5 §1). */
export const MESSAGE_TYPE = {
  HELLO_FAIL_RESP: 0,
  HELLO_SUCCESS_RESP: 1,
  CHANGE_REQ: 2,
  CHANGE_NOTIF: 3,
  ACTION_REQ: 4,
  ACTION_RESP: 5,
  CLOSE_REQ: 6,
  CLOSE_RESP: 7,
} as const;

export type MESSAGE_TYPE = (typeof MESSAGE_TYPE)[keyof typeof MESSAGE_TYPE];

/** Keys may be anything, `__proto__` too: read and build with `Object.entries` and `Object.fromEntries`. */
export type KVStore = Readonly<Record<string, string>>;

/** What is to become of one key; without a value it goes. */
export interface KVSet {
  readonly key: string;
  readonly value?: string;
}

/** A client as the others see it. */
export interface ClientInfo {
  readonly clientType?: string | undefined;
  readonly clientName?: string | undefined;
  readonly clientState: KVStore;
}

/** C→S, first of all (S5 §3.1). */
export interface HelloRequest extends ClientInfo {
  readonly protocol: string;
  /** The application's own; sent back, and looked at by nobody else. */
  readonly roomProtocol: string;
  /** 1 to 200 characters. */
  readonly roomId: string;
  readonly roomCredential?: string | undefined;
  readonly clientCredential?: string | undefined;
  readonly readonly?: boolean | null | undefined;
}

/** S→C, before a refused client is closed (S5 §8). */
export interface HelloFailure {
  readonly type: typeof MESSAGE_TYPE.HELLO_FAIL_RESP;
  readonly protocol: string;
  readonly roomProtocol: string;
  readonly msg?: string;
}

/** S→C (S5 §3.2). */
export interface HelloSuccess {
  readonly type: typeof MESSAGE_TYPE.HELLO_SUCCESS_RESP;
  readonly protocol: string;
  readonly roomProtocol: string;
  readonly clientId: string;
  /** Everybody who is not readonly, the newcomer included. */
  readonly clients: Readonly<Record<string, ClientInfo>>;
  readonly roomState: KVStore;
  readonly readonly: boolean;
}

/** C→S (S5 §3.3). */
export interface StateChangeRequest {
  readonly type: typeof MESSAGE_TYPE.CHANGE_REQ;
  readonly roomChanges?: readonly KVSet[] | undefined;
  /** In the sender's own state. */
  readonly clientChanges?: readonly KVSet[] | undefined;
  readonly echo?: boolean | undefined;
}

/** S→C, to be applied in the order of these fields (S5 §3.4). */
export interface ChangeNotice {
  readonly type: typeof MESSAGE_TYPE.CHANGE_NOTIF;
  readonly roomChanges?: readonly KVSet[] | undefined;
  readonly updateClients?: Readonly<Record<string, readonly KVSet[]>> | undefined;
  readonly removeClients?: readonly string[] | undefined;
  readonly addClients?: Readonly<Record<string, ClientInfo>> | undefined;
}

/** C→S (S5 §3.5). */
export interface ActionRequest {
  readonly type: typeof MESSAGE_TYPE.ACTION_REQ;
  readonly action: string;
  readonly id?: string | undefined;
  readonly data?: string | undefined;
}

/** S→C, to the asker alone. */
export interface ActionResponse {
  readonly type: typeof MESSAGE_TYPE.ACTION_RESP;
  readonly id?: string | undefined;
  readonly success: boolean;
  readonly data?: string | undefined;
  readonly msg?: string | undefined;
}

/** Both ways; from the server it means: you are out (S5 §8). */
export interface CloseRequest {
  readonly type: typeof MESSAGE_TYPE.CLOSE_REQ;
  readonly msg?: string | undefined;
  /** What is still in work is answered first. */
  readonly flush?: boolean | undefined;
}

/** The answer to a {@link CloseRequest}. */
export interface CloseResponse {
  readonly type: typeof MESSAGE_TYPE.CLOSE_RESP;
}

export type StateRequest = StateChangeRequest | ActionRequest | CloseRequest | CloseResponse;

/** A message that breaks the protocol, in the words that the original uses (S5 §5). */
export class StateRoomsError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'StateRoomsError';
  }
}

/**
 * Reads JSON.
 *
 * @throws StateRoomsError when it is none or nests too deep.
 */
export function parseStateMessage(text: string): unknown {
  if (nestsDeeperThan(text)) throw new StateRoomsError('the message nests too deep');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new StateRoomsError((error as Error).message);
  }
}

/**
 * Reads a hello; does not judge its protocol.
 *
 * @throws StateRoomsError when it is none.
 */
export function asHello(value: unknown): HelloRequest {
  const hello = fieldsOf(value, 'protocol', 'Invalid HelloReq');
  const { protocol, roomProtocol, roomId, readonly } = hello;
  if (
    typeof protocol !== 'string' ||
    typeof roomProtocol !== 'string' ||
    typeof roomId !== 'string' ||
    roomId === '' ||
    roomId.length > LONGEST_ROOM_ID ||
    !OPTIONAL_TEXTS.every((name) => isOptional(hello[name], 'string')) ||
    !(readonly === null || isOptional(readonly, 'boolean'))
  ) {
    throw new StateRoomsError('Invalid HelloReq');
  }
  return {
    protocol,
    roomProtocol,
    roomId,
    roomCredential: hello['roomCredential'] as string | undefined,
    clientCredential: hello['clientCredential'] as string | undefined,
    clientType: hello['clientType'] as string | undefined,
    clientName: hello['clientName'] as string | undefined,
    clientState: asKVStore(hello['clientState']),
    readonly: readonly as boolean | null | undefined,
  };
}

/**
 * Reads a request of a client that said hello.
 *
 * @throws StateRoomsError when it is none.
 */
export function asRequest(value: unknown): StateRequest {
  const message = fieldsOf(value, 'type', 'message without numerical type (undefined');
  const { type } = message;
  if (typeof type !== 'number') {
    throw new StateRoomsError(`message without numerical type (${typeof type}`);
  }
  switch (type) {
    case MESSAGE_TYPE.CHANGE_REQ:
      return asChangeRequest(message);
    case MESSAGE_TYPE.ACTION_REQ:
      return asActionRequest(message);
    case MESSAGE_TYPE.CLOSE_REQ:
      return asCloseRequest(message);
    case MESSAGE_TYPE.CLOSE_RESP:
      return { type };
    default:
      throw new StateRoomsError(`Unhandled message type ${type}`);
  }
}

/**
 * Reads an object whose values are all texts.
 *
 * @throws StateRoomsError for anything else.
 */
export function asKVStore(value: unknown): KVStore {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new StateRoomsError('Invalid KVStore (type)');
  }
  if (Object.values(value).some((element) => typeof element !== 'string')) {
    throw new StateRoomsError('Invalid KVStore (value)');
  }
  return value as KVStore;
}

function asChangeRequest(message: Fields): StateChangeRequest {
  const { echo } = message;
  if (!(echo === null || isOptional(echo, 'boolean'))) throw new StateRoomsError('Invalid ChangeReq');
  return {
    type: MESSAGE_TYPE.CHANGE_REQ,
    roomChanges: asKVSets(message['roomChanges']),
    clientChanges: asKVSets(message['clientChanges']),
    echo: echo === true,
  };
}

/** Fields other than key and value are dropped; `null` as the value means none (S5 §7.13). */
function asKVSets(value: unknown): KVSet[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new StateRoomsError('Invalid KVSets (object)');
  return value.map((element: unknown) => {
    const { key, value } = typeof element === 'object' && element !== null ? (element as Fields) : {};
    if (typeof key !== 'string' || !(value === null || isOptional(value, 'string'))) {
      throw new StateRoomsError('Invalid KVSets (entry)');
    }
    return typeof value === 'string' ? { key, value } : { key };
  });
}

function asActionRequest(message: Fields): ActionRequest {
  const { action, id, data } = message;
  if (typeof action !== 'string' || !isOptional(id, 'string') || !isOptional(data, 'string')) {
    throw new StateRoomsError('Invalid ActionReq');
  }
  return {
    type: MESSAGE_TYPE.ACTION_REQ,
    action,
    id: id as string | undefined,
    data: data as string | undefined,
  };
}

function asCloseRequest(message: Fields): CloseRequest {
  const { msg, flush } = message;
  if (!isOptional(msg, 'string') || !(flush === null || isOptional(flush, 'boolean'))) {
    throw new StateRoomsError('Invalid CloseReq');
  }
  return { type: MESSAGE_TYPE.CLOSE_REQ, msg: msg as string | undefined, flush: flush === true };
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object that is no array. For `null` the original's clients see the engine's words. */
function fieldsOf(value: unknown, firstRead: string, otherwise: string): Fields {
  if (value === null) throw new StateRoomsError(`Cannot read properties of null (reading '${firstRead}')`);
  if (typeof value !== 'object' || Array.isArray(value)) throw new StateRoomsError(otherwise);
  return value as Fields;
}

function isOptional(value: unknown, type: 'string' | 'boolean'): boolean {
  return value === undefined || typeof value === type;
}

const OPTIONAL_TEXTS = ['roomCredential', 'clientCredential', 'clientType', 'clientName'];
const LONGEST_ROOM_ID = 200;
