import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Report } from '../../doctor/report.ts';
import { connectedIcon } from '../components/icons.ts';
import '../components/rp-copy-button.ts';
import { formatBytes, formatSpan } from '../format.ts';
import { controls } from '../styles/controls.ts';
import { panels } from '../styles/panels.ts';
import { AdviceEvent } from './advice-event.ts';
import { codeOf } from './code-of.ts';
import { sheet } from './sheet.ts';

/** Settings that suit this network, to use in this browser or to write into a program. */
@customElement('rp-advice')
export class RpAdvice extends LitElement {
  static override styles = [
    controls,
    panels,
    sheet,
    css`
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--rp-space-2) var(--rp-space-5);
        align-items: baseline;
      }

      dt {
        color: var(--rp-text-muted);
        font-size: var(--rp-text-sm);
        font-weight: 560;
      }

      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rp-space-1) var(--rp-space-2);
      }

      .ways li {
        padding: 0.125rem var(--rp-space-2);
        border: 1px solid var(--rp-line);
        border-radius: var(--rp-radius-sm);
        background: var(--rp-surface-sunken);
        font: var(--rp-text-xs) / 1.6 var(--rp-font-mono);
      }

      .ways li:first-child {
        border-color: var(--rp-accent-line);
        background: var(--rp-accent-soft);
        color: var(--rp-accent);
      }

      .in-use {
        display: flex;
        gap: var(--rp-space-2);
        align-items: center;
        color: var(--rp-ok);
        font-weight: 560;
      }

      @media (max-width: 40rem) {
        dl {
          grid-template-columns: minmax(0, 1fr);
          gap: var(--rp-space-1);
        }

        dd + dt {
          margin-top: var(--rp-space-2);
        }
      }
    `,
  ];

  @property({ attribute: false }) report!: Report;
  /** Settings can be kept for the server this page came from, and for no other. */
  @property({ type: Boolean }) canApply = false;
  /** These very settings are in use in this browser. */
  @property({ type: Boolean }) isApplied = false;

  protected override render(): TemplateResult {
    const { advice } = this.report;
    return html`
      <section class="panel sheet" aria-labelledby="advice">
        <div>
          <h2 id="advice">Settings that suit this network</h2>
          <p class="lead">${advice.why}</p>
        </div>
        <dl>
          <dt>Transports</dt>
          <dd>
            <ol class="ways" role="list">
              ${advice.transports.map((name) => html`<li>${name}</li>`)}
            </ol>
          </dd>
          <dt>Sign of life</dt>
          <dd>every ${formatSpan(advice.heartbeatMs)}</dd>
          ${
            advice.postLimitBytes === undefined
              ? null
              : html`<dt>Largest request</dt>
                  <dd>${formatBytes(advice.postLimitBytes)}</dd>`
          }
        </dl>
        ${this.canApply && this.isApplied ? this.renderInUse() : null}
        <div class="actions">
          ${this.canApply ? this.renderApply() : null}
          <rp-copy-button large label="Copy as code" .text=${() => codeOf(this.report)}></rp-copy-button>
        </div>
      </section>
    `;
  }

  private renderApply(): TemplateResult {
    return html`
      <button
        class="button ${this.isApplied ? '' : 'primary'}"
        @click=${() => this.dispatchEvent(new AdviceEvent(this.isApplied ? 'forget' : 'use'))}
      >
        ${this.isApplied ? 'Forget these settings' : 'Use these settings in this browser'}
      </button>
    `;
  }

  private renderInUse(): TemplateResult {
    return html`<p class="in-use">${connectedIcon}This browser uses them from its next connection on.</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-advice': RpAdvice;
  }
}
