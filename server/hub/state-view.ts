/** 0 lifts a limit. */
export interface StateLimits {
  readonly keys: number;
  /** Of keys and values together: texts in UTF-8, other values as their JSON. */
  readonly bytes: number;
}

/** A state for reading; live. */
export interface StateView {
  /** How many changes there were. */
  readonly rev: number;
  /** In the order in which keys were first set. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Of keys and values together. */
  readonly bytes: number;
  /** Revision that last set or removed the key; 0 when that is not known. */
  revOf(key: string): number;
}
