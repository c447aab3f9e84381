import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { TransportName } from '../../client/index.ts';
import { formatMany, formatMoment, formatSpan } from '../format.ts';
import type { ConnectionPhase, ConnectionStore } from '../state/connection-store.ts';
import { StoreController } from '../state/store-controller.ts';
import { TRANSPORTS } from '../state/transport-choice.ts';
import { controls } from '../styles/controls.ts';
import { brokenIcon, chevronIcon, closeIcon, connectedIcon, type Face, waitingIcon } from './icons.ts';
import { TickController } from './tick-controller.ts';

/** The user insists on a transport, or with `null` no longer does. */
export class TransportChoiceEvent extends Event {
  readonly transport: TransportName | null;

  constructor(transport: TransportName | null) {
    super('transport-choice', { bubbles: true, composed: true });
    this.transport = transport;
  }
}

const PHASES: Readonly<Record<ConnectionPhase, Face>> = {
  connecting: { text: 'Connecting', icon: waitingIcon },
  open: { text: 'Connected', icon: connectedIcon },
  reconnecting: { text: 'Reconnecting', icon: waitingIcon },
  refused: { text: 'Refused', icon: brokenIcon },
};

/** State and transport of the connection at all times; opens to details and a choice of transport. */
@customElement('rp-connection-badge')
export class RpConnectionBadge extends LitElement {
  static override styles = [
    controls,
    css`
      .badge {
        display: flex;
        align-items: center;
        gap: var(--rp-space-2);
        min-height: var(--rp-control);
        padding: 0 var(--rp-space-2) 0 var(--rp-space-3);
        border: 1px solid var(--rp-line);
        border-radius: var(--rp-radius-sm);
        background: var(--rp-surface);
        text-align: start;
        line-height: 1.2;
        cursor: pointer;
      }

      .badge:hover {
        border-color: var(--rp-line-strong);
      }

      .words {
        display: grid;
      }

      .state {
        font-size: var(--rp-text-sm);
        font-weight: 600;
      }

      .transport {
        color: var(--rp-text-muted);
        font: var(--rp-text-xs) / 1.25 var(--rp-font-mono);
        white-space: nowrap;
      }

      .open .lamp {
        color: var(--rp-ok);
      }

      .connecting .lamp,
      .reconnecting .lamp {
        color: var(--rp-warn);
      }

      .refused .lamp {
        color: var(--rp-danger);
      }

      .lamp,
      .turn {
        display: grid;
      }

      .turn {
        color: var(--rp-text-muted);
      }

      .turn svg {
        width: 1rem;
        height: 1rem;
      }

      [popover] {
        position: fixed;
        inset: calc(var(--rp-header) - 0.25rem)
          max(var(--rp-space-4), 50vw - var(--rp-page) / 2 + var(--rp-space-4)) auto auto;
        width: min(24rem, calc(100vw - 2 * var(--rp-space-4)));
        max-height: calc(100dvh - var(--rp-header) - var(--rp-space-4));
        margin: 0;
        padding: var(--rp-space-4);
        overflow: auto;
        border: 1px solid var(--rp-line);
        border-radius: var(--rp-radius-lg);
        background: var(--rp-surface-raised);
        color: var(--rp-text);
        box-shadow: var(--rp-shadow);
      }

      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin-bottom: var(--rp-space-2);
      }

      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--rp-space-1) var(--rp-space-4);
        padding-bottom: var(--rp-space-4);
        font-size: var(--rp-text-sm);
      }

      dt {
        color: var(--rp-text-muted);
      }

      dd {
        overflow-wrap: anywhere;
      }

      h3 {
        padding-top: var(--rp-space-3);
        border-top: 1px solid var(--rp-line);
      }

      .choices {
        display: grid;
        margin: var(--rp-space-2) calc(-1 * var(--rp-space-2)) 0;
      }

      .choice {
        display: grid;
        grid-template-columns: 1.25rem minmax(0, 1fr);
        gap: 0 var(--rp-space-2);
        align-items: center;
        width: 100%;
        padding: 0.3125rem var(--rp-space-2);
        border: 0;
        border-radius: var(--rp-radius-sm);
        background: none;
        text-align: start;
        cursor: pointer;
      }

      .choice:hover {
        background: var(--rp-surface-hover);
      }

      .choice[aria-pressed='true'] {
        background: var(--rp-accent-soft);
      }

      .choice svg {
        color: var(--rp-accent);
      }

      .choice .name {
        grid-column: 2;
        font-size: var(--rp-text-sm);
        font-weight: 560;
        line-height: 1.35;
      }

      .choice .hint {
        grid-column: 2;
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
        line-height: 1.35;
      }

      @media (max-width: 40rem) {
        .turn {
          display: none;
        }

        .badge {
          padding-right: var(--rp-space-3);
        }
      }
    `,
  ];

