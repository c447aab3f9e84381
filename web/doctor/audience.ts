/** Who can do something about a finding. */
export type Audience = 'user' | 'it' | 'operator';

/** In the order in which they are shown. */
export const AUDIENCES: readonly { readonly key: Audience; readonly text: string; readonly short: string }[] =
  [
    { key: 'user', text: 'For you', short: 'You' },
    { key: 'it', text: 'For your IT department', short: 'IT' },
    { key: 'operator', text: 'For whoever runs the server', short: 'Server' },
  ];

/** Somebody wants to see what this audience can do, in all findings. */
export class AudienceEvent extends Event {
  readonly audience: Audience;

  constructor(audience: Audience) {
    super('audience', { bubbles: true, composed: true });
    this.audience = audience;
  }
}

declare global {
  interface HTMLElementEventMap {
    audience: AudienceEvent;
  }
}
