import type { RefusalCode } from '../../protocol/rooms.ts';

/** The hub, or a hook, refused what a client asked for. The gateway says so in its own words. */
export class HubError extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'HubError';
    this.code = code;
  }
}
