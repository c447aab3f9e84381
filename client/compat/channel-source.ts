import type { Channel } from '../types.ts';

/** Where channels come from: a connection of our own, or one that was there before. */
export interface ChannelSource {
  channel(name: string): Channel;
  close(): unknown;
}
