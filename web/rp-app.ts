import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { connect } from '../client/index.ts';
import './components/rp-connection-badge.ts';
import './components/rp-reconnect-banner.ts';
import './components/rp-theme-switch.ts';
import { type DestinationPage, navigation } from './components/navigation.ts';
import type { TransportChoiceEvent } from './components/rp-connection-badge.ts';
import { ChatStore } from './state/chat-store.ts';
import { ConnectionStore } from './state/connection-store.ts';
import { DashboardStore } from './state/dashboard-store.ts';
import { LatencyStore } from './state/latency-store.ts';
import type { Route } from './state/route.ts';
import { Router } from './state/router.ts';
import { StoreController } from './state/store-controller.ts';
import { ThemeStore } from './state/theme-store.ts';
import { readTransportChoice, writeTransportChoice } from './state/transport-choice.ts';
import { controls } from './styles/controls.ts';
import { countPill } from './styles/count.ts';
import { panels } from './styles/panels.ts';
import { shell } from './styles/shell.ts';

type PageName = Route['page'];

const LOADERS: Readonly<Record<PageName, () => Promise<unknown>>> = {
  dashboard: () => import('./pages/rp-dashboard-page.ts'),
  chat: () => import('./pages/rp-chat-page.ts'),
  room: () => import('./pages/rp-room-page.ts'),
  latency: () => import('./pages/rp-latency-page.ts'),
  try: () => import('./pages/rp-try-page.ts'),
  'try-protocol': () => import('./pages/rp-try-protocol-page.ts'),
  'not-found': () => import('./pages/rp-not-found-page.ts'),
};

/** After so many ms the user is told that a page is on its way. */
const LATE_MS = 2_000;

/** Where the navigation is on pages that it does not lead to. */
const PAGE_ABOVE: Readonly<Partial<Record<PageName, PageName>>> = {
  room: 'dashboard',
  'try-protocol': 'try',
};

/** The frame around every page, and the owner of the one connection and of all stores. */
@customElement('rp-app')
export class RpApp extends LitElement {
  static override styles = [controls, countPill, panels, shell];

  /** The page that is shown, once its code is here. */
  @state() private shown: PageName | null = null;
  /** Its code is long in coming. */
  @state() private late: PageName | null = null;
  /** Its code did not come at all. */
  @state() private missing: PageName | null = null;
  @query('main') private readonly main!: HTMLElement;

