import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Snippet } from '../state/try/snippets.ts';
import { controls } from '../styles/controls.ts';
import './rp-copy-button.ts';

/** Code to copy, one piece at a time. */
@customElement('rp-snippets')
export class RpSnippets extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--rp-space-2) var(--rp-space-4);
        padding: var(--rp-space-2) var(--rp-space-4) var(--rp-space-3) var(--rp-space-1);
        border-bottom: 1px solid var(--rp-line);
      }

      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rp-space-1);
      }

      .copy {
        min-width: 6.5rem;
      }

      pre {
        max-height: 24rem;
        margin: 0;
        padding: var(--rp-space-4);
        overflow: auto;
        background: var(--rp-ground);
        font: 0.8125rem / 1.6 var(--rp-font-mono);
        tab-size: 2;
      }

      pre:focus-visible {
        outline-offset: -2px;
      }

      .note {
        padding: var(--rp-space-3) var(--rp-space-4);
        border-top: 1px solid var(--rp-line);
        overflow-wrap: anywhere;
      }

      @media (max-width: 40rem) {
        .copy {
          flex: 1;
          margin-inline-start: var(--rp-space-3);
        }
      }
    `,
  ];

  @property({ attribute: false }) snippets: readonly Snippet[] = [];
  @state() private chosen = '';

  protected override render(): TemplateResult | null {
    const snippet = this.snippets.find(({ title }) => title === this.chosen) ?? this.snippets[0];
    if (snippet === undefined) return null;
    return html`
      <div class="head">
        <div class="choices" role="group" aria-label="Code for">
          ${this.snippets.map(
            ({ title }) => html`
              <button
                class="button quiet small"
                aria-pressed=${title === snippet.title}
                @click=${() => this.choose(title)}
              >
                ${title}
              </button>
            `,
          )}
        </div>
        <rp-copy-button class="copy" .text=${() => snippet.code}></rp-copy-button>
      </div>
      <pre tabindex="0" aria-label="Code: ${snippet.title}" role="region">${snippet.code}</pre>
      <p class="note muted small">${snippet.note}</p>
    `;
  }

  private choose(title: string): void {
    this.chosen = title;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-snippets': RpSnippets;
  }
}
