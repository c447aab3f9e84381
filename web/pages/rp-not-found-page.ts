import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { roomsIcon } from '../components/icons.ts';
import { controls } from '../styles/controls.ts';
import { panels } from '../styles/panels.ts';

/** What an address leads to that belongs to no page. */
@customElement('rp-not-found-page')
export class RpNotFoundPage extends LitElement {
  static override styles = [
    controls,
    panels,
    css`
      :host {
        display: block;
        max-width: 44rem;
        margin: 0 auto;
        padding: var(--rp-space-7) var(--rp-space-4);
      }
    `,
  ];

  /** Address of the dashboard. */
  @property() home = '';

  protected override render(): TemplateResult {
    return html`
      <div class="panel plan blank">
        ${roomsIcon}
        <h1 tabindex="-1">No such page</h1>
        <p>
          This address leads to no page of Roomplex. Rooms for the chat live below
          <code class="mono">/chat/</code>.
        </p>
        <a class="button primary" href=${this.home}>Go to the dashboard</a>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-not-found-page': RpNotFoundPage;
  }
}
