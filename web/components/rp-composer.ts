import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { formatCount } from '../format.ts';
import { controls } from '../styles/controls.ts';
import { sendIcon } from './icons.ts';

/** The user sends what was typed. A listener that cannot take it calls `preventDefault`. */
export class ComposeEvent extends Event {
  readonly text: string;

  constructor(text: string) {
    super('compose', { bubbles: true, composed: true, cancelable: true });
    this.text = text;
  }
}

/** The user typed: the text so far. */
export class DraftEvent extends Event {
  readonly text: string;

  constructor(text: string) {
    super('draft', { bubbles: true, composed: true });
    this.text = text;
  }
}

/** Longest message that can be typed, in UTF-16 units; well below what the server takes. */
const LENGTH = 8_000;

/** Where messages are typed: Enter sends, Shift+Enter begins a new line. */
@customElement('rp-composer')
export class RpComposer extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      form {
        display: flex;
        align-items: end;
        gap: var(--rp-space-2);
      }

      .box {
        position: relative;
        flex: 1;
        min-width: 0;
      }

      textarea.field {
        display: block;
        max-height: min(12rem, 30dvh);
        padding: calc((var(--rp-control) - 1.5em) / 2 - 1px) var(--rp-space-3);
        line-height: 1.5;
        resize: none;
        field-sizing: content;
      }

      .left {
        position: absolute;
        inset: auto var(--rp-space-2) calc(100% + 0.25rem) auto;
        padding: 0 var(--rp-space-2);
        border-radius: var(--rp-radius-sm);
        background: var(--rp-surface-sunken);
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
      }
    `,
  ];

  /** The room's name, for the field's label. */
  @property() room = '';
  @property() draft = '';
  @query('textarea') private readonly field!: HTMLTextAreaElement;

  protected override render(): TemplateResult {
    const left = LENGTH - this.draft.length;
    return html`
      <form @submit=${this.onSubmit}>
        <div class="box">
          <textarea
            class="field"
            rows="1"
            aria-label="Message to ${this.room}"
            placeholder="Write a message"
            maxlength=${LENGTH}
            enterkeyhint="send"
            .value=${this.draft}
            @input=${this.onInput}
            @keydown=${this.onKeyDown}
          ></textarea>
          ${left < LENGTH / 10 ? html`<span class="left figures">${formatCount(left)} left</span>` : null}
        </div>
        <button class="button primary" aria-label="Send">${sendIcon}</button>
      </form>
    `;
  }

  override focus(): void {
    // It may be asked before it is rendered for the first time.
    void this.updateComplete.then(() => this.field.focus());
  }

  private onInput(): void {
    this.dispatchEvent(new DraftEvent(this.field.value));
  }

  private onKeyDown(event: KeyboardEvent): void {
    // While an input method composes, Enter picks a candidate.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  private onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    this.send();
    this.field.focus();
  }

  private send(): void {
    const text = this.field.value.trim();
    if (text === '' || !this.dispatchEvent(new ComposeEvent(text))) return;
    this.dispatchEvent(new DraftEvent(''));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-composer': RpComposer;
  }
  interface HTMLElementEventMap {
    compose: ComposeEvent;
    draft: DraftEvent;
  }
}
