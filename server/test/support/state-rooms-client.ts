import { expect } from 'vitest';
import type { StateHooks } from '../../gateways/state-hooks.ts';
import type { Door } from './doors.ts';
import { fenceMark, type Fenced } from './fence.ts';
import { within } from './inbox.ts';
import type { Line } from './line.ts';
import type { TestServer } from './server.ts';

export const PROTOCOL = 'websocket-room-server:1';

/** A hello as in S5 §3.1, without optional fields. */
export function hello(roomId: string, extras: object = {}): object {
  return { protocol: PROTOCOL, roomProtocol: 'demo:1', roomId, clientState: {}, ...extras };
}

/** Answers every action with its own data: what {@link StateRoomsClient.fence} needs. */
export const ECHO_ACTION: StateHooks = {
  action: ({ id, data }) => ({ type: 5, id, success: true, data }),
};

/** A client of `/wss`: JSON objects over any line. */
export class StateRoomsClient implements Fenced {
  readonly line: Line;
  readonly #door: Door;

  constructor(line: Line, door: Door) {
    this.line = line;
    this.#door = door;
  }

  /** Opens a line and says nothing. */
  static async open(server: TestServer, door: Door, query = ''): Promise<StateRoomsClient> {
    return new StateRoomsClient(await door.open(server, 'wss', query), door);
  }

  /** Opens a line, says hello and reads the answer. */
  static async enter(server: TestServer, door: Door, room: string, extras: object = {}): Promise<Entered> {
    const client = await StateRoomsClient.open(server, door);
    client.say(hello(room, extras));
    const success = (await client.next()) as Success;
    expect(success).toMatchObject({ type: 1, protocol: PROTOCOL });
    return Object.assign(client, { id: success.clientId, success });
  }

  /** Sends messages, texts as they are, all in one frame where the transport has frames of its own. */
  say(...messages: (object | string)[]): void {
    void this.line.send(
      ...messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message))),
    );
  }

  async next(): Promise<unknown> {
    return JSON.parse(await this.line.next()) as unknown;
  }

  /** The next frame as it stood on the wire. */
  nextText(): Promise<string> {
    return this.line.next();
  }

  /** The server must know {@link ECHO_ACTION}. */
  async fence(): Promise<unknown[]> {
    const mark = fenceMark();
    this.say({ type: 4, action: 'fence', id: mark });
    const before: unknown[] = [];
    for (;;) {
      const message = (await this.next()) as { type: number; id?: string };
      if (message.type === 5 && message.id === mark) return before;
      before.push(message);
    }
  }

  /** Nothing more comes but the end: with this code and reason, as far as the door has words for them. */
  async expectEnd(code: number, reason: string | RegExp): Promise<void> {
    const closing = await within('the end of a line', this.line.closed);
    await expect(this.line.next()).rejects.toThrow(/ended/);
    // A channel ends with `uns` and a namespace with a disconnect, neither of which says why.
    if (!this.#door.hasQuery || !this.#door.hasTexts) return;
    expect(closing).toEqual({
      code,
      reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
    });
  }

  close(): Promise<void> {
    return this.line.close();
  }
}

/** The answer to a hello. */
export interface Success {
  readonly clientId: string;
  readonly clients: Record<string, { readonly clientState: Record<string, string> }>;
  readonly roomState: Record<string, string>;
  readonly readonly: boolean;
}

export type Entered = StateRoomsClient & { readonly id: string; readonly success: Success };
