import { encodeFrame, escapeTopic } from '../../protocol/multiplex.ts';
import { RoomplexError } from '../errors.ts';
import type { Uplink } from './uplink.ts';

/** Whoever takes part in a topic. */
export interface TopicMember {
  /** True between `opened` and `lost` or `ended`. */
  readonly isOpen: boolean;
  /** The `sub` went out. */
  opened(): void;
  message(text: string): void;
  /** The connection was lost; `opened` follows when there is another. */
  lost(): void;
  /** The server ended the topic, or the client was closed. */
  ended(): void;
}

/**
 * One subscription, shared by all members: one `sub`, every message for each, one `uns` when the last one
 * leaves (S2 §6.6).
 */
export class Topic {
  readonly name: string;
  readonly #uplink: Uplink;
  readonly #wire: string;
  readonly #abandoned: () => void;
  readonly #members = new Set<TopicMember>();
  #queue: string[] = [];
  #isOpen = false;

  /** `abandoned` is told when the last member has left. */
  constructor(name: string, uplink: Uplink, abandoned: () => void) {
    this.name = name;
    this.#uplink = uplink;
    this.#wire = escapeTopic(name);
    this.#abandoned = abandoned;
  }

  /** Takes a member in. It is told `opened` later, so that it can get ready or change its mind. */
  add(member: TopicMember): void {
    this.#members.add(member);
    queueMicrotask(() => {
      if (!this.#members.has(member) || !this.#uplink.isOpen) return;
      if (!this.#isOpen) this.open();
      else if (!member.isOpen) member.opened();
    });
  }

  remove(member: TopicMember): void {
    if (!this.#members.delete(member) || this.#members.size > 0) return;
    if (this.#isOpen) this.#uplink.send(encodeFrame('uns', this.#wire));
    this.#shut();
    this.#abandoned();
  }

  /** Subscribes, now that there is a connection, and sends what waited for it. */
  open(): void {
    this.#isOpen = true;
    this.#uplink.send(encodeFrame('sub', this.#wire));
    const queue = this.#queue;
    this.#queue = [];
    this.#uplink.budget.give(queue.length);
    for (const text of queue) this.#uplink.send(encodeFrame('msg', this.#wire, text));
    this.#each((member) => {
      if (!member.isOpen) member.opened();
    });
  }

  /** Throws when it cannot go out and may not wait either. */
  send(text: string): void {
    if (!this.#isOpen) {
      this.#uplink.budget.take();
      this.#queue.push(text);
      return;
    }
    if (this.#uplink.isCongested) {
      throw new RoomplexError('queue-full', 'the network does not keep up with what is sent');
    }
    this.#uplink.send(encodeFrame('msg', this.#wire, text));
  }

  message(text: string): void {
    this.#each((member) => {
      member.message(text);
    });
  }

  lost(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#each((member) => {
      member.lost();
    });
  }

  ended(): void {
    this.#shut();
    this.#each((member) => {
      this.#members.delete(member);
      member.ended();
    });
  }

  #shut(): void {
    this.#isOpen = false;
    this.#uplink.budget.give(this.#queue.length);
    this.#queue = [];
  }

  /** Members may come and go meanwhile; who left is not told. */
  #each(tell: (member: TopicMember) => void): void {
    for (const member of this.#members) tell(member);
  }
}
