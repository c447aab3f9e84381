/** The message of an error, or a text that was thrown; `undefined` for what has none. Never throws itself. */
export function faultMessage(thrown: unknown): string | undefined {
  try {
    if (thrown instanceof Error) return String(thrown.message);
  } catch {
    return undefined;
  }
  return typeof thrown === 'string' ? thrown : undefined;
}

/** What was thrown, whatever it is, in words; empty when there are none. Never throws itself. */
export function faultText(thrown: unknown): string {
  try {
    return faultMessage(thrown) ?? String(thrown);
  } catch {
    return '';
  }
}
