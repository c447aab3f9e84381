import type { Server } from 'node:http';
import {
  MESSAGE_TYPE,
  type ActionRequest,
  type ActionResponse,
  type ChangeNotice,
  type ClientInfo,
  type HelloRequest,
} from '../../../protocol/state-rooms.ts';
import {
  createLogger,
  createServer,
  type Hooks,
  type RoomplexServer,
  type RoomView,
  type ServerOptions,
  type StateContext,
  type StateHooks,
} from '../../index.ts';
import { HelloSocket } from './hello-socket.ts';
import type { ChangeAnswer, ChangeReq, KVStore } from './messages.ts';
import { RoomInfo, type RoomClientInfo } from './room-info.ts';

export { MESSAGE_TYPE, PROTOCOL } from '../../../protocol/state-rooms.ts';
export type {
  ActionRequest as ActionReq,
  ActionResponse as ActionResp,
  ChangeNotice as ChangeNotif,
  ClientInfo,
  CloseRequest as CloseReq,
  CloseResponse as CloseResp,
  HelloFailure as HelloFailResp,
  HelloRequest as HelloReq,
  HelloSuccess as HelloSuccessResp,
} from '../../../protocol/state-rooms.ts';
export type { ChangeReq, KVSet, KVStore } from './messages.ts';
export type { HelloSocket as SSWebSocket } from './hello-socket.ts';
export type { ClientSocket, RoomClientInfo, RoomInfo } from './room-info.ts';

/** Says with which state a client begins and whether it may only read; throws to refuse it. */
export type CheckHelloReq = (
  wss: WSS,
  req: HelloRequest,
  clientId: string,
  sws: HelloSocket,
) => Promise<{ clientState: KVStore; readonly: boolean }>;

/** Says what is changed instead of what was asked; throws to close the client. */
export type CheckChangeReq = (
  wss: WSS,
  req: ChangeReq,
  room: RoomInfo,
  clientId: string,
  clientInfo: RoomClientInfo,
) => Promise<ChangeAnswer>;

/** Answers an action; throws to close the client. */
export type HandleActionReq = (
  wss: WSS,
  req: ActionRequest,
  room: RoomInfo,
  clientId: string,
  clientInfo: RoomClientInfo,
) => Promise<ActionResponse>;

/** Told after a client has left and the others know. */
export type HandleLeave = (
  wss: WSS,
  room: RoomInfo,
  clientId: string,
  clientInfo: RoomClientInfo,
) => Promise<void>;

/**
 * The server object of `@cgreenhalgh/websocket-room-server` 1.3.1 (S5 §6) on top of Roomplex: programs written for
 * that change their import. It answers at `/wss` and nowhere else on the HTTP servers it is given.
 */
export class WSS {
  onHelloReq?: CheckHelloReq;
  onChangeReq?: CheckChangeReq;
  onActionReq?: HandleActionReq;
  onLeave?: HandleLeave;
  /** More than errors goes to stderr. Read by the first {@link addWebsockets}. */
  debug: boolean;
  /** Whatever else the server should be told; read by the first {@link addWebsockets}. */
  options: ServerOptions;
  #server: RoomplexServer | undefined;

  constructor(debug = false, options: ServerOptions = {}) {
    this.debug = debug;
    this.options = options;
  }

