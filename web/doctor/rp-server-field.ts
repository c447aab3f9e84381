import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { controls } from '../styles/controls.ts';
import type { Target } from './target.ts';

/** Names another server to examine, where one wants to; the page is then loaded again, for that one. */
@customElement('rp-server-field')
export class RpServerField extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        color: var(--rp-text-muted);
        font-size: var(--rp-text-sm);
      }

      summary {
        width: fit-content;
        padding: var(--rp-space-1) 0;
        cursor: pointer;
      }

      summary:hover {
        color: var(--rp-text);
      }

      form {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rp-space-2);
        max-width: 30rem;
        margin: var(--rp-space-2) 0;
        color: var(--rp-text);
      }

      .field {
        flex: 1 1 12rem;
        width: auto;
      }

      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) target!: Target;

  protected override render(): TemplateResult {
    if (!this.target.isOwn) {
      return html`It answers only if it trusts the origin of this page.
        <a href=${location.pathname}>Examine the server of this page</a>`;
    }
    return html`
      <details>
        <summary>Examine another server</summary>
        <form>
          <input
            class="field"
            type="url"
            name="url"
            required
            aria-label="Address of the server"
            placeholder="https://rooms.example"
          />
          <button class="button">Choose</button>
        </form>
        It answers only if it trusts the origin of this page.
      </details>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-server-field': RpServerField;
  }
}
