import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../components/rp-connection-matrix.ts';
import '../components/rp-ignored-list.ts';
import '../components/rp-room-detail.ts';
import '../components/rp-room-table.ts';
import '../components/rp-sparkline.ts';
import type { Overview } from '../../protocol/overview.ts';
import { brokenIcon, lockIcon, roomsIcon, searchIcon } from '../components/icons.ts';
import type { RoomSelectEvent, RoomSortEvent } from '../components/rp-room-table.ts';
import { formatBytes, formatCount, formatMany, formatRate, formatSpan } from '../format.ts';
import { connectionMatrix } from '../state/connection-matrix.ts';
import type { DashboardStore, Rate } from '../state/dashboard-store.ts';
import { listRooms, nextOrder, type RoomOrder } from '../state/room-list.ts';
import { chatPath, roomPath } from '../state/route.ts';
import type { Router } from '../state/router.ts';
import { StoreController } from '../state/store-controller.ts';
import { controls } from '../styles/controls.ts';
import { figures } from '../styles/figures.ts';
import { pageFrame } from '../styles/page-frame.ts';
import { panels } from '../styles/panels.ts';
import { searchField } from '../styles/search-field.ts';
import { dashboardLayout } from './dashboard-layout.ts';

/** More rows than anyone reads cost time at every change; the rest is there on request. */
const ROWS_AT_FIRST = 100;

/** What goes on in the server: connections, rates, rooms and who is in them. */
@customElement('rp-dashboard-page')
export class RpDashboardPage extends LitElement {
  static override styles = [controls, panels, pageFrame, figures, searchField, dashboardLayout];

  @property({ attribute: false }) dashboard!: DashboardStore;
  @property({ attribute: false }) router!: Router;

  @state() private search = '';
  @state() private isLong = false;
  @state() private order: RoomOrder = { column: 'members', descending: true };
  #unfollow: (() => void) | null = null;

  constructor() {
    super();
    new StoreController(this, () => this.dashboard);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#unfollow = this.dashboard.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unfollow?.();
    this.#unfollow = null;
  }

  // Properties are set by now, unlike when the element is connected for the first time.
  protected override firstUpdated(): void {
    this.#unfollow = this.dashboard.follow();
  }

  protected override render(): TemplateResult {
    const { phase, overview, receivedAt } = this.dashboard;
    return html`
      <div class="page">
        <header class="intro">
          <h1 tabindex="-1">Dashboard</h1>
          <p class="muted small">
            <span role="status">${this.status}</span>
            ${phase === 'stale' ? html`These figures are ${formatSpan(Date.now() - (receivedAt ?? 0))} old.` : null}
          </p>
        </header>
        ${phase === 'locked' ? this.renderLock() : null} ${phase === 'refused' ? this.renderRefusal() : null}
        ${
          overview === null || phase === 'locked'
            ? phase === 'connecting'
              ? this.renderWaiting()
              : null
            : html`<div class="content ${phase === 'live' ? '' : 'stale'}">
                ${this.renderFigures(overview)}
                <div class="columns">
                  <div class="main">${this.renderConnections(overview)} ${this.renderRooms(overview)}</div>
                  <div class="beside">${this.renderDetail()} ${this.renderTotals(overview)}</div>
                </div>
              </div>`
        }
      </div>
    `;
  }

  private get status(): string {
    const { phase, overview } = this.dashboard;
    switch (phase) {
      case 'connecting':
        return 'Waiting for the first figures…';
      case 'locked':
        return 'Locked';
      case 'refused':
        return 'Not available';
      case 'stale':
        return 'Reconnecting.';
      case 'live':
        return overview === null ? '' : `Live from Roomplex ${overview.version}`;
    }
  }

  /** The server's clock, as far as it can be told from its last message. */
  private get serverNow(): number {
    const { overview, receivedAt } = this.dashboard;
    return overview === null || receivedAt === null ? 0 : overview.at + (Date.now() - receivedAt);
  }

