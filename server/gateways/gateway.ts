import type { IncomingHttpHeaders } from 'node:http';
import type { Connection, ConnectionHandler, ConnectionRequest } from '../connection/connection.ts';
import type { HttpAnswer, HttpRoute } from './http-exchange.ts';

/** Translates one wire protocol into hub calls; works on any {@link Connection}. */
export type Gateway = OpenGateway | GuardedGateway;

/** What every gateway has. */
export interface GatewayBase {
  /** Also the topic under which the multiplex gateway offers it, and its path without the slash. */
  readonly name: string;
  /**
   * Its messages are JSON arrays that start with an event's name. Where a transport has events of its own
   * (Socket.IO), they travel as such; the messages of other gateways travel as the strings they are.
   */
  readonly speaksEvents?: boolean;
  /** Bytes of one message; 0 lifts it. Absent: what holds for the server. */
  readonly messageLimit?: number;
  /** Close code for a peer that does not read what it is owed. @default CloseCode.slowConsumer */
  readonly slowConsumerCode?: number;
  /** Origins that browsers may come from to this gateway, beside those the server allows; `*` allows all. */
  readonly origins?: readonly string[];
  /** Where it answers plain HTTP. */
  readonly routes?: readonly HttpRoute[];
  /** The server goes down: every connection is gone, and nothing more will come. */
  stop?(): void;
}

/** A gateway that takes everybody. */
export interface OpenGateway extends GatewayBase {
  /**
   * Takes a connection. It may be sent to at once. Whatever the peer says from here on goes to the handler
   * that is returned.
   */
  accept(connection: Connection, request: ConnectionRequest): ConnectionHandler;
}

/** A gateway that looks at who comes before there is a connection. */
export interface GuardedGateway extends GatewayBase {
  /**
   * It decides by itself which origins may come: no connection is refused for its origin before `admit`, which is
   * told what the server would have done. No answer to an origin that the server refuses comes with credentials.
   */
  readonly judgesOrigins?: true;
  /** May take its time; meanwhile nothing is read from the peer. A fault is answered with 500. */
  admit(request: AdmissionRequest): Admission | Promise<Admission>;
}

/** What is known of somebody who wants in. */
export interface AdmissionRequest extends ConnectionRequest {
  readonly headers: IncomingHttpHeaders;
  /** False when the server itself would refuse the origin; only who {@link GuardedGateway.judgesOrigins} sees that. */
  readonly isOriginAllowed: boolean;
  /** WebSocket subprotocols on offer, in the peer's order. */
  readonly subprotocols: readonly string[];
}

/** Way in, or what to answer instead. Where there is no HTTP answer to give, a refusal is just a closed door. */
export type Admission = Entrance | HttpAnswer;

export interface Entrance {
  /** The subprotocol to agree on: one that was offered. Absent: none. */
  readonly subprotocol?: string | undefined;
  /** As {@link OpenGateway.accept}. */
  accept(connection: Connection): ConnectionHandler;
}

/** True when the gateway lets the peer in. */
export function isEntrance(admission: Admission): admission is Entrance {
  return 'accept' in admission;
}

/** True when origins that the server refuses must still be shown to the gateway. */
export function judgesOrigins(gateway: Gateway): boolean {
  return 'admit' in gateway && gateway.judgesOrigins === true;
}
