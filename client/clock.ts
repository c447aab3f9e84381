/** Time as the client sees it; tests bring their own. */
export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** Calls back once; the function returned prevents it. */
  after(ms: number, callback: () => void): () => void;
}

/** The platform's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};
