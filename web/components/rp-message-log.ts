import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { formatClock, formatDay, formatMany, formatMoment, isSameDay } from '../format.ts';
import { linkify } from '../state/linkify.ts';
import type { ChatMessage, ChatNotice, LogEntry } from '../state/message-log.ts';
import { controls } from '../styles/controls.ts';
import { FollowEndController } from './follow-end-controller.ts';
import { downIcon } from './icons.ts';
import './rp-monogram.ts';

/** The user deals with a message that failed: `retry` sends it again, `discard` removes it. */
export class FailedMessageEvent extends Event {
  readonly action: 'retry' | 'discard';
  readonly key: string;

  constructor(action: 'retry' | 'discard', key: string) {
    super('failed-message', { bubbles: true, composed: true });
    this.action = action;
    this.key = key;
  }
}

/** Messages of one person within this time stand under one name. */
const GROUP_MS = 3 * 60_000;

/** What was said in a room, oldest first. Follows the newest message unless the user has scrolled away from it. */
@customElement('rp-message-log')
export class RpMessageLog extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        position: relative;
        display: flex;
        flex-direction: column;
        min-height: 0;
      }

      .log {
        flex: 1;
        min-height: 0;
        padding: var(--rp-space-4);
        overflow: auto;
        overscroll-behavior: contain;
        scrollbar-gutter: stable;
      }

      .log:focus-visible {
        outline-offset: -3px;
      }

      .list {
        display: flex;
        flex-direction: column;
        justify-content: end;
        min-height: 100%;
      }

      .day {
        display: flex;
        align-items: center;
        gap: var(--rp-space-3);
        margin: var(--rp-space-4) 0 var(--rp-space-2);
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
        font-weight: 560;
      }

      .day::before,
      .day::after {
        flex: 1;
        height: 1px;
        background: var(--rp-line);
        content: '';
      }

      .notice {
        margin: var(--rp-space-3) 0 var(--rp-space-1);
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
        text-align: center;
        overflow-wrap: anywhere;
      }

      .notice + .notice {
        margin-top: 0;
      }

      .notice.gap {
        color: var(--rp-warn);
        font-weight: 560;
      }

      .message {
        display: grid;
        grid-template-columns: 1.75rem minmax(0, auto);
        gap: 0 var(--rp-space-2);
        justify-content: start;
        margin-top: 0.1875rem;
        padding-inline-end: 12%;
      }

      .message.first {
        margin-top: var(--rp-space-3);
      }

      .message.mine {
        grid-template-columns: minmax(0, auto);
        justify-content: end;
        padding-inline: 16% 0;
      }

      .head {
        display: flex;
        grid-column: 2;
        gap: var(--rp-space-2);
        align-items: baseline;
        margin-bottom: 0.1875rem;
        font-size: var(--rp-text-sm);
      }

      .mine .head {
        grid-column: 1;
        justify-content: end;
      }

      .sender {
        overflow: hidden;
        font-weight: 600;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      time {
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
        font-variant-numeric: tabular-nums;
      }

      rp-monogram {
        grid-row: 2;
        align-self: start;
      }

      .body {
        grid-column: 2;
        justify-self: start;
        max-width: 44rem;
        padding: 0.3125rem var(--rp-space-3);
        border: 1px solid var(--rp-line);
        border-radius: var(--rp-radius-md);
        background: var(--rp-surface);
        overflow-wrap: anywhere;
      }

      .text {
        white-space: pre-wrap;
      }

      .mine .body {
        grid-column: 1;
        justify-self: end;
        border-color: transparent;
        background: var(--rp-accent-soft);
      }

      .mine.pending .body {
        border: 1px dashed var(--rp-line-strong);
        background: none;
        color: var(--rp-text-muted);
      }

      .mine.failed .body {
        border: 1px solid var(--rp-danger);
        background: none;
      }

      .body.json {
        font-family: var(--rp-font-mono);
        font-size: var(--rp-text-sm);
      }

      .fate {
        display: flex;
        flex-wrap: wrap;
        grid-column: 1;
        align-items: center;
        justify-content: end;
        gap: var(--rp-space-2);
        padding-top: var(--rp-space-1);
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
      }

      .failed .fate {
        color: var(--rp-danger);
      }

      .newer {
        position: absolute;
        inset: auto 50% var(--rp-space-3) auto;
        transform: translateX(50%);
        border-color: transparent;
        background: var(--rp-accent);
        color: var(--rp-on-accent);
        box-shadow: var(--rp-shadow);
      }

      .newer:hover {
        background: var(--rp-accent-strong);
        color: var(--rp-on-accent);
      }

      .quiet-room {
        color: var(--rp-text-muted);
        text-align: center;
      }
    `,
  ];

  /** The room's name, for the log's label. */
  @property() room = '';
  @property({ attribute: false }) entries: readonly LogEntry[] = [];

  /** Messages by others that came while the user was reading further up. */
  @state() private below = 0;
  @query('.log') private readonly log!: HTMLElement;
  readonly #end = new FollowEndController(this, () => this.log);
  #known = new Set<string>();

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('room') && !changed.has('entries')) return;
    if (changed.has('room')) {
      this.#end.follow();
      this.below = 0;
    } else {
      const fresh = this.entries.filter(({ kind, key }) => kind === 'message' && !this.#known.has(key));
      // Who says something wants to see it said.
      if (fresh.some((entry) => entry.kind === 'message' && entry.delivery === 'pending')) this.#end.follow();
      this.below = this.#end.isFollowed ? 0 : this.below + fresh.length;
    }
    this.#known = new Set(this.entries.map(({ key }) => key));
  }

  protected override render(): TemplateResult {
    const now = Date.now();
    return html`
      <div class="log" role="log" aria-label="Messages in ${this.room}" tabindex="0" @scroll=${this.onScroll}>
        <div class="list">
          ${
            this.entries.length === 0
              ? html`<p class="quiet-room">Nothing has been said since you came in.</p>`
              : null
          }
          ${repeat(
            this.entries,
            ({ key }) => key,
            (entry, index) => this.renderEntry(entry, this.entries[index - 1], now),
          )}
        </div>
      </div>
      ${
        this.below > 0
          ? html`<button class="button small newer" @click=${this.toEnd}>
              ${downIcon}${formatMany(this.below, 'new message')}
            </button>`
          : null
      }
    `;
  }

  private renderEntry(entry: LogEntry, before: LogEntry | undefined, now: number): TemplateResult {
    const isNewDay = before === undefined ? !isSameDay(entry.at, now) : !isSameDay(entry.at, before.at);
    return html`
      ${isNewDay ? html`<p class="day">${formatDay(entry.at, now)}</p>` : null}
      ${entry.kind === 'notice' ? this.renderNotice(entry) : this.renderMessage(entry, isNewDay ? undefined : before)}
    `;
  }

  private renderNotice(notice: ChatNotice): TemplateResult {
    const { about, at } = notice;
    return html`<p class="notice ${about}" title=${formatMoment(at)}>${describe(notice)}</p>`;
  }

  private renderMessage(message: ChatMessage, before: LogEntry | undefined): TemplateResult {
    const { mine, sender, at, delivery, isText } = message;
    const isFirst =
      before?.kind !== 'message' ||
      before.sender !== sender ||
      before.mine !== mine ||
      at - before.at > GROUP_MS;
    return html`
      <article
        class="message ${mine ? 'mine' : ''} ${delivery} ${isFirst ? 'first' : ''}"
        data-delivery=${delivery}
      >
        ${
          isFirst
            ? html`
                <p class="head">
                  <bdi class="sender">${mine ? 'You' : sender}</bdi>
                  <time datetime=${new Date(at).toISOString()} title=${formatMoment(at)}
                    >${formatClock(at)}</time
                  >
                </p>
                ${mine ? null : html`<rp-monogram .name=${sender}></rp-monogram>`}
              `
            : null
        }
        <div class="body ${isText ? '' : 'json'}" dir="auto" title=${formatMoment(at)}>
          <span class="text">${renderText(message)}</span>
        </div>
        ${delivery === 'pending' ? html`<p class="fate">Sending…</p>` : null}
        ${delivery === 'failed' ? this.renderFailure(message) : null}
      </article>
    `;
  }

  private renderFailure({ key, reason }: ChatMessage): TemplateResult {
    return html`
      <div class="fate">
        <span>Not sent: ${reason}.</span>
        <button class="button small" @click=${() => this.dispatchEvent(new FailedMessageEvent('retry', key))}>
          Try again
        </button>
        <button
          class="button small quiet"
          @click=${() => this.dispatchEvent(new FailedMessageEvent('discard', key))}
        >
          Discard
        </button>
      </div>
    `;
  }

  private onScroll(): void {
    this.#end.scrolled();
    if (this.#end.isFollowed) this.below = 0;
  }

  private toEnd(): void {
    this.#end.goTo();
    this.below = 0;
    // The button goes with this click; the log takes the focus it would drop.
    this.log.focus({ preventScroll: true });
  }
}

function renderText({ text, isText }: ChatMessage): unknown {
  if (!isText) return text;
  return linkify(text).map(({ text: piece, href }) =>
    href === null
      ? piece
      : html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow">${piece}</a>`,
  );
}

function describe({ about, names, count }: ChatNotice): string {
  if (about === 'gap') {
    if (count === null) return 'Messages may be missing here';
    return `${formatMany(count, 'message')} may be missing here`;
  }
  const others = (count ?? 0) - names.length;
  const who = others > 0 ? [...names, formatMany(others, 'other')] : names;
  return `${LIST.format(who)} ${about === 'joined' ? 'came in' : 'left'}`;
}

const LIST = new Intl.ListFormat('en');

declare global {
  interface HTMLElementTagNameMap {
    'rp-message-log': RpMessageLog;
  }
  interface HTMLElementEventMap {
    'failed-message': FailedMessageEvent;
  }
}