  @property({ attribute: false }) connection!: ConnectionStore;

  @state() private isOpen = false;
  @query('[popover]') private readonly details!: HTMLElement;

  constructor() {
    super();
    new StoreController(this, () => this.connection);
    new TickController(this, () => this.isOpen);
  }

  protected override render(): TemplateResult {
    const { phase, transport, forced } = this.connection;
    const { text, icon } = PHASES[phase];
    return html`
      <button class="badge ${phase}" popovertarget="details">
        <span class="lamp">${icon}</span>
        <span class="words">
          <span class="visually-hidden">Connection:</span>
          <span class="state">${text}</span>
          <span class="transport">${transport ?? forced ?? 'no transport'}</span>
        </span>
        <span class="turn">${chevronIcon}</span>
      </button>
      <div id="details" popover role="dialog" aria-label="Connection" @toggle=${this.onToggle}>
        ${this.isOpen ? this.renderDetails() : null}
      </div>
    `;
  }

  private renderDetails(): TemplateResult {
    const { phase, transport, forced, openedAt, losses, lastError, url } = this.connection;
    return html`
      <div class="head">
        <h2>Connection</h2>
        <button class="button quiet small icon" popovertarget="details" aria-label="Close">
          ${closeIcon}
        </button>
      </div>
      <dl>
        <dt>State</dt>
        <dd>${PHASES[phase].text}</dd>
        <dt>Transport</dt>
        <dd class="mono">${transport ?? '–'}</dd>
        <dt>Server</dt>
        <dd class="mono">${url}</dd>
        ${
          openedAt === null
            ? null
            : html`<dt>Connected for</dt>
                <dd class="figures" title=${formatMoment(openedAt)}>${formatSpan(Date.now() - openedAt)}</dd>`
        }
        <dt>Lost so far</dt>
        <dd>${losses === 0 ? 'never' : formatMany(losses, 'time')}</dd>
        ${
          lastError === null
            ? null
            : html`<dt>Last error</dt>
                <dd>${lastError}</dd>`
        }
      </dl>
      <h3 id="choose">Transport to use in this tab</h3>
      <div class="choices" role="group" aria-labelledby="choose">
        ${this.renderChoice(null, 'Automatic', 'The best one that gets through', forced === null)}
        ${TRANSPORTS.map(({ name, hint }) => this.renderChoice(name, name, hint, forced === name))}
      </div>
    `;
  }

  private renderChoice(
    transport: TransportName | null,
    name: string,
    hint: string,
    isChosen: boolean,
  ): TemplateResult {
    return html`
      <button class="choice" aria-pressed=${isChosen} @click=${() => this.choose(transport)}>
        ${isChosen ? connectedIcon : null}
        <span class="name">${name}</span>
        <span class="hint">${hint}</span>
      </button>
    `;
  }

  private choose(transport: TransportName | null): void {
    this.details.hidePopover();
    this.dispatchEvent(new TransportChoiceEvent(transport));
  }

  private onToggle(event: ToggleEvent): void {
    this.isOpen = event.newState === 'open';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-connection-badge': RpConnectionBadge;
  }
  interface HTMLElementEventMap {
    'transport-choice': TransportChoiceEvent;
  }
}
