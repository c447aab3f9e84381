import type { Engine } from '../hub/engine.ts';
import { SHARED_SPACE } from '../hub/spaces.ts';
import type { Limits } from '../limits.ts';
import type { Logger } from '../log.ts';
import type { Counters } from '../telemetry/counters.ts';
import { EngineBySpace } from './by-space.ts';
import { DurableEngine } from './durable/durable-engine.ts';
import { MemoryEngine } from './memory/memory-engine.ts';

/** What decides how rooms are kept. */
export interface EngineOptions {
  readonly limits: Limits;
  /** Folder of the store; `undefined`: nothing outlives the process. */
  readonly data?: string | undefined;
  /** How long a room outlives its last member, in ms; 0: not at all, `Infinity`: for ever. */
  readonly roomGraceMs: number | undefined;
  readonly log?: Logger | undefined;
  readonly counters?: Counters | undefined;
}

/**
 * Rooms of `/layout`, topics, `/wss` and `/bus` have a history. What the other protocols say is for those who are
 * there: signals of a lobby, triggers, groups of services.
 */
export function createEngine({ limits, data, roomGraceMs, log, counters }: EngineOptions): Engine {
  const kept =
    data === undefined
      ? new MemoryEngine({ limits, roomGraceMs: roomGraceMs ?? MEMORY_GRACE_MS })
      : new DurableEngine({ folder: data, limits, roomGraceMs, log, counters });
  const passing = new MemoryEngine({ limits, roomGraceMs: 0, keepsHistory: false });
  return new EngineBySpace(kept, [SHARED_SPACE, 'bus'], passing);
}

const MEMORY_GRACE_MS = 60_000;
