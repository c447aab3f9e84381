import { css, html, LitElement, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Check, CheckStatus } from '../../doctor/report.ts';
import { controls } from '../styles/controls.ts';
import { formatTook } from '../../doctor/format-took.ts';

/** The ways that people may have heard of, best first; each is a check of that id. */
const LANES = [
  { id: 'websocket', text: 'WebSocket' },
  { id: 'xhr-streaming', text: 'Streaming' },
  { id: 'eventsource', text: 'EventSource' },
  { id: 'xhr-polling', text: 'Polling' },
] as const;

/** A picture of the ways between browser and server: which get through, and which break off between the two. */
@customElement('rp-ways')
export class RpWays extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      figure {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: 0 var(--rp-space-3);
        align-items: stretch;
      }

      .end {
        display: grid;
        align-content: center;
        justify-items: center;
        gap: var(--rp-space-1);
        width: 4.5rem;
        padding: var(--rp-space-3) var(--rp-space-1);
        border: 1px solid var(--rp-line);
        border-radius: var(--rp-radius-md);
        background: var(--rp-surface);
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
        font-weight: 560;
      }

      .end svg {
        width: 1.75rem;
        height: 1.75rem;
        color: var(--rp-accent);
        fill: none;
        stroke: currentColor;
        stroke-width: 1.5;
        stroke-linejoin: round;
      }

      .lane {
        padding: var(--rp-space-1) 0;
      }

      .words {
        display: flex;
        justify-content: space-between;
        gap: var(--rp-space-2);
        font-size: var(--rp-text-xs);
        line-height: 1.35;
        white-space: nowrap;
      }

      .name {
        font-weight: 560;
      }

      .outcome {
        color: var(--rp-text-muted);
      }

      .lane svg {
        display: block;
        width: 100%;
        height: 0.75rem;
        overflow: visible;
        stroke: var(--rp-line-strong);
        stroke-width: 2;
        stroke-linecap: round;
      }

      .todo line,
      .skip line {
        stroke-dasharray: 1 6;
      }

      .running line {
        stroke: var(--rp-accent);
        stroke-dasharray: 6 6;
        animation: march 0.5s linear infinite;
      }

      .pass line {
        stroke: var(--rp-ok);
      }

      .pass .outcome {
        color: var(--rp-ok);
      }

      .warn line {
        stroke: var(--rp-warn);
      }

      .warn .outcome {
        color: var(--rp-warn);
      }

      .fail line {
        stroke: var(--rp-danger);
      }

      .fail .beyond {
        stroke: var(--rp-line-strong);
        stroke-dasharray: 1 6;
      }

      .fail .outcome {
        color: var(--rp-danger);
      }

      @keyframes march {
        to {
          stroke-dashoffset: -12;
        }
      }
    `,
  ];

  @property({ attribute: false }) checks: readonly Check[] = [];

  protected override render(): TemplateResult {
    return html`
      <figure role="img" aria-label=${this.description}>
        <div class="end">${BROWSER}<span>Browser</span></div>
        <div>${LANES.map(({ id, text }) => this.renderLane(id, text))}</div>
        <div class="end">${SERVER}<span>Server</span></div>
      </figure>
    `;
  }

  private get description(): string {
    const outcomes = LANES.map(({ id, text }) => `${text}: ${this.outcomeOf(id) || 'not tried yet'}`);
    return `The ways between browser and server. ${outcomes.join(', ')}.`;
  }

  private renderLane(id: string, text: string): TemplateResult {
    const status = this.statusOf(id);
    return html`
      <div class="lane ${status === 'waiting' ? 'todo' : status}">
        <div class="words">
          <span class="name">${text}</span><span class="outcome figures">${this.outcomeOf(id)}</span>
        </div>
        <svg>${status === 'fail' ? BROKEN : WHOLE}</svg>
      </div>
    `;
  }

  private statusOf(id: string): CheckStatus {
    return this.checks.find((check) => check.id === id)?.status ?? 'waiting';
  }

  private outcomeOf(id: string): string {
    const status = this.statusOf(id);
    const echo = this.checks.find((check) => check.id === id)?.facts['echoMs'];
    if ((status === 'pass' || status === 'warn') && typeof echo === 'number') return formatTook(echo);
    return OUTCOMES[status];
  }
}

const OUTCOMES: Readonly<Record<CheckStatus, string>> = {
  waiting: '',
  running: '…',
  pass: 'works',
  warn: 'works',
  fail: 'fails',
  skip: 'not tried',
};

const WHOLE: SVGTemplateResult = svg`<line x1="1" y1="50%" x2="100%" y2="50%" />`;
const BROKEN: SVGTemplateResult = svg`
  <line x1="1" y1="50%" x2="42%" y2="50%" />
  <line class="beyond" x1="58%" y1="50%" x2="100%" y2="50%" />
  <svg x="50%" y="50%" overflow="visible"><line x1="-4" y1="-4" x2="4" y2="4" /><line x1="4" y1="-4" x2="-4" y2="4" /></svg>
`;

const BROWSER = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <path d="M3 5h18v14H3zM3 9h18M5.6 7h.1M8 7h.1" stroke-linecap="round" />
</svg>`;
const SERVER = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <path d="M4 4h16v7H4zM4 13h16v7H4zM7.5 7.5h.1M7.5 16.5h.1M11 7.5h5M11 16.5h5" stroke-linecap="round" />
</svg>`;

declare global {
  interface HTMLElementTagNameMap {
    'rp-ways': RpWays;
  }
}
