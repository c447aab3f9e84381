/** `850 ms`, `2.5 s`, `30 s`. */
export function seconds(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** `1 KiB`, `1.5 KiB`, `900 bytes`. */
export function kibibytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return `${Number((bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0))} KiB`;
}
