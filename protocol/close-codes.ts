/**
 * Every close code Roomplex sends. The code alone tells a client whether to come back:
 * 4000–4499 reconnect with backoff, 4500–4999 stay away until told; below 4000 as RFC 6455 §7.4 and SockJS say.
 */
export const CloseCode = {
  /** RFC 6455: the purpose was fulfilled. */
  normal: 1000,
  /** RFC 6455: the server goes down or the page goes away. */
  goingAway: 1001,
  /** RFC 6455: the peer broke the protocol. */
  protocolError: 1002,
  /** RFC 6455: a kind of data the endpoint cannot take. */
  unsupportedData: 1003,
  /** RFC 6455: nothing is known; the line was cut. Never sent. */
  abnormal: 1006,
  /** RFC 6455: text that is no UTF-8. Sent by `ws`. */
  notConsistent: 1007,
  /** RFC 6455: the peer may not do what it asks. */
  policy: 1008,
  /** RFC 6455: a message over the size limit. */
  tooBig: 1009,
  /** RFC 6455: our own fault. */
  internalError: 1011,
  /** Its registry (RFC 6455 §11.7): come back when there is less to do. */
  tryAgainLater: 1013,
  /** SockJS: the text was no JSON. */
  brokenFraming: 3000,
  /** Taken out of what this connection was for, it alone; the reason says why. */
  ejected: 4001,
  /** The room that this connection was for closed, for everybody. */
  roomClosed: 4002,
  /** The server drains: come back, to another node or in a moment. */
  draining: 4003,
  /** The connection did not read what it was owed, and the outbox is full. */
  slowConsumer: 4008,
  /** No answer to a ping within a heartbeat. */
  noPong: 4012,
  /** The protocol was broken in a way that a new try would repeat. */
  protocolViolation: 4522,
} as const;

export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** True for codes by which the server says: stay away until you are told otherwise. */
export function isFinal(code: number): boolean {
  return code >= 4500 && code <= 4999;
}

/** True when a client should try again by itself after this code. */
export function mayReconnect(code: number): boolean {
  return !isFinal(code) && code !== CloseCode.normal;
}