  /** Answers at `/wss` of this HTTP server. All servers that are added share their rooms; adding one twice is harmless. */
  addWebsockets(httpServer: Server): void {
    if (this.#server !== undefined) {
      this.#server.mount(httpServer);
      return;
    }
    const level = this.debug ? 'debug' : 'error';
    this.#server = createServer(httpServer, {
      only: ['wss'],
      heartbeatMs: 10_000,
      log: createLogger({ level, format: 'text', stream: process.stderr }),
      ...this.options,
      hooks: { ...this.options.hooks, ...this.#hooks() },
    });
  }

  /** The rooms by id, each live; the object itself is as of now. */
  get rooms(): Record<string, RoomInfo> {
    const rooms = this.#server?.rooms() ?? [];
    return Object.fromEntries(rooms.map((view) => [view.name, this.#room(view)]));
  }

  /** Sends a notification to all clients of a room, but for one. The state is not changed by it. */
  broadcastChange(room: RoomInfo, changeNotif: ChangeNotice, skipClientId?: string): void {
    this.#running().notify(room.id, changeNotif, { except: skipClientId });
  }

  /** The clients of a room as the others see them: without those that may only read. */
  getClientMap(room: RoomInfo): Record<string, ClientInfo> {
    const seen = Object.entries(room.clients).filter(([, client]) => !client.readonly);
    return Object.fromEntries(
      seen.map(([id, { clientState, clientName, clientType }]) => [
        id,
        { clientState, clientName, clientType },
      ]),
    );
  }

  /** Ends a client that says hello, or one that is in. */
  closeSocket(sws: { close(code?: number, reason?: string): void }, reason: string): void {
    sws.close(1002, reason);
  }

  /** Puts a client out of its room. False when there is none of that id. */
  eject(clientId: string, msg = ''): boolean {
    const room = this.#roomOf(clientId);
    return room !== undefined && this.#running().eject(room.name, clientId, msg);
  }

  /** Puts all clients out and forgets the room. Returns how many there were. */
  closeRoom(roomId: string, msg = ''): number {
    return this.#server?.closeRoom(roomId, msg) ?? 0;
  }

  /** Sends one client a message of the protocol. False when there is no client of that id. */
  send(clientId: string, message: object): boolean {
    const room = this.#roomOf(clientId);
    return room !== undefined && this.#running().notify(room.name, message, { to: clientId }) > 0;
  }

  /** Closes every connection in order. Afterwards {@link addWebsockets} begins anew. */
  async close(): Promise<void> {
    // Until then it is there for callbacks, which are told of everybody who leaves.
    await this.#server?.close();
    this.#server = undefined;
  }

  #hooks(): Hooks & StateHooks {
    return {
      hello: async (request, { clientId, cookie }) => {
        if (this.onHelloReq === undefined) return undefined;
        const socket = new HelloSocket(clientId, cookie);
        const verdict = await this.onHelloReq(this, request, clientId, socket);
        if (socket.closed !== undefined) throw new Error(socket.closed);
        return given(verdict);
      },
      change: async (request, context) => {
        if (this.onChangeReq === undefined) return undefined;
        // Clients of this protocol, the only ones here, put nothing but texts.
        const { roomChanges, clientChanges, echo } = request as Omit<ChangeReq, 'type'>;
        const asked = { type: MESSAGE_TYPE.CHANGE_REQ, echo, roomChanges, clientChanges };
        const answer = given(await this.onChangeReq(this, asked, ...this.#known(context)));
        return {
          roomChanges: answer.roomChanges ?? undefined,
          clientChanges: answer.clientChanges ?? undefined,
          echo: answer.echo ?? undefined,
        };
      },
      action: async (request, context) => {
        if (this.onActionReq === undefined) throw new Error('unhandled actions');
        return this.onActionReq(this, request, ...this.#known(context));
      },
      leave: async (context) => this.onLeave?.(this, ...this.#known(context)),
    };
  }

  #known({ room, clientId, client }: StateContext): [RoomInfo, string, RoomClientInfo] {
    const info = this.#room(room);
    return [info, clientId, info.client(client)];
  }

  #room(view: RoomView): RoomInfo {
    return new RoomInfo(this.#running(), view);
  }

  #roomOf(clientId: string): RoomView | undefined {
    return this.#server?.rooms().find((room) => room.member(clientId) !== undefined);
  }

  #running(): RoomplexServer {
    if (this.#server === undefined) throw new Error('there is no server yet: call addWebsockets first');
    return this.#server;
  }
}

/** One that is ready to be used. */
export const wss = new WSS();

/** A callback that answers nothing has not agreed to anything. */
function given<Answer>(answer: Answer | null | undefined): Answer {
  if (answer === undefined || answer === null) throw new Error('the server gave no answer');
  return answer;
}
