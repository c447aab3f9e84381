import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RoomSummary } from '../../protocol/overview.ts';
import { formatCount, formatMoment, formatSpan } from '../format.ts';
import type { RoomKey } from '../state/dashboard-store.ts';
import type { RoomColumn, RoomOrder } from '../state/room-list.ts';
import { controls } from '../styles/controls.ts';
import { downIcon, upIcon } from './icons.ts';

/** The user wants to see a room's members, or with `null` no longer does. */
export class RoomSelectEvent extends Event {
  readonly room: RoomKey | null;

  constructor(room: RoomKey | null) {
    super('room-select', { bubbles: true, composed: true });
    this.room = room;
  }
}

/** The user asks for another order by clicking on a column. */
export class RoomSortEvent extends Event {
  readonly column: RoomColumn;

  constructor(column: RoomColumn) {
    super('room-sort', { bubbles: true, composed: true });
    this.column = column;
  }
}

const COLUMNS: readonly { readonly key: RoomColumn; readonly text: string }[] = [
  { key: 'name', text: 'Room' },
  { key: 'space', text: 'Space' },
  { key: 'members', text: 'Members' },
  { key: 'published', text: 'Messages' },
  { key: 'since', text: 'Age' },
];

/** Rooms in the order they are handed in. */
@customElement('rp-room-table')
export class RpRoomTable extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      table {
        width: 100%;
        border-collapse: collapse;
        font-size: var(--rp-text-sm);
      }

      th {
        padding: 0;
        border-bottom: 1px solid var(--rp-line);
        text-align: start;
      }

      .sort {
        display: inline-flex;
        align-items: center;
        gap: var(--rp-space-1);
        min-height: 2.25rem;
        padding: 0 var(--rp-space-3);
        border: 0;
        background: none;
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
        font-weight: 600;
        cursor: pointer;
      }

      .sort:hover,
      [aria-sort='ascending'] .sort,
      [aria-sort='descending'] .sort {
        color: var(--rp-text);
      }

      .sort svg {
        width: 0.875rem;
        height: 0.875rem;
      }

      td {
        height: 2.75rem;
        padding: 0 var(--rp-space-3);
        border-bottom: 1px solid var(--rp-line);
      }

      tr:last-child td {
        border-bottom: 0;
      }

      tbody tr:hover td {
        background: var(--rp-surface-hover);
      }

      tbody tr.selected td {
        background: var(--rp-accent-soft);
      }

      .number {
        text-align: end;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }

      .number .sort {
        flex-direction: row-reverse;
      }

      .room {
        width: 100%;
        max-width: 0;
      }

      .pick {
        display: block;
        max-width: 100%;
        min-height: 2rem;
        padding: 0;
        overflow: hidden;
        border: 0;
        background: none;
        color: var(--rp-accent);
        font-weight: 560;
        text-align: start;
        text-overflow: ellipsis;
        white-space: nowrap;
        cursor: pointer;
      }

      .pick bdi {
        white-space: pre;
      }

      .pick:hover {
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }

      @media (max-width: 40rem) {
        th.since,
        td.since,
        th.space,
        td.space {
          display: none;
        }

        .sort,
        td {
          padding-inline: var(--rp-space-2);
        }
      }
    `,
  ];

  @property({ attribute: false }) rooms: readonly RoomSummary[] = [];
  @property({ attribute: false }) order!: RoomOrder;
  @property({ attribute: false }) selected: RoomKey | null = null;
  /** Ages are counted to this moment, by the server's clock. */
  @property({ type: Number }) now = 0;

  protected override render(): TemplateResult {
    return html`
      <table>
        <caption class="visually-hidden">
          Rooms
        </caption>
        <thead>
          <tr>
            ${COLUMNS.map(({ key, text }) => this.renderHead(key, text))}
          </tr>
        </thead>
        <tbody>
          ${repeat(
            this.rooms,
            ({ space, name }) => `${space}/${name}`,
            (room) => this.renderRoom(room),
          )}
        </tbody>
      </table>
    `;
  }

  private renderHead(key: RoomColumn, text: string): TemplateResult {
    const isSorted = this.order.column === key;
    const direction = this.order.descending ? 'descending' : 'ascending';
    return html`
      <th
        scope="col"
        class="${key} ${isNumber(key) ? 'number' : ''}"
        aria-sort=${isSorted ? direction : 'none'}
      >
        <button class="sort" @click=${() => this.dispatchEvent(new RoomSortEvent(key))}>
          ${text}${isSorted ? (this.order.descending ? downIcon : upIcon) : null}
        </button>
      </th>
    `;
  }

  private renderRoom(room: RoomSummary): TemplateResult {
    const { space, name, members, published, since } = room;
    const isSelected = this.selected?.name === name && this.selected.space === space;
    return html`
      <tr class=${isSelected ? 'selected' : ''}>
        <td class="room">
          <button
            class="pick"
            aria-pressed=${isSelected}
            title=${name}
            @click=${() => this.select(room, isSelected)}
          >
            <bdi>${name}</bdi>
          </button>
        </td>
        <td class="space mono muted">${space}</td>
        <td class="number">${formatCount(members)}</td>
        <td class="number">${formatCount(published)}</td>
        <td class="number since" title=${formatMoment(since)}>${formatSpan(this.now - since)}</td>
      </tr>
    `;
  }

  private select({ space, name }: RoomKey, isSelected: boolean): void {
    this.dispatchEvent(new RoomSelectEvent(isSelected ? null : { space, name }));
  }
}

function isNumber(column: RoomColumn): boolean {
  return column !== 'name' && column !== 'space';
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-room-table': RpRoomTable;
  }
  interface HTMLElementEventMap {
    'room-select': RoomSelectEvent;
    'room-sort': RoomSortEvent;
  }
}
