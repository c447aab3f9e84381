/** How long something took: `8 ms`, `260 ms`, `1.4 s`, `65 s`. */
export function formatTook(ms: number): string {
  if (ms < 1_000) return `${Math.max(1, Math.round(ms))} ms`;
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}
