import type { TransportName } from '../types.ts';

/**
 * What is known of a transport: `good`, echoes came back and it lasted; `failed`, it did not open; `mute`, it opened
 * or seemed to, and nothing passes; `cut`, it opens and dies young; `laggy`, what is streamed arrives late.
 */
export type Verdict = 'good' | 'failed' | 'mute' | 'cut' | 'laggy';

/** Settings for one browser on one network, such as the doctor recommends. */
export interface Advice {
  /** Those that work, best first; others are tried later. */
  readonly transports: readonly TransportName[];
  /** A sign of life each way at least this often, in ms. */
  readonly heartbeatMs: number;
  /** Bytes that one POST may carry; absent: as ever. */
  readonly postLimitBytes?: number;
}
