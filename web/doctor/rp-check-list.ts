import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Check } from '../../doctor/report.ts';
import { controls } from '../styles/controls.ts';
import { panels } from '../styles/panels.ts';
import { formatTook } from '../../doctor/format-took.ts';
import { STATUS_FACES } from './status-faces.ts';
import { statusLamp } from './status-lamp.ts';

/** Every check with what came of it, in two columns where there is room; while they run, no row changes its height. */
@customElement('rp-check-list')
export class RpCheckList extends LitElement {
  static override styles = [
    controls,
    panels,
    statusLamp,
    css`
      :host {
        display: block;
      }

      .panel {
        overflow: hidden;
      }

      header {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: space-between;
        gap: 0 var(--rp-space-4);
        padding: var(--rp-space-3) var(--rp-space-5);
        border-bottom: 1px solid var(--rp-line);
      }

      ol {
        display: grid;
        grid-template-rows: repeat(var(--rows), auto);
        grid-template-columns: repeat(2, minmax(0, 1fr));
        grid-auto-flow: column;
        column-gap: 1px;
        margin-top: -1px;
      }

      li {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: 0 var(--rp-space-3);
        align-content: center;
        padding: 0.625rem var(--rp-space-5);
        border-top: 1px solid var(--rp-line);
        box-shadow: 1px 0 0 var(--rp-line);
      }

      .lamp {
        grid-row: 1 / 3;
        align-self: start;
        margin-top: 0.4375rem;
      }

      .title {
        font-weight: 560;
        line-height: 1.45;
      }

      .took {
        align-self: baseline;
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
      }

      .detail {
        grid-column: 2 / 4;
        min-height: 1.45em;
        color: var(--rp-text-muted);
        font-size: var(--rp-text-sm);
        line-height: 1.45;
        overflow-wrap: anywhere;
      }

      .live .detail {
        display: -webkit-box;
        overflow: hidden;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 1;
        line-clamp: 1;
      }

      .waiting .title {
        color: var(--rp-text-muted);
      }

      @media (max-width: 52rem) {
        ol {
          display: block;
        }

        header,
        li {
          padding-inline: var(--rp-space-4);
        }

        .live .detail {
          min-height: 2.9em;
          -webkit-line-clamp: 2;
          line-clamp: 2;
        }
      }

      @media print {
        ol {
          display: block;
        }

        li {
          break-inside: avoid;
        }
      }
    `,
  ];

  @property({ attribute: false }) checks: readonly Check[] = [];
  /** True while results come in. */
  @property({ type: Boolean }) live = false;

  protected override render(): TemplateResult {
    const rows = Math.ceil(this.checks.length / 2);
    return html`
      <section class="panel" aria-labelledby="checks">
        <header>
          <h2 id="checks">Checks</h2>
          <p class="muted small">${this.live ? '' : summaryOf(this.checks)}</p>
        </header>
        <ol class=${this.live ? 'live' : ''} style="--rows: ${rows}" role="list">
          ${this.checks.map((check) => this.renderCheck(check))}
        </ol>
      </section>
    `;
  }

  private renderCheck({ id, title, status, detail, durationMs }: Check): TemplateResult {
    const { text, icon } = STATUS_FACES[status];
    const isOver = status !== 'waiting' && status !== 'running' && status !== 'skip';
    return html`
      <li class=${status} data-check=${id} data-status=${status}>
        <span class="lamp ${status}">${icon}</span>
        <span class="title">${title}<span class="visually-hidden">: ${text}.</span></span>
        <span class="took figures">${isOver && durationMs > 0 ? formatTook(durationMs) : ''}</span>
        <span class="detail">${detail}</span>
      </li>
    `;
  }
}

/** `12 passed, 1 failed, 2 left out`. */
function summaryOf(checks: readonly Check[]): string {
  const words = { pass: 'passed', warn: 'worth knowing', fail: 'failed', skip: 'left out' } as const;
  return (['pass', 'warn', 'fail', 'skip'] as const)
    .map((status) => ({ status, count: checks.filter((check) => check.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${words[status]}`)
    .join(', ');
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-check-list': RpCheckList;
  }
}
