import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PROTOCOL_IDS, type ProtocolId, tryPath } from '../state/route.ts';
import type { Router } from '../state/router.ts';
import { StoreController } from '../state/store-controller.ts';
import type { Benches } from '../state/try/bench.ts';
import { controls } from '../styles/controls.ts';

/** All protocols in a line, to go from one to another. */
@customElement('rp-protocol-strip')
export class RpProtocolStrip extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      ul {
        display: flex;
        gap: var(--rp-space-1);
        padding: 3px;
        margin: -3px -3px -3px calc(-3px - var(--rp-space-3));
        overflow-x: auto;
        scrollbar-width: none;
      }

      a {
        display: flex;
        align-items: center;
        gap: var(--rp-space-1);
        min-height: 2.25rem;
        padding: 0 var(--rp-space-3);
        border-radius: var(--rp-radius-sm);
        color: var(--rp-text-muted);
        font: 560 var(--rp-text-sm) / 1 var(--rp-font-mono);
        text-decoration: none;
        white-space: nowrap;
      }

      a:hover {
        background: var(--rp-surface-hover);
        color: var(--rp-text);
      }

      a[aria-current] {
        background: var(--rp-accent-soft);
        color: var(--rp-accent);
      }

      .lamp {
        width: 0.5rem;
        height: 0.5rem;
        border-radius: 50%;
        background: var(--rp-ok);
      }

      @media (forced-colors: active) {
        a[aria-current] {
          outline: 1px solid Highlight;
          outline-offset: -1px;
        }

        .lamp {
          background: Highlight;
          forced-color-adjust: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) benches!: Benches;
  @property({ attribute: false }) router!: Router;
  @property({ attribute: false }) current: ProtocolId | null = null;

  constructor() {
    super();
    new StoreController(this, () => this.benches);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('current')) return;
    const link = this.renderRoot.querySelector<HTMLElement>('[aria-current]');
    const list = link?.closest('ul');
    if (link && list) list.scrollLeft = link.offsetLeft - (list.clientWidth - link.offsetWidth) / 2;
  }

  protected override render(): TemplateResult {
    return html`
      <nav aria-label="Protocols">
        <ul>
          ${PROTOCOL_IDS.map(
            (id) => html`
              <li>
                <a
                  href=${this.router.address(tryPath(id))}
                  aria-current=${id === this.current ? 'page' : nothing}
                  >/${id}${this.renderLamp(id)}</a
                >
              </li>
            `,
          )}
        </ul>
      </nav>
    `;
  }

  private renderLamp(id: ProtocolId): TemplateResult | null {
    if (this.benches.connected(id) === 0) return null;
    return html`<span class="lamp"></span><span class="visually-hidden">, connected</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-protocol-strip': RpProtocolStrip;
  }
}
