import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { styleMap } from 'lit/directives/style-map.js';
import { formatCount } from '../format.ts';
import { controls } from '../styles/controls.ts';

/** How a whole falls into named parts: each with its number and a bar, the largest first. */
@customElement('rp-share-list')
export class RpShareList extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0.1875rem var(--rp-space-3);
        padding: 0.3125rem 0;
        font-size: var(--rp-text-sm);
      }

      .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .track {
        grid-column: 1 / -1;
        height: 4px;
        border-radius: 2px;
        background: var(--rp-surface-sunken);
      }

      .bar {
        height: 100%;
        min-width: 4px;
        border-radius: inherit;
        background: var(--rp-accent);
        transition: width var(--rp-fast);
      }

      @media (forced-colors: active) {
        .bar {
          background: CanvasText;
        }
      }
    `,
  ];

  @property({ attribute: false }) parts: Readonly<Record<string, number>> = {};
  /** Said when there are no parts. */
  @property() nothing = 'None';

  protected override render(): TemplateResult {
    const parts = Object.entries(this.parts)
      .filter(([, count]) => count > 0)
      .sort(([a, one], [b, other]) => other - one || a.localeCompare(b));
    if (parts.length === 0) return html`<p class="muted small">${this.nothing}</p>`;
    const whole = parts.reduce((sum, [, count]) => sum + count, 0);
    return html`
      <ul>
        ${repeat(
          parts,
          ([name]) => name,
          ([name, count]) => html`
            <li>
              <span class="name mono">${name}</span>
              <span class="figures">${formatCount(count)}</span>
              <span class="track" aria-hidden="true">
                <div class="bar" style=${styleMap({ width: `${(100 * count) / whole}%` })}></div>
              </span>
            </li>
          `,
        )}
      </ul>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-share-list': RpShareList;
  }
}