  private renderFigures(overview: Overview): TemplateResult {
    const { connections, roomCount } = overview;
    const members = overview.rooms.reduce((sum, room) => sum + room.members, 0);
    return html`
      <dl class="figures-row panel plan">
        ${this.renderFigure('Connections', formatCount(connections), html`<p class="muted small">open now</p>`)}
        ${this.renderFigure(
          'Rooms',
          formatCount(roomCount),
          html`<p class="muted small">${formatMany(members, 'membership')}</p>`,
        )}
        ${this.renderRate('Published', this.dashboard.rate('published'))}
        ${this.renderRate('Delivered', this.dashboard.rate('delivered'))}
      </dl>
    `;
  }

  private renderFigure(name: string, figure: string, below: TemplateResult): TemplateResult {
    return html`
      <div class="figure">
        <dt>${name}</dt>
        <dd class="large">${figure}</dd>
        <dd>${below}</dd>
      </div>
    `;
  }

  private renderRate(name: string, { now, history }: Rate): TemplateResult {
    return html`
      <div class="figure">
        <dt>${name}</dt>
        <dd class="large">${formatRate(now)}<span class="unit"> per second</span></dd>
        <dd><rp-sparkline .values=${history}></rp-sparkline></dd>
      </div>
    `;
  }

  private renderTotal(name: string, total: number): TemplateResult {
    return html`
      <dt>${name}</dt>
      <dd>${formatCount(total)}</dd>
    `;
  }

  private renderConnections(overview: Overview): TemplateResult {
    const matrix = connectionMatrix(overview.byGatewayAndTransport);
    const { protocols, transports, total } = matrix;
    return html`
      <section class="panel connections" aria-labelledby="connections">
        <header>
          <h2 id="connections">Protocols and transports</h2>
          <p class="muted small">
            ${
              total === 0
                ? null
                : `${formatMany(protocols.length, 'protocol')} over ${formatMany(transports.length, 'transport')}`
            }
          </p>
        </header>
        <rp-connection-matrix .matrix=${matrix} .router=${this.router}></rp-connection-matrix>
      </section>
    `;
  }

  private renderTotals(overview: Overview): TemplateResult {
    return html`
      <section class="panel" aria-labelledby="totals">
        <h2 id="totals">Since the start</h2>
        <dl class="totals">
          ${this.renderTotal('Received', overview.received)}
          ${this.renderTotal('Published', overview.published)}
          ${this.renderTotal('Delivered', overview.delivered)}
          <dt>Uptime</dt>
          <dd>${formatSpan(this.serverNow - overview.startedAt)}</dd>
          <dt>Memory</dt>
          <dd>${formatBytes(overview.memoryBytes)}</dd>
        </dl>
      </section>
      <section class="panel" aria-labelledby="ignored">
        <header>
          <h2 id="ignored">Turned away</h2>
          <p class="figures muted small">${formatMany(overview.ignored, 'time')}</p>
        </header>
        <rp-ignored-list .places=${this.dashboard.ignored}></rp-ignored-list>
      </section>
    `;
  }

  private renderRooms(overview: Overview): TemplateResult {
    const { selected } = this.dashboard;
    if (overview.roomCount === 0) return this.renderNoRooms();
    const shown = listRooms(overview.rooms, this.search, this.order);
    return html`
      <section class="panel rooms" aria-labelledby="rooms">
        <header>
          <h2 id="rooms">Rooms</h2>
          <p class="muted small" role="status">${this.describeRooms(shown.length, overview)}</p>
          <div class="search">
            ${searchIcon}
            <input
              class="field"
              type="search"
              aria-label="Search rooms"
              placeholder="Search by name or space"
              .value=${this.search}
              @input=${this.onSearch}
            />
          </div>
        </header>
        ${
          shown.length === 0
            ? html`<p class="nothing muted">No room matches “${this.search}”.</p>`
            : html`<rp-room-table
                .rooms=${this.isLong ? shown : shown.slice(0, ROWS_AT_FIRST)}
                .order=${this.order}
                .selected=${selected}
                .now=${this.serverNow}
                @room-sort=${this.onSort}
                @room-select=${this.onSelect}
              ></rp-room-table>`
        }
        ${
          shown.length > ROWS_AT_FIRST && !this.isLong
            ? html`<p class="more">
                <button class="button small" @click=${this.onShowAll}>
                  Show all ${formatCount(shown.length)}
                </button>
              </p>`
            : null
        }
      </section>
    `;
  }

