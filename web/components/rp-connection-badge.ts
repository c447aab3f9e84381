import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { TransportName } from '../../client/index.ts';
import { formatMany, formatMoment, formatMs, formatSpan } from '../format.ts';
import type { ConnectionPhase, ConnectionStore } from '../state/connection-store.ts';
import { RoundTrip } from '../state/round-trip.ts';
import { StoreController } from '../state/store-controller.ts';
import { TRANSPORTS } from '../state/transport-choice.ts';
import { type TransportReasons, transportReport, whyTransport } from '../state/why-transport.ts';
import { controls } from '../styles/controls.ts';
import {
  brokenIcon,
  chevronIcon,
  closeIcon,
  connectedIcon,
  doctorIcon,
  type Face,
  waitingIcon,
} from './icons.ts';
import './rp-copy-button.ts';
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

const TONE_ICONS = { good: connectedIcon, waiting: waitingIcon, bad: brokenIcon };

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

      .why {
        display: grid;
        gap: var(--rp-space-2);
        padding-bottom: var(--rp-space-4);
        font-size: var(--rp-text-sm);
      }

      .why h3 {
        font-size: var(--rp-text-md);
      }

      .better li {
        display: grid;
        grid-template-columns: 1.25rem minmax(0, 1fr);
        gap: 0 var(--rp-space-2);
        line-height: 1.4;
      }

      .better li + li {
        margin-top: var(--rp-space-1);
      }

      .better svg {
        width: 1.125rem;
        height: 1.125rem;
      }

      .better .good svg {
        color: var(--rp-ok);
      }

      .better .waiting svg {
        color: var(--rp-text-muted);
      }

      .better .bad svg {
        color: var(--rp-warn);
      }

      .better .text {
        color: var(--rp-text-muted);
        overflow-wrap: anywhere;
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rp-space-2);
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
  #roundTrip: RoundTrip | null = null;
  @query('[popover]') private readonly details!: HTMLElement;

  constructor() {
    super();
    new StoreController(this, () => this.connection);
    new StoreController(this, () => this.#roundTrip);
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
        <dt>Round trip</dt>
        <dd class="figures">${this.roundTripText}</dd>
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
      ${this.renderWhy()}
      <h3 id="choose">Transport to use in this tab</h3>
      <div class="choices" role="group" aria-labelledby="choose">
        ${this.renderChoice(null, 'Automatic', 'The best one that gets through', forced === null)}
        ${TRANSPORTS.map(({ name, hint }) => this.renderChoice(name, name, hint, forced === name))}
      </div>
    `;
  }

  private get roundTripText(): string {
    if (this.connection.phase !== 'open') return '–';
    const ms = this.#roundTrip?.ms ?? null;
    return ms === null ? 'measuring…' : `${formatMs(ms)} ms`;
  }

  private renderWhy(): TemplateResult {
    const reasons = this.reasons;
    return html`
      <section class="why" aria-labelledby="why">
        <h3 id="why">Why this transport</h3>
        <p>${reasons.summary}</p>
        ${
          reasons.better.length === 0
            ? null
            : html`<ul class="better" role="list">
                ${reasons.better.map(
                  ({ transport, tone, text }) => html`
                    <li class=${tone}>
                      ${TONE_ICONS[tone]}
                      <span><span class="mono">${transport}</span> <span class="text">${text}</span></span>
                    </li>
                  `,
                )}
              </ul>`
        }
        <div class="actions">
          <a class="button small" href="doctor">${doctorIcon}Connection doctor</a>
          <rp-copy-button label="Copy as text" .text=${() => this.report}></rp-copy-button>
        </div>
      </section>
    `;
  }

  private get reasons(): TransportReasons {
    const { findings, forced } = this.connection;
    return whyTransport(findings, forced, Date.now());
  }

  private get report(): string {
    const { url, losses } = this.connection;
    return transportReport(this.reasons, { server: url, roundTripMs: this.#roundTrip?.ms ?? null, losses });
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
    this.#roundTrip ??= new RoundTrip(this.connection);
    if (this.isOpen) this.#roundTrip.start();
    else this.#roundTrip.stop();
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
