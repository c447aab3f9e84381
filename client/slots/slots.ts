/** How many responses the tabs of one browser keep open together: of six connections half stay free. */
export const SLOT_COUNT = 3;

/**
 * Leave to keep a response open. Over HTTP/1.1 a browser makes six connections to a server for all its tabs together,
 * and whoever needs a seventh waits for as long as the others stay.
 */
export interface Slot {
  /** `undefined`: not known yet. May change at any time. */
  readonly isHeld: boolean | undefined;
  /** It is not needed any more. */
  release(): void;
}

/** Hands out slots for one server. */
export interface Slots {
  /**
   * Asks for one, until it is released. `changed`: {@link Slot.isHeld} did, never before this has returned. Where there
   * are not enough, those that want one for a stream may have that of a poll of the same page. `gone`: the page goes
   * away, perhaps for ever.
   */
  ask(isForStream: boolean, changed: () => void, gone: () => void): Slot;
  /** False while nobody can be looking: then it may take long until a timer rings. */
  isAttended(): boolean;
}

/** Where connections cost nothing. */
export const UNSHARED: Slots = {
  ask: () => ({ isHeld: true, release: () => undefined }),
  isAttended: () => true,
};