  private renderDetail(): TemplateResult | null {
    const { selected, detail } = this.dashboard;
    if (selected === null) return null;
    return html`
      <rp-room-detail
        .room=${selected}
        .detail=${detail}
        .now=${this.serverNow}
        .chatAddress=${selected.space === 'rooms' ? this.router.address(chatPath(selected.name)) : ''}
        .roomAddress=${selected.space === 'rooms' ? this.router.address(roomPath(selected.name)) : ''}
        @room-select=${this.onSelect}
      ></rp-room-detail>
    `;
  }

  private describeRooms(shown: number, { rooms, roomCount }: Overview): string {
    if (this.search.trim() !== '') return `${formatCount(shown)} of ${formatMany(rooms.length, 'room')}`;
    if (roomCount > rooms.length)
      return `The ${formatCount(rooms.length)} largest of ${formatMany(roomCount, 'room')}`;
    return formatMany(roomCount, 'room');
  }

  private renderNoRooms(): TemplateResult {
    return html`
      <section class="panel plan blank" aria-labelledby="rooms">
        ${roomsIcon}
        <h2 id="rooms">No rooms yet</h2>
        <p>
          A room is listed here while somebody is in it, whatever is kept of it beyond that. Open one in the
          chat, or join from code with <code class="mono">client.room('kitchen').join()</code>.
        </p>
        <a class="button primary" href=${this.router.address('chat')}>Open the first room</a>
      </section>
    `;
  }

  private renderWaiting(): TemplateResult {
    return html`
      <div class="waiting" aria-hidden="true">
        <div class="panel plan"></div>
        <div class="panel"></div>
        <div class="panel"></div>
      </div>
    `;
  }

  private renderLock(): TemplateResult {
    return html`
      <form class="panel plan blank" @submit=${this.onUnlock}>
        ${lockIcon}
        <h2>This dashboard is locked</h2>
        <p>The server shows its figures to those who know its admin token. It is kept for this tab only.</p>
        <div class="token">
          <label class="label" for="token">Admin token</label>
          <div class="row">
            <input
              class="field"
              id="token"
              name="token"
              type="password"
              autocomplete="off"
              required
              aria-describedby="token-problem"
            />
            <button class="button primary">Unlock</button>
          </div>
          <p class="problem small" id="token-problem" role="alert">
            ${this.dashboard.tokenWasRefused ? 'The server did not accept this token.' : ''}
          </p>
        </div>
      </form>
    `;
  }

  private renderRefusal(): TemplateResult {
    return html`
      <section class="panel plan blank">
        ${brokenIcon}
        <h2>The server does not show its figures here</h2>
        <p>
          It closed the channel that carries them, or refused the connection. The chat may work all the same.
        </p>
        <a class="button" href=${this.router.address('chat')}>Go to the chat</a>
      </section>
    `;
  }

  private onSearch(event: InputEvent): void {
    this.search = (event.target as HTMLInputElement).value;
  }

  private onShowAll(): void {
    this.isLong = true;
  }

  private onSort(event: RoomSortEvent): void {
    this.order = nextOrder(this.order, event.column);
  }

  private onSelect(event: RoomSelectEvent): void {
    this.dashboard.select(event.room);
  }

  private onUnlock(event: SubmitEvent): void {
    event.preventDefault();
    const token = new FormData(event.target as HTMLFormElement).get('token');
    if (typeof token === 'string') this.dashboard.unlock(token);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-dashboard-page': RpDashboardPage;
  }
}
