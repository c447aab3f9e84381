import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatCount } from '../format.ts';
import { tokensOf } from '../state/json-tokens.ts';
import { spellOut } from '../state/state-value.ts';
import { controls } from '../styles/controls.ts';

/** What is longer than this is cut short, to less than this: hiding the last line saves nothing. */
const LONG = { characters: 720, lines: 16 };
const SHORT = { characters: 480, lines: 10 };

/** A JSON value to read: spelled out, coloured, and cut short where it is long. */
@customElement('rp-json-value')
export class RpJsonValue extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      .box {
        max-height: 24rem;
        overflow: auto;
      }

      code {
        display: block;
        font: 0.8125rem / 1.6 var(--rp-font-mono);
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }

      .name {
        color: var(--rp-text-muted);
      }

      .string {
        color: var(--rp-ok);
      }

      .number,
      .word {
        color: var(--rp-accent);
      }

      .more {
        min-height: 1.75rem;
        padding: 0 var(--rp-space-2);
        margin-inline-start: calc(-1 * var(--rp-space-2));
        font-size: var(--rp-text-xs);
      }
    `,
  ];

  @property({ attribute: false }) value: unknown = null;
  /** What it is the value of, for those who cannot see that. */
  @property() label = '';

  @state() private isOpen = false;

  protected override render(): TemplateResult {
    const text = typeof this.value === 'string' ? `"${this.value}"` : spellOut(this.value);
    const short = shorten(text);
    const isLong = short.length < text.length;
    const isScrolling = isLong && this.isOpen;
    const shown = this.isOpen ? text : short;
    return html`
      <div
        class="box"
        tabindex=${isScrolling ? 0 : nothing}
        role=${isScrolling ? 'region' : nothing}
        aria-label=${isScrolling ? `Value of ${this.label}` : nothing}
      >
        <code dir="auto">${this.renderTokens(shown)}${isLong && !this.isOpen ? '…' : null}</code>
      </div>
      ${
        isLong
          ? html`<button class="button quiet small more" aria-expanded=${this.isOpen} @click=${this.toggle}>
              ${this.isOpen ? 'Show less' : `Show all ${formatCount(text.length)} characters`}
            </button>`
          : null
      }
    `;
  }

  private renderTokens(shown: string): unknown {
    // A text is shown as such, with its line ends, rather than as the JSON that it would be written as.
    if (typeof this.value === 'string') return html`<span class="string">${shown}</span>`;
    return tokensOf(shown).map(({ text, kind }) =>
      kind === 'plain' ? text : html`<span class=${kind}>${text}</span>`,
    );
  }

  private toggle(): void {
    this.isOpen = !this.isOpen;
  }
}

function shorten(text: string): string {
  const lines = text.split('\n');
  if (text.length <= LONG.characters && lines.length <= LONG.lines) return text;
  return lines.slice(0, SHORT.lines).join('\n').slice(0, SHORT.characters);
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-json-value': RpJsonValue;
  }
}
