import type { Testimony } from '../audit/testimony.ts';

/** Somebody in one room who writes down what it wanted, what it was told, and what it saw. */
export interface Participant {
  readonly name: string;
  readonly testimony: Testimony;
  /** Resolves when it is in for the first time. */
  join(): Promise<void>;
  /** Resolves when it is told what became of it. */
  say(id: string, fill: string): Promise<void>;
  /** Adds one to a number in the room's state, by compare-and-set. */
  increment(key: string): Promise<void>;
  /** Sets a key, or takes it away. */
  set(key: string, value: unknown): Promise<void>;
  close(): Promise<void>;
}

/** What participants say; `fill` makes messages of many sizes. */
export interface Message {
  readonly id: string;
  readonly fill: string;
}
