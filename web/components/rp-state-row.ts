import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { formatCount } from '../format.ts';
import type { StateRow } from '../state/state-board.ts';
import type { StateEdit } from '../state/state-edit.ts';
import { controls } from '../styles/controls.ts';
import { editIcon, removeIcon } from './icons.ts';
import './rp-json-value.ts';
import './rp-state-conflict.ts';
import './rp-state-editor.ts';
import { EditCloseEvent } from './rp-state-editor.ts';

/** The user wants to change or remove a key. */
export class EditOpenEvent extends Event {
  readonly key: string;
  readonly intent: 'change' | 'remove';

  constructor(key: string, intent: 'change' | 'remove') {
    super('edit-open', { bubbles: true, composed: true });
    this.key = key;
    this.intent = intent;
  }
}

/** One key of a room's state: its value, and what the user does to it. */
@customElement('rp-state-row')
export class RpStateRow extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        position: relative;
        display: grid;
        grid-template-columns: minmax(6rem, 12rem) minmax(0, 1fr) auto;
        gap: var(--rp-space-1) var(--rp-space-4);
        align-items: start;
        padding: var(--rp-space-2) var(--rp-space-3) var(--rp-space-2) var(--rp-space-5);
        border-bottom: 1px solid var(--rp-line);
      }

      :host([open]) {
        background: var(--rp-surface-sunken);
      }

      h3 {
        padding-block: 0.375rem;
        font: 620 0.8125rem / 1.6 var(--rp-font-mono);
        overflow-wrap: anywhere;
      }

      h3 bdi {
        white-space: pre-wrap;
      }

      rp-json-value,
      .gone {
        padding-block: 0.375rem;
      }

      .gone {
        color: var(--rp-text-muted);
        font-size: var(--rp-text-sm);
      }

      .side {
        display: flex;
        align-items: center;
        gap: var(--rp-space-1);
        min-height: 2rem;
      }

      .meta {
        margin-inline-end: var(--rp-space-2);
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
        text-align: end;
        white-space: nowrap;
      }

      .meta bdi {
        display: inline-block;
        max-width: 10rem;
        overflow: hidden;
        color: var(--rp-text);
        font-weight: 560;
        text-overflow: ellipsis;
        vertical-align: bottom;
      }

      .work {
        grid-column: 1 / -1;
        padding-bottom: var(--rp-space-2);
      }

      .ask {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--rp-space-2) var(--rp-space-3);
        font-size: var(--rp-text-sm);
      }

      .ask .words {
        flex: 1 1 12rem;
        overflow-wrap: anywhere;
      }

      .danger {
        color: var(--rp-danger);
      }

      .button.danger {
        border-color: var(--rp-danger);
      }

      .flash {
        position: absolute;
        inset: 0;
        background: var(--rp-accent-soft);
        animation: flash 2.4s ease-out both;
        pointer-events: none;
      }

      .flash::before {
        position: absolute;
        inset: 0 auto 0 0;
        width: 3px;
        background: var(--rp-accent);
        content: '';
      }

      :host > :not(.flash) {
        position: relative;
      }

      @keyframes flash {
        35% {
          opacity: 1;
        }

        100% {
          opacity: 0;
        }
      }

      @media (max-width: 40rem) {
        :host {
          grid-template-columns: minmax(0, 1fr) auto;
          padding-inline-start: var(--rp-space-4);
        }

        .value {
          grid-row: 2;
          grid-column: 1 / -1;
        }

        rp-json-value,
        .gone {
          padding-top: 0;
        }
      }
    `,
  ];

  @property({ attribute: false }) row!: StateRow;
  /** The connection is lost. */
  @property({ type: Boolean }) away = false;
  @query('.edit') private readonly editButton!: HTMLElement | null;
  @query('.yes') private readonly yesButton!: HTMLElement | null;

  protected override willUpdate(): void {
    this.toggleAttribute('open', this.row.edit !== null);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('row')?.edit ?? null;
    const { edit } = this.row;
    // The focus goes where the work goes on, and back when it is over.
    if (before === null && edit?.intent === 'remove') this.yesButton?.focus();
    if (before !== null && edit === null) this.editButton?.focus();
  }

  protected override render(): TemplateResult {
    const { key, change, edit } = this.row;
    return html`
      ${change === null ? null : keyed(change.turn, html`<span class="flash" aria-hidden="true"></span>`)}
      <h3><bdi>${key}</bdi></h3>
      <div class="value">${this.renderValue()}</div>
      <div class="side">${this.renderMeta()} ${edit === null ? this.renderButtons() : null}</div>
      ${edit === null ? null : html`<div class="work">${this.renderWork(edit)}</div>`}
    `;
  }

  private renderValue(): TemplateResult | null {
    const { key, value, edit } = this.row;
    // The edit shows it itself, beside the other.
    if (edit !== null && edit.theirs !== null) return null;
    if (value === undefined) return html`<p class="gone">Removed by somebody.</p>`;
    return html`<rp-json-value .value=${value} .label=${key}></rp-json-value>`;
  }

  private renderMeta(): TemplateResult | null {
    const { rev, change } = this.row;
    if (rev === 0) return null;
    const by = change?.by ?? null;
    return html`
      <p class="meta figures">
        <span title="Revision of this key">rev ${formatCount(rev)}</span>${
          by === null ? null : html` · by <bdi>${by}</bdi>`
        }
      </p>
    `;
  }

  private renderButtons(): TemplateResult {
    const { key } = this.row;
    return html`
      <button
        class="button quiet small icon edit"
        aria-label="Edit ${key}"
        title="Edit"
        @click=${() => this.open('change')}
      >
        ${editIcon}
      </button>
      <button
        class="button quiet small icon"
        aria-label="Remove ${key}"
        title="Remove"
        @click=${() => this.open('remove')}
      >
        ${removeIcon}
      </button>
    `;
  }

  private renderWork(edit: StateEdit): TemplateResult {
    if (edit.phase === 'conflict') return html`<rp-state-conflict .edit=${edit}></rp-state-conflict>`;
    if (edit.intent === 'remove') return this.renderRemoval(edit);
    return html`<rp-state-editor .edit=${edit} ?away=${this.away}></rp-state-editor>`;
  }

  private renderRemoval(edit: StateEdit): TemplateResult {
    return html`
      <div class="ask" role="group" aria-label="Remove ${edit.key}" @keydown=${this.onKeyDown}>
        <p class="words ${edit.problem === null ? '' : 'danger'}" role="status">
          ${edit.problem ?? (edit.isSaving && this.away ? 'It will be removed when the connection is back.' : 'Remove this key for everyone?')}
        </p>
        <button class="button small danger yes" aria-disabled=${edit.isSaving} @click=${() => edit.save()}>
          ${edit.isSaving ? 'Removing…' : 'Remove'}
        </button>
        <button class="button small" ?disabled=${edit.isSaving} @click=${this.close}>Keep</button>
      </div>
    `;
  }

  private onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.close();
  }

  private open(intent: 'change' | 'remove'): void {
    this.dispatchEvent(new EditOpenEvent(this.row.key, intent));
  }

  private close(): void {
    this.dispatchEvent(new EditCloseEvent());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-state-row': RpStateRow;
  }
  interface HTMLElementEventMap {
    'edit-open': EditOpenEvent;
  }
}
