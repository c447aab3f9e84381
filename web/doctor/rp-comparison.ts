import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Check, Finding, Report } from '../../doctor/report.ts';
import { closeIcon } from '../components/icons.ts';
import { formatMany, formatMoment } from '../format.ts';
import { controls } from '../styles/controls.ts';
import { panels } from '../styles/panels.ts';
import { compareReports } from './comparison.ts';
import { STATUS_FACES } from './status-faces.ts';
import { statusLamp } from './status-lamp.ts';
import { nameOfServer } from './target.ts';

/** Two reports side by side: what was found and is gone, what is new, which checks came out differently. */
@customElement('rp-comparison')
export class RpComparison extends LitElement {
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

      .top {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--rp-space-3);
        padding: var(--rp-space-3) var(--rp-space-3) var(--rp-space-3) var(--rp-space-5);
        border-bottom: 1px solid var(--rp-line);
      }

      .words {
        display: grid;
        gap: var(--rp-space-2);
        padding: var(--rp-space-4) var(--rp-space-5);
      }

      .words li {
        display: grid;
        grid-template-columns: 4.5rem minmax(0, 1fr);
        gap: 0 var(--rp-space-3);
      }

      .words b {
        font-weight: 560;
      }

      .gone b {
        color: var(--rp-ok);
      }

      .added b {
        color: var(--rp-danger);
      }

      .kept b {
        color: var(--rp-text-muted);
      }

      .scroll {
        overflow: auto;
      }

      .scroll:focus-visible {
        outline-offset: -2px;
      }

      table {
        width: 100%;
        border-collapse: collapse;
        font-size: var(--rp-text-sm);
      }

      th,
      td {
        padding: var(--rp-space-2) var(--rp-space-3);
        border-top: 1px solid var(--rp-line);
        text-align: start;
        vertical-align: top;
      }

      th:first-child {
        padding-inline-start: var(--rp-space-5);
      }

      td:last-child {
        padding-inline-end: var(--rp-space-5);
      }

      thead th {
        font-weight: 600;
        line-height: 1.4;
      }

      thead .muted {
        display: block;
        font-weight: 450;
        font-size: var(--rp-text-xs);
      }

      tbody th {
        width: 14rem;
        font-weight: 560;
        line-height: 1.4;
        padding-top: calc(var(--rp-space-2) + 0.1875rem);
      }

      td {
        min-width: 14rem;
      }

      .outcome {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--rp-space-3);
      }

      .outcome > :last-child {
        line-height: 1.4;
        padding-top: 0.1875rem;
        overflow-wrap: anywhere;
      }

      .lamp svg.icon {
        animation: none;
      }

      footer {
        padding: var(--rp-space-2) var(--rp-space-3);
        border-top: 1px solid var(--rp-line);
      }

      @media (max-width: 40rem) {
        .top,
        .words {
          padding-inline-start: var(--rp-space-4);
        }

        thead {
          position: absolute;
          clip-path: inset(50%);
        }

        tr {
          display: grid;
          padding: var(--rp-space-3) var(--rp-space-4);
          border-top: 1px solid var(--rp-line);
        }

        tbody th,
        td,
        th:first-child,
        td:last-child {
          width: auto;
          min-width: 0;
          padding: 0;
          border: 0;
        }

        td::before {
          display: block;
          margin-top: var(--rp-space-1);
          color: var(--rp-text-muted);
          font-size: var(--rp-text-xs);
          content: attr(data-when);
        }
      }

      @media print {
        .button {
          display: none;
        }
      }
    `,
  ];

  /** The earlier of the two. */
  @property({ attribute: false }) earlier!: Report;
  @property({ attribute: false }) later!: Report;
  /** The other report can be put away again. */
  @property({ type: Boolean }) canClose = false;
  @state() private isAllShown = false;

  protected override render(): TemplateResult {
    const comparison = compareReports(this.earlier, this.later);
    const changed = comparison.checks.filter(({ isChanged }) => isChanged);
    const rows = this.isAllShown ? comparison.checks : changed;
    return html`
      <section class="panel" aria-labelledby="comparison">
        <div class="top">
          <h2 id="comparison">What is different</h2>
          ${this.canClose ? this.renderClose() : null}
        </div>
        <ul class="words" role="list">
          ${comparison.gone.map((finding) => renderFinding('gone', 'Gone', finding))}
          ${comparison.added.map((finding) => renderFinding('added', 'New', finding))}
          ${comparison.kept.map((finding) => renderFinding('kept', 'As before', finding))}
          <li class="kept">
            <b>Checks</b>
            <span
              >${changed.length === 0 ? 'All came out as before.' : `${formatMany(changed.length, 'check')} came out differently.`}</span
            >
          </li>
        </ul>
        ${
          rows.length === 0
            ? null
            : html`
                <div class="scroll" tabindex="0" role="region" aria-label="Checks of both reports">
                  <table>
                    <thead>
                      <tr>
                        <th scope="col">Check</th>
                        <th scope="col">Then${renderHead(this.earlier)}</th>
                        <th scope="col">Now${renderHead(this.later)}</th>
                      </tr>
                    </thead>
                    <tbody>
                      ${rows.map(
                        ({ id, title, earlier, later }) => html`
                          <tr data-check=${id}>
                            <th scope="row">${title}</th>
                            <td data-when="Then">${renderOutcome(earlier)}</td>
                            <td data-when="Now">${renderOutcome(later)}</td>
                          </tr>
                        `,
                      )}
                    </tbody>
                  </table>
                </div>
              `
        }
        <footer>
          <button
            class="button quiet small"
            aria-pressed=${this.isAllShown}
            @click=${() => (this.isAllShown = !this.isAllShown)}
          >
            Show all checks
          </button>
        </footer>
      </section>
    `;
  }

  private renderClose(): TemplateResult {
    return html`
      <button
        class="button quiet small icon"
        aria-label="Put the other report away"
        @click=${() => this.dispatchEvent(new Event('put-away'))}
      >
        ${closeIcon}
      </button>
    `;
  }
}

function renderFinding(kind: 'gone' | 'added' | 'kept', word: string, finding: Finding): TemplateResult {
  return html`<li class=${kind}><b>${word}</b><span>${finding.title}</span></li>`;
}

function renderHead({ at, client, url }: Report): TemplateResult {
  return html`<span class="muted">${formatMoment(at)} · ${client.agent} · ${nameOfServer(url)}</span>`;
}

function renderOutcome(check: Check | null): TemplateResult {
  if (check === null) return html`<span class="muted">Not looked at</span>`;
  const { text, icon } = STATUS_FACES[check.status];
  return html`
    <span class="outcome">
      <span class="lamp ${check.status}">${icon}</span>
      <span><span class="visually-hidden">${text}. </span>${check.detail}</span>
    </span>
  `;
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-comparison': RpComparison;
  }
}
