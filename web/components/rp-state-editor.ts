import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { StateEdit } from '../state/state-edit.ts';
import { describeValue, type ValueMode } from '../state/state-value.ts';
import { controls } from '../styles/controls.ts';
import './rp-json-value.ts';

/** The user is done with an edit, or gives it up. */
export class EditCloseEvent extends Event {
  constructor() {
    super('edit-close', { bubbles: true, composed: true });
  }
}

const MODES: readonly { readonly mode: ValueMode; readonly text: string }[] = [
  { mode: 'json', text: 'JSON' },
  { mode: 'text', text: 'Text' },
];

/** Where the value of a key is typed, and its name if it is a new one. */
@customElement('rp-state-editor')
export class RpStateEditor extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      form {
        display: grid;
        gap: var(--rp-space-3);
      }

      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        justify-content: space-between;
        gap: var(--rp-space-2) var(--rp-space-3);
        margin-bottom: var(--rp-space-1);
      }

      .bar .label {
        margin: 0;
      }

      fieldset {
        display: flex;
        gap: 2px;
        padding: 2px;
        margin: 0;
        border: 1px solid var(--rp-line);
        border-radius: var(--rp-radius-sm);
        background: var(--rp-surface);
      }

      fieldset label {
        position: relative;
        padding: 0.1875rem var(--rp-space-3);
        border-radius: 0.25rem;
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
        font-weight: 560;
        cursor: pointer;
      }

      fieldset label:hover {
        color: var(--rp-text);
      }

      fieldset label:has(:checked) {
        background: var(--rp-accent-soft);
        color: var(--rp-accent);
      }

      fieldset label:has(:focus-visible) {
        outline: 2px solid var(--rp-accent);
        outline-offset: 1px;
      }

      fieldset input {
        position: absolute;
        inset: 0;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }

      @media (forced-colors: active) {
        fieldset label:has(:checked) {
          outline: 1px solid Highlight;
        }
      }

      .field {
        font-family: var(--rp-font-mono);
        font-size: 0.8125rem;
      }

      textarea.field {
        display: block;
        min-height: 4.25rem;
        max-height: 24rem;
        padding: var(--rp-space-2) var(--rp-space-3);
        line-height: 1.6;
        overflow-wrap: anywhere;
        resize: vertical;
        field-sizing: content;
      }

      .field[aria-invalid='true'] {
        border-color: var(--rp-danger);
      }

      .reading {
        min-height: 1.5em;
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
        overflow-wrap: anywhere;
      }

      .problem {
        color: var(--rp-danger);
      }

      .outdated {
        color: var(--rp-warn);
        font-weight: 560;
      }

      .theirs {
        padding: var(--rp-space-2) var(--rp-space-3);
        border-inline-start: 3px solid var(--rp-warn);
        background: var(--rp-surface);
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--rp-space-2);
      }

      .keys {
        margin-inline-start: auto;
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
      }

      kbd {
        font: inherit;
        font-weight: 620;
      }

      @media (pointer: coarse) {
        .keys {
          display: none;
        }

        fieldset label {
          padding-block: 0.375rem;
        }
      }
    `,
  ];

  /** It changes while it stays the same object. */
  @property({ attribute: false, hasChanged: () => true }) edit!: StateEdit;
  /** The connection is lost. */
  @property({ type: Boolean }) away = false;
  @query('textarea') private readonly field!: HTMLTextAreaElement;
  @query('#key') private readonly keyField!: HTMLInputElement | null;

  protected override firstUpdated(): void {
    this.focus();
  }

  /** Puts the cursor where one types first. */
  override focus(): void {
    (this.keyField ?? this.field).focus();
  }

  protected override render(): TemplateResult {
    const { edit } = this;
    const isAdded = edit.intent === 'add';
    const isSaving = edit.isSaving;
    const value = isAdded ? 'Value of the new key' : `Value of ${edit.key}`;
    return html`
      <form novalidate @submit=${this.onSubmit} @keydown=${this.onKeyDown}>
        ${isAdded ? this.renderKey() : null} ${this.renderTheirs()}
        <div>
          <div class="bar">
            <label class="label" for="value">Value</label>
            <fieldset>
              <legend class="visually-hidden">Meaning of what is typed</legend>
              ${MODES.map(
                ({ mode, text }) => html`
                  <label>
                    <input
                      type="radio"
                      name="mode"
                      .checked=${edit.mode === mode}
                      ?disabled=${isSaving}
                      @change=${() => edit.choose(mode)}
                    />${text}
                  </label>
                `,
              )}
            </fieldset>
          </div>
          <textarea
            class="field"
            id="value"
            rows="3"
            aria-label=${value}
            aria-describedby="reading"
            aria-invalid=${edit.problem !== null && edit.key !== ''}
            autocapitalize="none"
            autocomplete="off"
            spellcheck=${edit.mode === 'text'}
            placeholder=${edit.mode === 'json' ? '{ "any": "JSON" }' : 'Any text'}
            ?readonly=${isSaving}
            .value=${edit.typed}
            @input=${this.onInput}
          ></textarea>
        </div>
        <div class="reading" id="reading">${this.renderReading()}</div>
        <div class="actions">
          <button class="button small primary" aria-disabled=${isSaving}>
            ${isSaving ? 'Saving…' : 'Save'}
          </button>
          <button class="button small" type="button" ?disabled=${isSaving} @click=${this.close}>
            Cancel
          </button>
          <span class="keys"><kbd>Ctrl Enter</kbd> saves, <kbd>Esc</kbd> cancels</span>
        </div>
      </form>
    `;
  }

  private renderKey(): TemplateResult {
    const { edit } = this;
    return html`
      <div>
        <label class="label" for="key">Key</label>
        <input
          class="field"
          id="key"
          autocapitalize="none"
          autocomplete="off"
          spellcheck="false"
          placeholder="topic"
          aria-invalid=${edit.problem !== null && edit.key === ''}
          ?readonly=${edit.isSaving}
          .value=${edit.key}
          @input=${this.onName}
        />
      </div>
    `;
  }

  private renderTheirs(): TemplateResult | typeof nothing {
    const { theirs, key } = this.edit;
    if (theirs === null) return nothing;
    return html`
      <div class="theirs">
        <p class="label">Theirs, which yours will replace</p>
        ${
          theirs.value === undefined
            ? html`<p class="small">The key was removed.</p>`
            : html`<rp-json-value .value=${theirs.value} .label=${key}></rp-json-value>`
        }
      </div>
    `;
  }

  private renderReading(): TemplateResult | string {
    const { edit } = this;
    if (edit.problem !== null) return html`<p class="problem" role="alert">${edit.problem}</p>`;
    if (edit.isSaving && this.away) return 'It will be saved when the connection is back.';
    if (edit.isOutdated) {
      return html`<p class="outdated" role="status">
        Somebody changed this key meanwhile. If you save, you will see both.
      </p>`;
    }
    const { reading } = edit;
    return reading.isValue ? `Saved as ${describeValue(reading.value)}.` : '';
  }

  private onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    void this.save();
  }

  private onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !this.edit.isSaving) {
      event.preventDefault();
      this.close();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      void this.save();
    }
  }

  private async save(): Promise<void> {
    await this.edit.save();
    if (this.edit.problem === null) return;
    if (this.edit.key === '') this.keyField?.focus();
    else this.field.focus();
  }

  private onName(event: InputEvent): void {
    this.edit.name((event.target as HTMLInputElement).value);
  }

  private onInput(): void {
    this.edit.type(this.field.value);
  }

  private close(): void {
    this.dispatchEvent(new EditCloseEvent());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-state-editor': RpStateEditor;
  }
  interface HTMLElementEventMap {
    'edit-close': EditCloseEvent;
  }
}
