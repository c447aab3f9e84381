import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { StoreController } from '../state/store-controller.ts';
import type { Example } from '../state/try/protocol.ts';
import type { TryClient } from '../state/try/try-client.ts';
import { controls } from '../styles/controls.ts';
import { sendIcon } from './icons.ts';

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** Where a frame is typed: examples fill it, arrow up brings back what was sent, Ctrl or Cmd and Enter sends. */
@customElement('rp-frame-editor')
export class RpFrameEditor extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        padding: var(--rp-space-3) var(--rp-space-4) var(--rp-space-4);
      }

      .examples {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rp-space-1);
        margin-bottom: var(--rp-space-3);
      }

      .example {
        min-height: 1.75rem;
        padding: 0 var(--rp-space-2);
        border: 1px solid var(--rp-line);
        border-radius: var(--rp-radius-sm);
        background: none;
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
        font-weight: 560;
        cursor: pointer;
      }

      .example:hover {
        border-color: var(--rp-line-strong);
        color: var(--rp-text);
      }

      .example[aria-pressed='true'] {
        border-color: transparent;
        background: var(--rp-accent-soft);
        color: var(--rp-accent);
      }

      @media (forced-colors: active) {
        .example[aria-pressed='true'] {
          border-color: Highlight;
        }
      }

      textarea.field {
        display: block;
        height: auto;
        min-height: 4.5rem;
        max-height: 14rem;
        padding: var(--rp-space-2) var(--rp-space-3);
        font: 0.8125rem / 1.55 var(--rp-font-mono);
        overflow-wrap: anywhere;
        resize: vertical;
        field-sizing: content;
      }

      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--rp-space-2) var(--rp-space-3);
        margin-top: var(--rp-space-2);
      }

      .hint {
        flex: 1 1 12rem;
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
      }

      kbd {
        font: inherit;
        font-weight: 620;
      }

      @media (pointer: coarse) {
        .example {
          min-height: 2.25rem;
          padding: 0 var(--rp-space-3);
        }
      }

      @media (pointer: coarse), (max-width: 40rem) {
        .keys {
          display: none;
        }

        .foot .button {
          flex: 1 0 auto;
        }
      }
    `,
  ];

  @property({ attribute: false }) client!: TryClient;
  @query('textarea') private readonly field!: HTMLTextAreaElement;
  /** Where the caret goes once a recalled text is there. */
  #caretToEnd = false;

  constructor() {
    super();
    new StoreController(this, () => this.client);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (!this.#caretToEnd) return;
    this.#caretToEnd = false;
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  protected override render(): TemplateResult {
    const { draft, example: chosen, examples, phase, label } = this.client;
    return html`
      <div class="examples" role="group" aria-label="Examples for ${label}">
        ${repeat(
          examples,
          ({ name }) => name,
          (example) => this.renderExample(example, example.name === chosen?.name),
        )}
      </div>
      <textarea
        class="field"
        rows="3"
        aria-label="Frame of ${label}"
        aria-describedby="hint"
        placeholder="Type a frame"
        spellcheck="false"
        autocapitalize="none"
        autocomplete="off"
        .value=${draft}
        @input=${this.onInput}
        @keydown=${this.onKeyDown}
      ></textarea>
      <div class="foot">
        <p class="hint" id="hint">
          ${chosen === null ? null : `${chosen.hint}.`}
          <span class="keys"><kbd>${IS_MAC ? '⌘' : 'Ctrl'} Enter</kbd> sends, <kbd>↑</kbd> brings back.</span>
        </p>
        <button class="button primary" ?disabled=${phase === 'closing'} @click=${this.send}>
          ${sendIcon}${phase === 'idle' || phase === 'closed' ? 'Connect and send' : 'Send'}
        </button>
      </div>
    `;
  }

  override focus(): void {
    this.field.focus();
  }

  private renderExample(example: Example, isChosen: boolean): TemplateResult {
    return html`
      <button
        class="example"
        title=${example.hint}
        aria-pressed=${isChosen}
        @click=${() => this.client.take(example)}
      >
        ${example.name}
      </button>
    `;
  }

  private onInput(): void {
    this.client.write(this.field.value);
  }

  private onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.send();
    } else if (!hasModifier(event) && isAtEdge(this.field, event.key)) {
      if (!this.client.recall(event.key === 'ArrowUp' ? 'older' : 'newer')) return;
      event.preventDefault();
      this.#caretToEnd = true;
    }
  }

  private send(): void {
    this.client.send(this.field.value);
    // It stays for a second time; whoever types on replaces it.
    if (this.shadowRoot?.activeElement === this.field) this.field.select();
  }
}

function hasModifier({ altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
  return altKey || ctrlKey || metaKey || shiftKey;
}

/** True when the arrow has no line to go to within the text. */
function isAtEdge({ value, selectionStart, selectionEnd }: HTMLTextAreaElement, key: string): boolean {
  if (selectionStart === 0 && selectionEnd === value.length) return key === 'ArrowUp' || key === 'ArrowDown';
  if (selectionStart !== selectionEnd) return false;
  if (key === 'ArrowUp') return !value.slice(0, selectionStart).includes('\n');
  return key === 'ArrowDown' && !value.slice(selectionEnd).includes('\n');
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-frame-editor': RpFrameEditor;
  }
}
