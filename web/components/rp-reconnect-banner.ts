import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatMany } from '../format.ts';
import type { ConnectionStore } from '../state/connection-store.ts';
import { StoreController } from '../state/store-controller.ts';
import { controls } from '../styles/controls.ts';
import { brokenIcon } from './icons.ts';
import { TransportChoiceEvent } from './rp-connection-badge.ts';
import { TickController } from './tick-controller.ts';

/** Says that the connection is gone and when the next try is due; takes no room while all is well. */
@customElement('rp-reconnect-banner')
export class RpReconnectBanner extends LitElement {
  static override styles = [
    controls,
    css`
      .banner {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: center;
        gap: var(--rp-space-1) var(--rp-space-3);
        padding: var(--rp-space-2) var(--rp-space-4);
        background: var(--rp-warn-soft);
        color: var(--rp-warn);
        font-size: var(--rp-text-sm);
      }

      .banner.refused {
        background: var(--rp-danger-soft);
        color: var(--rp-danger);
      }

      .words {
        display: flex;
        align-items: center;
        gap: var(--rp-space-2);
        font-weight: 560;
      }
    `,
  ];

  @property({ attribute: false }) connection!: ConnectionStore;
  /** How many messages wait for it to come back. */
  @property({ type: Number }) waiting = 0;

  constructor() {
    super();
    new StoreController(this, () => this.connection);
    new TickController(this, () => this.connection.retry !== null);
  }

  protected override render(): TemplateResult {
    const { phase, forced, hasBeenOpen, isCutOff } = this.connection;
    const isDown = isCutOff && (phase === 'reconnecting' || phase === 'refused');
    const lost = hasBeenOpen ? 'Connection lost.' : 'The server cannot be reached.';
    return html`
      <section class=${isDown ? `banner ${phase}` : ''} aria-label="Connection problem">
        <div class="words">
          ${isDown ? brokenIcon : null}
          <span role="status"
            >${isDown ? (phase === 'refused' ? 'The server refused the connection.' : lost) : ''}</span
          >
          ${isDown && phase === 'reconnecting' ? this.renderCountdown() : null}
        </div>
        ${isDown && this.waiting > 0 ? this.renderWaiting() : null}
        ${isDown ? html`<button class="button small" @click=${this.tryNow}>Try now</button>` : null}
        ${isDown ? this.renderDoctor() : null}
        ${
          isDown && forced !== null
            ? html`<button class="button small" @click=${this.useAny}>Use any transport</button>`
            : null
        }
      </section>
    `;
  }

  private renderCountdown(): TemplateResult {
    const { retry } = this.connection;
    const seconds = retry === null ? 0 : Math.ceil((retry.at - Date.now()) / 1_000);
    if (seconds <= 0) return html`<span>Trying again…</span>`;
    return html`<span class="figures" role="timer">Next try in ${seconds} s.</span>`;
  }

  private renderWaiting(): TemplateResult {
    return html`<span>${formatMany(this.waiting, 'message')} will be sent when it is back.</span>`;
  }

  /** In a tab of its own, so that what waits to be sent stays here. */
  private renderDoctor(): TemplateResult {
    return html`<a class="button small" href="doctor" target="_blank" rel="noopener">Find out why</a>`;
  }

  private tryNow(): void {
    this.connection.tryNow();
  }

  private useAny(): void {
    this.dispatchEvent(new TransportChoiceEvent(null));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-reconnect-banner': RpReconnectBanner;
  }
}
