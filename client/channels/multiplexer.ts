import { decodeFrame, unescapeTopic } from '../../protocol/multiplex.ts';
import { Topic, type TopicMember } from './topic.ts';
import type { Uplink } from './uplink.ts';

/** Many topics over one connection (S2 §1). */
export class Multiplexer {
  readonly #uplink: Uplink;
  readonly #topics = new Map<string, Topic>();

  constructor(uplink: Uplink) {
    this.#uplink = uplink;
  }

  /** Lets a member take part in a topic, which comes to life with its first member. */
  join(name: string, member: TopicMember): Topic {
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      topic = new Topic(name, this.#uplink, () => {
        this.#topics.delete(name);
      });
      this.#topics.set(name, topic);
    }
    topic.add(member);
    return topic;
  }

  /** There is a connection. */
  connected(): void {
    for (const topic of this.#topics.values()) {
      // What one topic tells may make the application close everything.
      if (this.#uplink.isOpen) topic.open();
    }
  }

  /** There is none any more. */
  disconnected(): void {
    for (const topic of this.#topics.values()) topic.lost();
  }

  /** There never will be one again. */
  closed(): void {
    const topics = [...this.#topics.values()];
    this.#topics.clear();
    for (const topic of topics) topic.ended();
  }

  /** Takes one message from the server; what it does not understand it ignores (S2.41). */
  receive(text: string): void {
    const frame = decodeFrame(text);
    if (frame === undefined) return;
    const topic = this.#topics.get(unescapeTopic(frame.topic));
    if (topic === undefined) return;
    if (frame.type === 'msg') topic.message(frame.payload);
    if (frame.type !== 'uns') return;
    this.#topics.delete(topic.name);
    topic.ended();
  }
}
