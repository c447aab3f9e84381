import type { ClientInfo } from '../../../protocol/state-rooms.ts';
import type { MemberView, RoomControl, RoomView } from '../../index.ts';
import type { KVSet, KVStore } from './messages.ts';
import { stateProxy, textOf } from './state-proxy.ts';

/** As much of a client's socket as can be offered whatever carries it. */
export interface ClientSocket {
  /** Sends a message of the protocol: its JSON. */
  send(message: string): void;
  /** Puts the client out; it is told the reason. */
  close(code?: number, reason?: string): void;
}

/** A client in a room, as it is when it is asked for. */
export interface RoomClientInfo extends ClientInfo {
  readonly clientState: KVStore;
  readonly ws: ClientSocket;
  readonly readonly: boolean;
}

/** A room; live. */
export class RoomInfo {
  readonly id: string;
  /** The whole store; setting a property changes it and tells nobody, as in the original. {@link change} tells. */
  readonly state: KVStore;
  readonly #control: RoomControl;
  readonly #view: RoomView;

  constructor(control: RoomControl, view: RoomView) {
    this.#control = control;
    this.#view = view;
    this.id = view.name;
    this.state = stateProxy({
      get values() {
        return view.state;
      },
      set: (key, value) => this.#make(control.change(view.name, [{ key, value }], { isSilent: true })),
    });
  }

  /** By client id, readonly clients included. */
  get clients(): Record<string, RoomClientInfo> {
    return Object.fromEntries(this.#view.members.map((member) => [member.id, this.client(member)]));
  }

  /** Changes the state, all of it or nothing, and tells the clients, but for `skip`. */
  change(sets: readonly KVSet[], { skip }: { readonly skip?: string } = {}): void {
    this.#make(this.#control.change(this.id, sets, { except: skip }));
  }

  /** There is no word for a refusal that comes later, as of a full disk, which the log tells of. */
  #make(change: Promise<unknown>): void {
    change.catch(() => undefined);
  }

  client(member: MemberView): RoomClientInfo {
    const { id, name, info, gateway, isReadonly, state } = member;
    const ws: ClientSocket = {
      send: (message) => void this.#control.notify(this.id, JSON.parse(message) as object, { to: id }),
      close: (_code, reason) => void this.#control.eject(this.id, id, reason),
    };
    return {
      ws,
      readonly: isReadonly,
      clientType: gateway === 'wss' ? (info as ClientInfo | undefined)?.clientType : gateway,
      clientName: name,
      clientState: Object.fromEntries([...state].map(([key, value]) => [key, textOf(value)])),
    };
  }
}