  readonly #router = new Router();
  readonly #firstPage = this.#router.route.page;
  #loading: PageName | null = null;
  readonly #theme = new ThemeStore();
  readonly #connection = new ConnectionStore(
    connect,
    new URL('multiplex', document.baseURI).href,
    readTransportChoice(new URL(location.href)),
  );
  readonly #chat = new ChatStore(this.#connection);
  readonly #dashboard = new DashboardStore(this.#connection);
  readonly #latency = new LatencyStore(this.#connection);

  constructor() {
    super();
    new StoreController(this, () => this.#router);
    new StoreController(this, () => this.#chat);
  }

  protected override willUpdate(): void {
    const { page } = this.#router.route;
    if (page !== this.missing) this.missing = null;
    if (page !== this.shown && page !== this.#loading && page !== this.missing) void this.load(page);
    this.setAttribute('page', this.shown ?? '');
    document.title = this.pageTitle;
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('shown') || this.shown === null) return;
    // The browser looks after the page that its address asked for; on a slow line one may leave it before it is here.
    const isFirst = changed.get('shown') === null && this.shown === this.#firstPage;
    if (isFirst) return;
    scrollTo(0, 0);
    void this.focusHeading();
  }

  protected override render(): TemplateResult {
    return html`
      <header class="bar">
        <a class="skip" href="#main" @click=${this.onSkip}>Skip to the content</a>
        <div class="bar-inner">
          ${navigation({
            address: (path) => this.#router.address(path),
            isCurrent: (page) => this.isIn(page),
            note: (page) => (page === 'chat' ? this.renderUnread() : null),
          })}
          <rp-connection-badge
            .connection=${this.#connection}
            @transport-choice=${this.onTransportChoice}
          ></rp-connection-badge>
          <rp-theme-switch .theme=${this.#theme}></rp-theme-switch>
        </div>
      </header>
      <rp-reconnect-banner
        .connection=${this.#connection}
        .waiting=${this.#chat.pendingCount}
        @transport-choice=${this.onTransportChoice}
      ></rp-reconnect-banner>
      <main id="main" tabindex="-1">${this.renderMain()}</main>
    `;
  }

  private get pageTitle(): string {
    const { route } = this.#router;
    const { unread } = this.#chat;
    const titles: Readonly<Record<PageName, string>> = {
      dashboard: 'Dashboard',
      chat: route.page === 'chat' && route.room !== null ? `${route.room} – Chat` : 'Chat',
      room: route.page === 'room' ? `${route.room} – Room` : 'Room',
      latency: 'Latency',
      try: 'Try it',
      'try-protocol': route.page === 'try-protocol' ? `/${route.protocol} – Try it` : 'Try it',
      'not-found': 'Page not found',
    };
    return `${unread > 0 ? `(${unread}) ` : ''}${titles[route.page]} · Roomplex`;
  }

  private renderUnread(): TemplateResult | null {
    const { unread } = this.#chat;
    if (unread === 0) return null;
    return html`<span class="count"
      >${unread > 99 ? '99+' : unread}<span class="visually-hidden">
        ${unread === 1 ? 'unread message' : 'unread messages'}</span
      ></span
    >`;
  }

  /** True on the page and on those below it. */
  private isIn(page: DestinationPage): boolean {
    const { page: current } = this.#router.route;
    return PAGE_ABOVE[current] === page || current === page;
  }

  private renderMain(): TemplateResult | null {
    const { page } = this.#router.route;
    if (page === this.missing) return this.renderFailure();
    return page === this.late ? this.renderDelay() : this.renderPage();
  }

  private renderPage(): TemplateResult | null {
    const { route } = this.#router;
    switch (this.shown) {
      case 'dashboard':
        return html`<rp-dashboard-page
          .dashboard=${this.#dashboard}
          .router=${this.#router}
        ></rp-dashboard-page>`;
      case 'chat':
        return html`<rp-chat-page
          .chat=${this.#chat}
          .router=${this.#router}
          .room=${route.page === 'chat' ? route.room : null}
        ></rp-chat-page>`;
      case 'room':
        return route.page !== 'room'
          ? null
          : html`<rp-room-page
              .connection=${this.#connection}
              .router=${this.#router}
              .nickname=${this.#chat.nickname}
              .room=${route.room}
            ></rp-room-page>`;
      case 'latency':
        return html`<rp-latency-page
          .latency=${this.#latency}
          .connection=${this.#connection}
          .theme=${this.#theme}
        ></rp-latency-page>`;
      case 'try':
        return html`<rp-try-page .connection=${this.#connection} .router=${this.#router}></rp-try-page>`;
      case 'try-protocol':
        return route.page !== 'try-protocol'
          ? null
          : html`<rp-try-protocol-page
              .connection=${this.#connection}
              .router=${this.#router}
              .protocol=${route.protocol}
            ></rp-try-protocol-page>`;
      case 'not-found':
        return html`<rp-not-found-page .home=${this.#router.address('')}></rp-not-found-page>`;
      case null:
        return null;
    }
  }

  private renderDelay(): TemplateResult {
    return html`
      <section class="failure panel plan blank">
        <p role="status">This page is long in coming. What gets lost on its way is asked for again.</p>
      </section>
    `;
  }

  private renderFailure(): TemplateResult {
    return html`
      <section class="failure panel plan blank">
        <h1 tabindex="-1">This page could not be loaded</h1>
        <p>The server did not answer, or it has a newer version of Roomplex.</p>
        <button class="button primary" @click=${() => location.reload()}>Load again</button>
      </section>
    `;
  }

  private async load(page: PageName): Promise<void> {
    this.#loading = page;
    const timer = setTimeout(() => (this.late = page), LATE_MS);
    const hasCome = await LOADERS[page]().then(
      () => true,
      () => false,
    );
    clearTimeout(timer);
    // By now the user may have gone on to another page, which then loads on its own.
    if (this.#loading === page) this.#loading = null;
    if (this.late === page) this.late = null;
    if (this.#router.route.page !== page) return;
    if (hasCome) this.shown = page;
    else this.missing = page;
  }

  private async focusHeading(): Promise<void> {
    const page = this.main.firstElementChild;
    if (page instanceof LitElement) await page.updateComplete;
    (page?.shadowRoot ?? page)?.querySelector('h1')?.focus({ preventScroll: true });
  }

  private onSkip(event: MouseEvent): void {
    event.preventDefault();
    this.main.focus();
  }

  private onTransportChoice(event: TransportChoiceEvent): void {
    writeTransportChoice(event.transport);
    this.#connection.choose(event.transport);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-app': RpApp;
  }
}
