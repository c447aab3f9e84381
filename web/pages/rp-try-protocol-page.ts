import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../components/rp-protocol-strip.ts';
import '../components/rp-snippets.ts';
import '../components/rp-try-client.ts';
import { plusIcon } from '../components/icons.ts';
import type { ConnectionStore } from '../state/connection-store.ts';
import type { ProtocolId } from '../state/route.ts';
import type { Router } from '../state/router.ts';
import { StoreController } from '../state/store-controller.ts';
import { type Bench, benchesOf } from '../state/try/bench.ts';
import { PROTOCOLS } from '../state/try/protocols.ts';
import type { TryClient } from '../state/try/try-client.ts';
import { controls } from '../styles/controls.ts';
import { pageFrame } from '../styles/page-frame.ts';
import { panels } from '../styles/panels.ts';
import { tryLayout } from './try-layout.ts';

/** One protocol, live: one client or two, and code for elsewhere. */
@customElement('rp-try-protocol-page')
export class RpTryProtocolPage extends LitElement {
  static override styles = [controls, panels, pageFrame, tryLayout];

  @property({ attribute: false }) connection!: ConnectionStore;
  @property({ attribute: false }) router!: Router;
  @property({ attribute: false }) protocol!: ProtocolId;

  /** Which client a narrow screen shows. */
  @state() private shown = 0;
  /** How many frames each client had received when it was last in view. */
  readonly #seen = new WeakMap<TryClient, number>();

  constructor() {
    super();
    new StoreController(this, () => this.connection && this.bench);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('protocol')) {
      this.shown = 0;
      this.bench.prefill(new URL(location.href).searchParams);
    }
    const inView = this.bench.clients[this.shown];
    if (inView !== undefined) this.#seen.set(inView, inView.receivedCount);
  }

  protected override updated(changed: PropertyValues<this>): void {
    // From one protocol to another the page stays, so the app does not see that there is something new to read.
    if (changed.get('protocol') === undefined) return;
    scrollTo(0, 0);
    this.renderRoot.querySelector('h1')?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    const { title, summary, audience, note, snippets, path } = PROTOCOLS[this.protocol];
    const { clients } = this.bench;
    const [first] = clients;
    return html`
      <div class="page">
        <rp-protocol-strip
          .benches=${benchesOf(this.connection)}
          .router=${this.router}
          .current=${this.protocol}
        ></rp-protocol-strip>
        <header class="about">
          <div class="title">
            <h1 tabindex="-1">${title}</h1>
            <span class="mono">/${path.replace('{name}', 'NAME')}</span>
          </div>
          <p class="lead">${summary}</p>
          <p class="muted">${audience}</p>
        </header>
        ${note === undefined ? null : html`<p class="note calm">${note}</p>`}
        ${clients.length > 1 ? this.renderTurns(clients) : null}
        <div class="clients" @client-close=${this.onRemove}>
          ${clients.map(
            (client, index) => html`
              <rp-try-client
                class=${index === this.shown ? '' : 'away'}
                .client=${client}
                .removable=${index > 0}
              ></rp-try-client>
            `,
          )}
          ${clients.length > 1 ? null : this.renderAnother()}
        </div>
        <section class="panel code" aria-labelledby="code">
          <h2 id="code">From your own code</h2>
          ${first === undefined ? null : html`<rp-snippets .snippets=${snippets(first.endpoint)}></rp-snippets>`}
        </section>
      </div>
    `;
  }

  private get bench(): Bench {
    return benchesOf(this.connection).of(this.protocol);
  }

  private renderTurns(clients: readonly TryClient[]): TemplateResult {
    return html`
      <div class="turns" role="group" aria-label="Client to show">
        ${clients.map((client, index) => {
          const fresh = client.receivedCount - (this.#seen.get(client) ?? 0);
          return html`
            <button
              class="button quiet small"
              aria-pressed=${index === this.shown}
              @click=${() => this.turnTo(index)}
            >
              ${client.label}${fresh > 0 ? html` <span class="figures">(${fresh} new)</span>` : null}
            </button>
          `;
        })}
      </div>
    `;
  }

  private renderAnother(): TemplateResult {
    return html`
      <section class="panel plan blank another" aria-labelledby="another">
        <h2 id="another">Both ends of a conversation</h2>
        <p>Open another client beside this one, and see what one of them says arrive at the other.</p>
        <button class="button" @click=${this.onAnother}>${plusIcon}Open another client</button>
      </section>
    `;
  }

  private turnTo(index: number): void {
    this.shown = index;
  }

  private async onAnother(): Promise<void> {
    this.bench.openSecond();
    this.turnTo(1);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('rp-try-client:last-of-type')?.focus();
  }

  private async onRemove(): Promise<void> {
    this.bench.closeSecond();
    this.turnTo(0);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.another button')?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-try-protocol-page': RpTryProtocolPage;
  }
}
