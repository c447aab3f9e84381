import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { MemberInfo } from '../../protocol/rooms.ts';
import { formatCount } from '../format.ts';
import { controls } from '../styles/controls.ts';
import { sideList } from '../styles/side-list.ts';
import './rp-monogram.ts';

const LISTED = 200;

/** Who is in a room now. */
@customElement('rp-chat-members')
export class RpChatMembers extends LitElement {
  static override styles = [
    controls,
    sideList,
    css`
      h2 {
        padding: var(--rp-space-4) var(--rp-space-4) var(--rp-space-2);
      }

      ul {
        padding: 0 var(--rp-space-4) var(--rp-space-4);
      }

      .large {
        padding: 0 var(--rp-space-4);
      }

      li {
        display: flex;
        align-items: center;
        gap: var(--rp-space-2);
        min-height: 2.25rem;
        font-size: var(--rp-text-sm);
      }

      bdi {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      :host([away]) li {
        color: var(--rp-text-muted);
      }

      :host([away]) rp-monogram {
        opacity: 0.5;
      }
    `,
  ];

  /** Empty where they are too many to list. */
  @property({ attribute: false }) members: readonly MemberInfo[] = [];
  /** How many they are in all. */
  @property({ type: Number }) count = 0;
  @property({ attribute: false }) ownId: string | null = null;
  /** What is listed may be out of date. */
  @property({ type: Boolean, reflect: true }) away = false;

  protected override render(): TemplateResult {
    const rest = this.members.length - LISTED;
    const isTooLarge = this.members.length === 0 && this.count > 0;
    return html`
      <h2 id="members">Members <span class="figures">(${formatCount(this.count)})</span></h2>
      ${
        isTooLarge
          ? html`<p class="large muted small">${formatCount(this.count)} people here, too many to list.</p>`
          : null
      }
      <ul aria-labelledby="members" tabindex="0">
        ${repeat(
          this.members.slice(0, LISTED),
          ({ id }) => id,
          ({ id, name }) => html`
            <li>
              <rp-monogram .name=${name}></rp-monogram>
              <bdi title=${name}>${name}</bdi>
              ${id === this.ownId ? html`<span class="muted">you</span>` : null}
            </li>
          `,
        )}
        ${rest > 0 ? html`<li class="muted">and ${formatCount(rest)} more</li>` : null}
      </ul>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-chat-members': RpChatMembers;
  }
}
