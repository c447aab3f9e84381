import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RoomDetail } from '../../protocol/overview.ts';
import { formatMany, formatMoment, formatSpan } from '../format.ts';
import type { RoomKey } from '../state/dashboard-store.ts';
import { controls } from '../styles/controls.ts';
import { panels } from '../styles/panels.ts';
import { chatIcon, closeIcon, stateIcon } from './icons.ts';
import { RoomSelectEvent } from './rp-room-table.ts';

/** One room's members: who, through which gateway, over which transport, since when. */
@customElement('rp-room-detail')
export class RpRoomDetail extends LitElement {
  static override styles = [
    controls,
    panels,
    css`
      :host {
        display: block;
      }

      header {
        display: flex;
        flex-wrap: wrap;
        align-items: start;
        gap: var(--rp-space-3) var(--rp-space-2);
        padding: var(--rp-space-4);
        border-bottom: 1px solid var(--rp-line);
      }

      .title {
        flex: 1;
        min-width: 0;
      }

      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rp-space-2);
        width: 100%;
      }

      h3 {
        overflow-wrap: anywhere;
      }

      ul {
        max-height: 26rem;
        overflow: auto;
      }

      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        padding: var(--rp-space-2) var(--rp-space-4);
        border-bottom: 1px solid var(--rp-line);
        font-size: var(--rp-text-sm);
      }

      li:last-child {
        border-bottom: 0;
      }

      .name {
        overflow: hidden;
        font-weight: 560;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .way {
        grid-column: 1 / -1;
        color: var(--rp-text-muted);
        font: var(--rp-text-xs) / 1.5 var(--rp-font-mono);
        overflow-wrap: anywhere;
      }

      .empty {
        padding: var(--rp-space-4);
      }
    `,
  ];

  @property({ attribute: false }) room!: RoomKey;
  /** `null` until the server has told. */
  @property({ attribute: false }) detail: RoomDetail | null = null;
  /** Where the room's chat is; empty for rooms that cannot be chatted in, as those of other spaces. */
  @property() chatAddress = '';
  /** Where the room's page is, if it can be chatted in. */
  @property() roomAddress = '';
  /** By the server's clock. */
  @property({ type: Number }) now = 0;

  protected override render(): TemplateResult {
    return html`
      <section class="panel" aria-labelledby="title">
        <header>
          <div class="title">
            <h3 id="title">Members of <bdi>${this.room.name}</bdi></h3>
            <p class="muted small" role="status">${this.summary}</p>
          </div>
          <button class="button quiet small icon" aria-label="Close the list of members" @click=${this.close}>
            ${closeIcon}
          </button>
          ${this.renderWays()}
        </header>
        ${this.renderMembers()}
      </section>
    `;
  }

  private get summary(): string {
    if (this.detail === null) return 'Asking the server…';
    const { members, truncated } = this.detail;
    return truncated
      ? `The first ${formatMany(members.length, 'member')}`
      : formatMany(members.length, 'member');
  }

  private renderWays(): TemplateResult | null {
    if (this.chatAddress === '') return null;
    return html`
      <p class="ways">
        <a class="button small" href=${this.chatAddress}>${chatIcon}Open chat</a>
        <a class="button small" href=${this.roomAddress}>${stateIcon}Room page</a>
      </p>
    `;
  }

  private renderMembers(): TemplateResult | null {
    const members = this.detail?.members ?? [];
    if (this.detail === null) return null;
    if (members.length === 0) return html`<p class="empty muted small">Nobody is in this room any more.</p>`;
    return html`
      <ul tabindex="0" aria-label="Members of ${this.room.name}">
        ${repeat(
          members,
          ({ id }) => id,
          ({ name, gateway, transport, since }) => html`
            <li>
              <bdi class="name">${name}</bdi>
              <span class="muted figures" title=${formatMoment(since)}>${formatSpan(this.now - since)}</span>
              <span class="way">${gateway} · ${transport}</span>
            </li>
          `,
        )}
      </ul>
    `;
  }

  private close(): void {
    this.dispatchEvent(new RoomSelectEvent(null));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-room-detail': RpRoomDetail;
  }
}
