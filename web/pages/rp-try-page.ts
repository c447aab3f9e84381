import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ConnectionStore } from '../state/connection-store.ts';
import { PROTOCOL_IDS, type ProtocolId, tryPath } from '../state/route.ts';
import type { Router } from '../state/router.ts';
import { StoreController } from '../state/store-controller.ts';
import { benchesOf } from '../state/try/bench.ts';
import { PROTOCOLS } from '../state/try/protocols.ts';
import { controls } from '../styles/controls.ts';
import { pageFrame } from '../styles/page-frame.ts';
import { panels } from '../styles/panels.ts';
import { tryLayout } from './try-layout.ts';

/** Every protocol of the server, each with a way to try it. */
@customElement('rp-try-page')
export class RpTryPage extends LitElement {
  static override styles = [controls, panels, pageFrame, tryLayout];

  @property({ attribute: false }) connection!: ConnectionStore;
  @property({ attribute: false }) router!: Router;

  constructor() {
    super();
    new StoreController(this, () => this.connection && benchesOf(this.connection));
  }

  protected override render(): TemplateResult {
    return html`
      <div class="page">
        <header class="about">
          <h1 tabindex="-1">Try it</h1>
          <p class="lead">
            One server, several protocols. Pick one, type a frame, see what comes back, and take the code with
            you.
          </p>
        </header>
        <div class="cards">${PROTOCOL_IDS.map((id) => this.renderCard(id))}</div>
      </div>
    `;
  }

  private renderCard(id: ProtocolId): TemplateResult {
    const { title, summary, audience } = PROTOCOLS[id];
    const connected = benchesOf(this.connection).connected(id);
    return html`
      <section class="panel card" aria-labelledby=${`title-${id}`}>
        <p class="path">
          <span>/${id}</span>${connected > 0 ? html`<span class="open">${connected} open here</span>` : null}
        </p>
        <h2 id=${`title-${id}`}><a href=${this.router.address(tryPath(id))}>${title}</a></h2>
        <p class="small">${summary}</p>
        <p class="muted small">${audience}</p>
      </section>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-try-page': RpTryPage;
  }
}
