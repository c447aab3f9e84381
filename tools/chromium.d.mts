/** Path of a Chromium to test with: `ROOMPLEX_CHROMIUM`, the system's, or Playwright's own download. */
export function findChromium(): string | undefined;

/** Chromium's sandbox refuses to work for root, as in most containers. */
export const chromiumArguments: string[];
