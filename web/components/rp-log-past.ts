import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatCount } from '../format.ts';
import type { PastPhase } from '../state/chat-history.ts';
import { ENTRIES_KEPT } from '../state/message-log.ts';
import { controls } from '../styles/controls.ts';

/** The user wants to see what was said before the oldest message shown. */
export class EarlierEvent extends Event {
  constructor() {
    super('earlier', { bubbles: true, composed: true });
  }
}

/** How it goes on above the oldest message: there is more, it is on its way, or there is nothing. */
@customElement('rp-log-past')
export class RpLogPast extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: center;
        gap: var(--rp-space-2) var(--rp-space-3);
        min-height: 2rem;
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
        text-align: center;
      }

      .failed {
        color: var(--rp-danger);
      }

      .end:focus {
        outline: none;
      }

      .button {
        font-size: var(--rp-text-xs);
      }

      [aria-disabled='true'] {
        cursor: default;
      }

      .ghosts {
        display: grid;
        gap: var(--rp-space-3);
        width: 100%;
        padding-bottom: var(--rp-space-2);
        /* What is there at once does not announce itself. */
        animation: show 300ms 250ms both;
      }

      .ghosts span {
        width: 38%;
        height: 2.125rem;
        border-radius: var(--rp-radius-md);
        background: var(--rp-line);
        opacity: 0.6;
      }

      .ghosts span:nth-child(2) {
        width: 52%;
      }

      .ghosts span:nth-child(3) {
        justify-self: end;
        width: 30%;
      }

      @keyframes show {
        from {
          opacity: 0;
        }
      }
    `,
  ];

  @property() phase: PastPhase = 'loading';
  /** Why it failed. */
  @property() problem = '';
  /** Nothing is shown yet. */
  @property({ type: Boolean }) empty = false;

  #hadFocus = false;

  protected override willUpdate(): void {
    this.#hadFocus = this.shadowRoot?.activeElement instanceof HTMLButtonElement;
  }

  protected override updated(changed: PropertyValues<this>): void {
    // The button is gone, and with it the way to hear why.
    const end = this.renderRoot.querySelector<HTMLElement>('.end');
    if (changed.has('phase') && this.#hadFocus) end?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    switch (this.phase) {
      case 'beginning':
        return this.renderEnd(this.empty ? 'Nothing has been said here yet.' : 'Beginning of what is kept');
      case 'full':
        return this.renderEnd(
          `This page shows no more than ${formatCount(ENTRIES_KEPT)} messages at a time.`,
        );
      case 'failed':
        return html`
          <span class="failed" role="alert">Earlier messages could not be loaded: ${this.problem}.</span>
          <button class="button small" @click=${this.ask}>Try again</button>
        `;
      case 'more':
      case 'loading':
        return this.empty ? this.renderGhosts() : this.renderMore();
    }
  }

  private renderEnd(text: string): TemplateResult {
    return html`<p class="end" tabindex="-1">${text}</p>`;
  }

  private renderMore(): TemplateResult {
    const isLoading = this.phase === 'loading';
    return html`
      <button class="button quiet small" aria-disabled=${isLoading} @click=${this.ask}>
        ${isLoading ? 'Loading earlier messages…' : 'Show earlier messages'}
      </button>
    `;
  }

  private renderGhosts(): TemplateResult {
    return html`
      <div class="ghosts" aria-hidden="true"><span></span><span></span><span></span></div>
      <span class="visually-hidden" role="status">Loading messages…</span>
    `;
  }

  private ask(): void {
    this.dispatchEvent(new EarlierEvent());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-log-past': RpLogPast;
  }
  interface HTMLElementEventMap {
    earlier: EarlierEvent;
  }
}
