import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { StoreController } from '../state/store-controller.ts';
import type { TryClient, TryPhase } from '../state/try/try-client.ts';
import { controls } from '../styles/controls.ts';
import { brokenIcon, connectedIcon, waitingIcon } from './icons.ts';

const LAMPS: Readonly<Record<TryPhase, TemplateResult | null>> = {
  idle: null,
  connecting: waitingIcon,
  open: connectedIcon,
  lost: brokenIcon,
  closing: waitingIcon,
  closed: null,
};

/** How the connection of a client is doing, in words. */
@customElement('rp-try-state')
export class RpTryState extends LitElement {
  static override styles = [
    controls,
    css`
      p {
        display: flex;
        align-items: center;
        justify-content: end;
        gap: var(--rp-space-1);
        color: var(--rp-text-muted);
        font-size: var(--rp-text-sm);
        text-align: end;
        overflow-wrap: anywhere;
      }

      svg.icon {
        width: 1.125rem;
        height: 1.125rem;
      }

      .open {
        color: var(--rp-ok);
        font-weight: 560;
      }

      .connecting,
      .lost {
        color: var(--rp-warn);
      }

      .failed {
        color: var(--rp-danger);
      }
    `,
  ];

  @property({ attribute: false }) client!: TryClient;

  constructor() {
    super();
    new StoreController(this, () => this.client);
  }

  protected override render(): TemplateResult {
    const { phase, session } = this.client;
    return html`<p class=${session?.hasFailed === true ? 'failed' : phase} role="status">
      ${LAMPS[phase]}<span>${this.words}</span>
    </p>`;
  }

  private get words(): string {
    const { phase, session } = this.client;
    switch (phase) {
      case 'idle':
        return 'Not connected';
      case 'connecting':
        return 'Connecting…';
      case 'open':
        return `Connected over ${session?.transport ?? ''}`;
      case 'lost':
        return 'Connection lost, trying again…';
      case 'closing':
        return 'Closing…';
      case 'closed':
        return session?.end ?? 'Closed';
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-try-state': RpTryState;
  }
}
