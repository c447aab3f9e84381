import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import '../components/rp-chat-members.ts';
import '../components/rp-state-panel.ts';
import { chatIcon } from '../components/icons.ts';
import { formatCount, formatMany } from '../format.ts';
import type { ConnectionStore } from '../state/connection-store.ts';
import { RoomStore } from '../state/room-store.ts';
import { chatPath } from '../state/route.ts';
import type { Router } from '../state/router.ts';
import { StoreController } from '../state/store-controller.ts';
import { controls } from '../styles/controls.ts';
import { figures } from '../styles/figures.ts';
import { pageFrame } from '../styles/page-frame.ts';
import { panels } from '../styles/panels.ts';
import { roomLayout } from './room-layout.ts';

/** One room from inside: who is there, where its stream stands, and what it remembers, to be edited. */
@customElement('rp-room-page')
export class RpRoomPage extends LitElement {
  static override styles = [controls, panels, pageFrame, figures, roomLayout];

  @property({ attribute: false }) connection!: ConnectionStore;
  @property({ attribute: false }) router!: Router;
  /** What the user is called in the room. */
  @property() nickname = '';
  @property() room = '';

  #store: RoomStore | null = null;
  #unfollow: (() => void) | null = null;

  constructor() {
    super();
    new StoreController(this, () => this.#store);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unfollow();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('room')) this.follow();
  }

  protected override render(): TemplateResult | null {
    const store = this.#store;
    if (store === null) return null;
    const isAway = store.phase === 'away';
    return html`
      <div class="page">
        <header class="intro">
          <div class="title">
            <h1 tabindex="-1"><bdi>${store.name}</bdi></h1>
            <p class="muted small ${store.phase}" role="status">${describePhase(store)}</p>
          </div>
          <p class="ways">
            <a class="button small" href=${this.router.address(chatPath(store.name))}>${chatIcon}Open chat</a>
          </p>
        </header>
        ${this.renderRefusal(store)} ${this.renderFigures(store)}
        <div class="columns">
          <rp-state-panel
            .board=${store.board}
            ?ready=${store.revision !== null}
            ?away=${isAway}
          ></rp-state-panel>
          <div class="panel members">
            <rp-chat-members
              .members=${store.members}
              .count=${store.memberCount}
              .ownId=${store.memberId}
              ?away=${isAway || store.phase === 'closed'}
            ></rp-chat-members>
          </div>
        </div>
      </div>
    `;
  }

  private renderRefusal(store: RoomStore): TemplateResult | null {
    if (store.refusal === null) return null;
    return html`
      <div class="note danger" role="alert">
        <span>You are not in this room: ${store.refusal}.</span>
        <button class="button small" @click=${() => store.join()}>Ask again</button>
      </div>
    `;
  }

  private renderFigures({ memberCount, position, revision, board }: RoomStore): TemplateResult {
    return html`
      <dl class="figures-row panel plan">
        ${this.renderFigure('Here now', revision === null ? null : memberCount, memberCount === 1 ? 'member' : 'members')}
        ${this.renderFigure(
          'Position',
          position?.offset ?? null,
          position === null ? '' : html`epoch <span class="mono">${position.epoch}</span>`,
        )}
        ${this.renderFigure('Revision', revision?.rev ?? null, formatMany(board.rows.length, 'key'))}
      </dl>
    `;
  }

  private renderFigure(name: string, figure: number | null, below: TemplateResult | string): TemplateResult {
    return html`
      <div class="figure">
        <dt>${name}</dt>
        <dd class="large">${figure === null ? '–' : formatCount(figure)}</dd>
        <dd>${below}</dd>
      </div>
    `;
  }

  private follow(): void {
    this.unfollow();
    this.#store = new RoomStore(this.connection, this.room, this.nickname);
    this.#unfollow = this.#store.follow();
  }

  private unfollow(): void {
    this.#unfollow?.();
    this.#unfollow = null;
  }
}

function describePhase({ phase }: RoomStore): string {
  switch (phase) {
    case 'joining':
      return 'Joining…';
    case 'joined':
      return 'Live. You are in this room as long as you look at it.';
    case 'away':
    case 'closed':
      return 'Not connected. All of this is as it was last seen.';
    case 'refused':
      return 'Not joined';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-room-page': RpRoomPage;
  }
}
