import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { formatCount, formatSpan } from '../format.ts';
import type { IgnoredPlace, IgnoredReason } from '../state/ignored-log.ts';
import { controls } from '../styles/controls.ts';

/** What grew so lately is marked. */
const FRESH_MS = 60_000;

/** Input that was dropped or refused: by whom, why, how often, and whether it goes on. */
@customElement('rp-ignored-list')
export class RpIgnoredList extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        font-size: var(--rp-text-sm);
      }

      section + section {
        margin-top: var(--rp-space-3);
      }

      h3 {
        font: 560 var(--rp-text-sm) / 1.6 var(--rp-font-mono);
      }

      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto minmax(2rem, auto);
        gap: 0 var(--rp-space-2);
        line-height: 1.6;
      }

      .reason {
        color: var(--rp-text-muted);
        overflow-wrap: anywhere;
      }

      .fresh {
        color: var(--rp-warn);
      }

      .figures {
        grid-column: 3;
        text-align: end;
      }
    `,
  ];

  @property({ attribute: false }) places: readonly IgnoredPlace[] = [];

  protected override render(): TemplateResult {
    if (this.places.length === 0) {
      return html`<p class="muted">
        Nothing. Messages that no protocol understands and clients that may not come in are counted here.
      </p>`;
    }
    return html`${repeat(
      this.places,
      ({ place }) => place,
      ({ place, reasons }) => html`
        <section aria-label=${place}>
          <h3>${place}</h3>
          <ul>
            ${repeat(
              reasons,
              ({ reason }) => reason,
              (entry) => this.renderReason(entry),
            )}
          </ul>
        </section>
      `,
    )}`;
  }

  private renderReason({ reason, count, grewAt }: IgnoredReason): TemplateResult {
    const age = grewAt === null ? null : Date.now() - grewAt;
    return html`
      <li>
        <span class="reason">${reason}</span>
        ${
          age === null || age > FRESH_MS
            ? null
            : html`<span class="fresh small">${age < 2_000 ? 'just now' : `${formatSpan(age)} ago`}</span>`
        }
        <span class="figures">${formatCount(count)}</span>
      </li>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-ignored-list': RpIgnoredList;
  }
}
