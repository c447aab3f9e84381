import type { RefusalCode, StateEntry } from '../../protocol/rooms.ts';

/** The hub, or a hook, refused what a client asked for. The gateway says so in its own words. */
export class HubError extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'HubError';
    this.code = code;
  }
}

/** A change found the state other than it wanted it, and nothing has changed. */
export class ConflictError extends HubError {
  /** How the keys are now whose conditions do not hold. */
  readonly conflicts: readonly StateEntry[];
  /** The room's epoch, where the engine has named it. */
  readonly epoch: string | undefined;

  constructor(conflicts: readonly StateEntry[], epoch?: string, reason = changed(conflicts)) {
    super('conflict', reason);
    this.name = 'ConflictError';
    this.conflicts = conflicts;
    this.epoch = epoch;
  }
}

function changed(conflicts: readonly StateEntry[]): string {
  const keys = conflicts.map(({ key }) => JSON.stringify(key.slice(0, 64)));
  return `changed meanwhile: ${keys.slice(0, 3).join(', ')}`;
}
