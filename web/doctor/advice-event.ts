/** Somebody wants the recommended settings used in this browser, or no longer. */
export class AdviceEvent extends Event {
  readonly wish: 'use' | 'forget';

  constructor(wish: AdviceEvent['wish']) {
    super('advice', { bubbles: true, composed: true });
    this.wish = wish;
  }
}

declare global {
  interface HTMLElementEventMap {
    advice: AdviceEvent;
  }
}
