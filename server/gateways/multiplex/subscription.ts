/** What a topic is to a connection that subscribed to it. */
export interface Subscription {
  /** The client sent `msg` on the topic. */
  message(payload: string): void;
  /** The client sent `uns`. Nothing is sent. */
  unsubscribed(): void;
  /** The client is gone. Nothing is sent. */
  ended(code: number, reason: string): void;
}
