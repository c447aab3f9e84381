import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { copyText } from '../copy-text.ts';
import { formatCount, formatMany } from '../format.ts';
import type { LatestChange, StateBoard, StateRow } from '../state/state-board.ts';
import { controls } from '../styles/controls.ts';
import { panels } from '../styles/panels.ts';
import { searchField } from '../styles/search-field.ts';
import { connectedIcon, copyIcon, plusIcon, searchIcon, stateIcon } from './icons.ts';
import './rp-state-conflict.ts';
import './rp-state-editor.ts';
import './rp-state-row.ts';
import type { EditOpenEvent } from './rp-state-row.ts';

/** More rows than anyone reads cost time at every change; the rest is there on request. */
const ROWS_AT_FIRST = 100;
/** From so many keys on, one wants to search. */
const SEARCHED_FROM = 8;
const COPIED_MS = 3_000;
const SNIPPET = "await room.state.set('topic', { soup: 'tomato' });";

/** What a room remembers, live: keys with their values, to be added to, changed and removed. */
@customElement('rp-state-panel')
export class RpStatePanel extends LitElement {
  static override styles = [
    controls,
    panels,
    searchField,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      .panel {
        overflow: hidden;
      }

      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--rp-space-2) var(--rp-space-3);
        padding: var(--rp-space-3) var(--rp-space-3) var(--rp-space-3) var(--rp-space-5);
        border-bottom: 1px solid var(--rp-line);
      }

      .title {
        flex: 1 1 10rem;
        min-width: 0;
      }

      .latest {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      li:last-child rp-state-row,
      .addition:last-child {
        border-bottom: 0;
      }

      .addition {
        padding: var(--rp-space-4) var(--rp-space-5);
        border-bottom: 1px solid var(--rp-line);
        background: var(--rp-surface-sunken);
      }

      .addition h3 {
        margin: 0 0 var(--rp-space-3);
        font-size: var(--rp-text-md);
      }

      .nothing,
      .more {
        padding: var(--rp-space-4) var(--rp-space-5);
      }

      .waiting {
        height: 9rem;
      }

      .snippet {
        display: flex;
        align-items: center;
        gap: var(--rp-space-2);
        max-width: 100%;
        padding: var(--rp-space-1) var(--rp-space-1) var(--rp-space-1) var(--rp-space-3);
        border: 1px solid var(--rp-line);
        border-radius: var(--rp-radius-sm);
        background: var(--rp-surface);
        text-align: start;
      }

      code {
        font: 0.8125rem / 1.6 var(--rp-font-mono);
        overflow-wrap: anywhere;
      }

      @media (max-width: 40rem) {
        header,
        .addition,
        .nothing,
        .more {
          padding-inline-start: var(--rp-space-4);
        }

        .addition {
          padding-inline-end: var(--rp-space-4);
        }
      }
    `,
  ];

  /** It changes while it stays the same object. */
  @property({ attribute: false, hasChanged: () => true }) board!: StateBoard;
  /** The state is known. */
  @property({ type: Boolean }) ready = false;
  /** The connection is lost; what is shown may be out of date. */
  @property({ type: Boolean }) away = false;

  @state() private search = '';
  @state() private isLong = false;
  @state() private copied: boolean | null = null;
  @query('.add') private readonly addButton!: HTMLElement | null;
  /** Keys that were edited when this was last rendered; `null` stands for the new one. */
  #edited: readonly (string | null)[] = [];

  protected override updated(): void {
    const { rows, addition } = this.board;
    const edited = rows.filter(({ edit }) => edit !== null).map(({ key }) => key);
    const here = new Set<string | null>(rows.map(({ key }) => key));
    if (addition !== null) here.add(null);
    // Where the user worked there is nothing any more that could have the focus.
    if (this.#edited.some((key) => !here.has(key))) this.addButton?.focus();
    this.#edited = addition === null ? edited : [null, ...edited];
  }

  protected override render(): TemplateResult {
    const { rows, addition } = this.board;
    const shown = this.find(rows);
    return html`
      <section class="panel" aria-labelledby="state">
        <header>
          <div class="title">
            <h2 id="state">State</h2>
            <p class="latest muted small" role="status">${this.describe(rows.length)}</p>
          </div>
          ${rows.length >= SEARCHED_FROM ? this.renderSearch() : null}
          ${
            rows.length > 0 || addition !== null
              ? html`<button
                  class="button small add"
                  aria-expanded=${addition !== null}
                  ?disabled=${!this.ready}
                  @click=${this.onAdd}
                >
                  ${plusIcon}Add a key
                </button>`
              : null
          }
        </header>
        ${this.renderAddition()}
        ${rows.length > 0 ? this.renderRows(shown) : addition === null ? this.renderNothing() : null}
      </section>
    `;
  }

  private describe(count: number): string {
    const { latest } = this.board;
    if (!this.ready) return 'Waiting for the room…';
    const keys = formatMany(count, 'key');
    return latest === null ? keys : `${keys} · ${describeChange(latest)}`;
  }

  private find(rows: readonly StateRow[]): readonly StateRow[] {
    const wanted = this.search.trim().toLowerCase();
    // What is being edited must not go away because of its name.
    return wanted === ''
      ? rows
      : rows.filter(({ key, edit }) => edit !== null || key.toLowerCase().includes(wanted));
  }

  private renderSearch(): TemplateResult {
    return html`
      <div class="search">
        ${searchIcon}
        <input
          class="field"
          type="search"
          aria-label="Search keys"
          placeholder="Search keys"
          .value=${this.search}
          @input=${this.onSearch}
        />
      </div>
    `;
  }

  private renderAddition(): TemplateResult | null {
    const { addition } = this.board;
    if (addition === null) return null;
    return html`
      <section class="addition" aria-labelledby="addition" @edit-close=${this.onAdditionClose}>
        ${
          addition.phase === 'conflict'
            ? html`<h3 class="visually-hidden" id="addition">New key</h3>
                <rp-state-conflict .edit=${addition}></rp-state-conflict>`
            : html`<h3 id="addition">New key</h3>
                <rp-state-editor .edit=${addition} ?away=${this.away}></rp-state-editor>`
        }
      </section>
    `;
  }

  private renderRows(shown: readonly StateRow[]): TemplateResult {
    if (shown.length === 0) return html`<p class="nothing muted small">No key matches “${this.search}”.</p>`;
    return html`
      <ul aria-labelledby="state" @edit-open=${this.onOpen}>
        ${repeat(
          this.isLong ? shown : shown.slice(0, ROWS_AT_FIRST),
          ({ key }) => key,
          (row) => html`
            <li>
              <rp-state-row
                .row=${row}
                ?away=${this.away}
                @edit-close=${() => this.onClose(row)}
              ></rp-state-row>
            </li>
          `,
        )}
      </ul>
      ${
        shown.length > ROWS_AT_FIRST && !this.isLong
          ? html`<p class="more">
              <button class="button small" @click=${this.onShowAll}>
                Show all ${formatCount(shown.length)}
              </button>
            </p>`
          : null
      }
    `;
  }

  private renderNothing(): TemplateResult {
    if (!this.ready) return html`<div class="waiting plan" aria-hidden="true"></div>`;
    return html`
      <div class="plan blank">
        ${stateIcon}
        <h3>Nothing is remembered here yet</h3>
        <p>
          State is what a room remembers: values by key, the same for everyone in it, and for those who come
          later. Put something in here, or do it from code:
        </p>
        <div class="snippet">
          <code>${SNIPPET}</code>
          <button class="button quiet small icon" aria-label="Copy the line of code" @click=${this.onCopy}>
            ${this.copied === true ? connectedIcon : copyIcon}
          </button>
          <span class="visually-hidden" role="status"
            >${this.copied === null ? '' : this.copied ? 'Copied' : 'Not allowed to copy'}</span
          >
        </div>
        <button class="button primary add" @click=${this.onAdd}>${plusIcon}Add the first key</button>
      </div>
    `;
  }

  private onSearch(event: InputEvent): void {
    this.search = (event.target as HTMLInputElement).value;
  }

  private onShowAll(): void {
    this.isLong = true;
  }

  private onAdd(): void {
    if (this.board.addition === null) this.board.add();
    else this.board.close(this.board.addition);
  }

  private onAdditionClose(): void {
    if (this.board.addition !== null) this.board.close(this.board.addition);
  }

  private onOpen(event: EditOpenEvent): void {
    this.board.edit(event.key, event.intent);
  }

  private onClose({ edit }: StateRow): void {
    if (edit !== null) this.board.close(edit);
  }

  private async onCopy(): Promise<void> {
    this.copied = await copyText(SNIPPET);
    setTimeout(() => (this.copied = null), COPIED_MS);
  }
}

function describeChange({ by, keys, isRemoval }: LatestChange): string {
  const [first = ''] = keys;
  const what = keys.length === 1 ? first : formatMany(keys.length, 'key');
  const did = isRemoval ? 'removed' : 'set';
  if (by === null) return `${what} ${keys.length === 1 ? 'was' : 'were'} ${did}`;
  return `${by === 'you' ? 'You' : by} ${did} ${what}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-state-panel': RpStatePanel;
  }
}
