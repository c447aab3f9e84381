import type { QueueBudget } from '../queue-budget.ts';

/** The way to the server as channels and rooms see it. */
export interface Uplink {
  readonly isOpen: boolean;
  /** True when more would only fill memory. */
  readonly isCongested: boolean;
  /** Where what must wait for a connection is counted. */
  readonly budget: QueueBudget;
  /** Does nothing unless it is open. */
  send(text: string): void;
}
