import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { styleMap } from 'lit/directives/style-map.js';
import { formatCount } from '../format.ts';
import type { ConnectionMatrix } from '../state/connection-matrix.ts';
import { tryPathOfGateway } from '../state/route.ts';
import type { Router } from '../state/router.ts';
import { controls } from '../styles/controls.ts';

/** How many connections speak which protocol over which transport; the more, the stronger the cell's colour. */
@customElement('rp-connection-matrix')
export class RpConnectionMatrix extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      .scroll {
        position: relative;
        overflow: auto;
        overscroll-behavior-x: contain;
      }

      .scroll:focus-visible {
        outline-offset: -2px;
      }

      table {
        border-collapse: separate;
        border-spacing: 3px;
        /* The names begin where the heading above does. */
        padding: var(--rp-space-3) calc(var(--rp-space-5) - 3px) var(--rp-space-4);
        font-size: var(--rp-text-sm);
      }

      th {
        font-weight: 560;
        text-align: start;
      }

      .transport {
        width: 6rem;
        min-width: 4.5rem;
        padding: 0 var(--rp-space-2) var(--rp-space-1);
        color: var(--rp-text-muted);
        font: 560 var(--rp-text-xs) / 1.25 var(--rp-font-mono);
        text-align: end;
        vertical-align: bottom;
      }

      /* Stays while the transports scroll by. */
      .protocol {
        position: sticky;
        inset-inline-start: 0;
        z-index: 1;
        min-width: 6.5rem;
        max-width: 12rem;
        padding: 0 var(--rp-space-3) 0 0;
        overflow-wrap: anywhere;
        background: var(--rp-surface);
        font: 560 var(--rp-text-sm) / 1.3 var(--rp-font-mono);
      }

      .protocol a:not(:hover) {
        color: inherit;
        text-decoration-color: var(--rp-line-strong);
      }

      .count {
        height: 2.25rem;
        padding: 0 var(--rp-space-2);
        border-radius: var(--rp-radius-sm);
        background: color-mix(in srgb, var(--rp-accent) var(--share, 0%), var(--rp-surface));
        font-variant-numeric: tabular-nums;
        text-align: end;
        transition: background var(--rp-fast);
      }

      .count.some {
        font-weight: 620;
      }

      .count.none {
        box-shadow: inset 0 0 0 1px var(--rp-line);
        color: var(--rp-text-muted);
      }

      .sum {
        padding: 0 var(--rp-space-2);
        color: var(--rp-text-muted);
        font-variant-numeric: tabular-nums;
        text-align: end;
      }

      .all {
        color: var(--rp-text-muted);
        font-family: inherit;
      }

      .nothing {
        padding: var(--rp-space-4) var(--rp-space-5);
      }

      @media (max-width: 40rem) {
        table {
          padding-inline: calc(var(--rp-space-4) - 3px);
        }

        .nothing {
          padding-inline: var(--rp-space-4);
        }
      }
    `,
  ];

  @property({ attribute: false }) matrix!: ConnectionMatrix;
  @property({ attribute: false }) router!: Router;

  protected override render(): TemplateResult {
    const { transports, protocols, total } = this.matrix;
    if (total === 0) return html`<p class="nothing muted small">Nobody is connected.</p>`;
    // Sums of a single row or column would say everything twice.
    const hasRowSums = transports.length > 1;
    const hasColumnSums = protocols.length > 1;
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label="Connections, as a table">
        <table>
          <caption class="visually-hidden">
            Connections by protocol and transport
          </caption>
          <thead>
            <tr>
              <th class="protocol all" scope="col"><span class="visually-hidden">Protocol</span></th>
              ${transports.map(({ name }) => html`<th class="transport" scope="col">${name}</th>`)}
              ${hasRowSums ? html`<th class="transport all" scope="col">all</th>` : null}
            </tr>
          </thead>
          <tbody>
            ${repeat(
              protocols,
              ({ name }) => name,
              (protocol) => html`
                <tr>
                  <th class="protocol" scope="row">${this.renderName(protocol.name)}</th>
                  ${protocol.counts.map((count) => this.renderCount(count))}
                  ${hasRowSums ? html`<td class="sum">${formatCount(protocol.total)}</td>` : null}
                </tr>
              `,
            )}
          </tbody>
          ${hasColumnSums ? this.renderSums(hasRowSums) : null}
        </table>
      </div>
    `;
  }

  private renderName(gateway: string): TemplateResult | string {
    const path = tryPathOfGateway(gateway);
    if (path === null) return gateway;
    return html`<a href=${this.router.address(path)} title="Try it">${gateway}</a>`;
  }

  private renderCount(count: number): TemplateResult {
    if (count === 0) {
      return html`<td class="count none">
        <span aria-hidden="true">·</span><span class="visually-hidden">0</span>
      </td>`;
    }
    // The root keeps a single connection visible beside thousands.
    const share = 6 + 26 * Math.sqrt(count / this.matrix.peak);
    return html`<td class="count some" style=${styleMap({ '--share': `${share.toFixed(0)}%` })}>
      ${formatCount(count)}
    </td>`;
  }

  private renderSums(hasRowSums: boolean): TemplateResult {
    const { transports, total } = this.matrix;
    return html`
      <tfoot>
        <tr>
          <th class="protocol all" scope="row">all</th>
          ${transports.map((transport) => html`<td class="sum">${formatCount(transport.total)}</td>`)}
          ${hasRowSums ? html`<td class="sum">${formatCount(total)}</td>` : null}
        </tr>
      </tfoot>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-connection-matrix': RpConnectionMatrix;
  }
}
