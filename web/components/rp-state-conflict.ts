import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { StateEdit } from '../state/state-edit.ts';
import { controls } from '../styles/controls.ts';
import './rp-json-value.ts';
import { EditCloseEvent } from './rp-state-editor.ts';

/** Two values for one key, and the choice between them. */
@customElement('rp-state-conflict')
export class RpStateConflict extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      section {
        display: grid;
        gap: var(--rp-space-3);
      }

      h4 {
        margin: 0;
        color: var(--rp-warn);
        font-size: var(--rp-text-md);
        font-weight: 620;
        overflow-wrap: anywhere;
      }

      h4:focus {
        outline: none;
      }

      .sides {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--rp-space-3);
      }

      .side {
        min-width: 0;
        padding: var(--rp-space-2) var(--rp-space-3) var(--rp-space-3);
        border: 1px solid var(--rp-line);
        border-radius: var(--rp-radius-md);
        background: var(--rp-surface);
      }

      .side.theirs {
        border-color: var(--rp-warn);
      }

      .side.mine {
        border-color: var(--rp-accent);
      }

      h5 {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 var(--rp-space-3);
        margin: 0 0 var(--rp-space-2);
        font-size: var(--rp-text-xs);
        font-weight: 620;
      }

      .theirs h5 {
        color: var(--rp-warn);
      }

      .mine h5 {
        color: var(--rp-accent);
      }

      .gone {
        color: var(--rp-text-muted);
        font-size: var(--rp-text-sm);
      }

      .problem {
        color: var(--rp-danger);
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rp-space-2);
      }

      @media (max-width: 34rem) {
        .sides {
          grid-template-columns: minmax(0, 1fr);
        }

        .actions .button {
          flex: 1 0 auto;
        }
      }
    `,
  ];

  /** It changes while it stays the same object. */
  @property({ attribute: false, hasChanged: () => true }) edit!: StateEdit;
  @query('h4') private readonly heading!: HTMLElement;

  protected override firstUpdated(): void {
    this.heading.focus();
  }

  protected override render(): TemplateResult {
    const { edit } = this;
    const { theirs, key, reading, intent } = edit;
    const isRemoval = intent === 'remove';
    return html`
      <section aria-labelledby="title">
        <h4 id="title" tabindex="-1">
          ${
            intent === 'add'
              ? html`<bdi>${key}</bdi> is there already`
              : html`<bdi>${key}</bdi> was changed meanwhile`
          }
        </h4>
        <div class="sides">
          ${this.renderSide('theirs', 'Theirs, now', theirs?.value, theirs?.rev)}
          ${
            isRemoval
              ? this.renderSide('mine', 'Yours', undefined)
              : this.renderSide('mine', 'Yours', reading.isValue ? reading.value : edit.typed)
          }
        </div>
        ${edit.problem === null ? null : html`<p class="problem small" role="alert">${edit.problem}</p>`}
        <div class="actions">
          <button class="button small" ?disabled=${edit.isSaving} @click=${this.keepTheirs}>
            Keep theirs
          </button>
          <button class="button small" aria-disabled=${edit.isSaving} @click=${() => edit.overwrite()}>
            ${isRemoval ? 'Remove all the same' : 'Overwrite with mine'}
          </button>
          ${
            isRemoval
              ? null
              : html`<button class="button small" ?disabled=${edit.isSaving} @click=${() => edit.editAgain()}>
                  Edit again
                </button>`
          }
        </div>
      </section>
    `;
  }

  private renderSide(side: 'theirs' | 'mine', title: string, value: unknown, rev = 0): TemplateResult {
    return html`
      <div class="side ${side}">
        <h5>${title}${rev > 0 ? html`<span class="muted figures">revision ${rev}</span>` : null}</h5>
        ${
          value === undefined
            ? html`<p class="gone">${side === 'mine' ? 'Removed' : 'Removed by somebody'}</p>`
            : html`<rp-json-value .value=${value} .label=${title}></rp-json-value>`
        }
      </div>
    `;
  }

  private keepTheirs(): void {
    this.dispatchEvent(new EditCloseEvent());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-state-conflict': RpStateConflict;
  }
}
