import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { copyText } from '../copy-text.ts';
import { controls } from '../styles/controls.ts';
import { connectedIcon, copyIcon } from './icons.ts';

const COPIED_MS = 3_000;

/** Puts a text on the clipboard and says whether that worked. */
@customElement('rp-copy-button')
export class RpCopyButton extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: inline-flex;
      }

      .button {
        flex: 1;
      }

      /* Both words lie on one another, so that the button is as wide as the longer. */
      .words {
        display: grid;
        text-align: start;
      }

      .words > * {
        grid-area: 1 / 1;
      }

      .words > :not(.now) {
        visibility: hidden;
      }
    `,
  ];

  /** What goes onto the clipboard; asked for when the button is pressed. */
  @property({ attribute: false }) text!: () => string;
  @property() label = 'Copy';
  /** What is copied, for those who do not see what the button stands by. */
  @property() what = '';
  @property({ type: Boolean }) large = false;
  @state() private outcome: 'yes' | 'no' | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  protected override render(): TemplateResult {
    const words = { before: this.label, yes: 'Copied', no: 'Not allowed' };
    const now = this.outcome ?? 'before';
    return html`
      <button
        class=${this.large ? 'button' : 'button small'}
        aria-label=${`${words[now]} ${this.what}`.trim()}
        @click=${this.copy}
      >
        ${this.outcome === 'yes' ? connectedIcon : copyIcon}
        <span class="words" aria-hidden="true">
          ${[words.before, words.yes, words[now]].map(
            (word, at) => html`<span class=${at === 2 ? 'now' : ''}>${word}</span>`,
          )}
        </span>
      </button>
      <span class="visually-hidden" role="status">${this.outcome === null ? '' : words[this.outcome]}</span>
    `;
  }

  private async copy(): Promise<void> {
    this.outcome = (await copyText(this.text())) ? 'yes' : 'no';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.outcome = null), COPIED_MS);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-copy-button': RpCopyButton;
  }
}
