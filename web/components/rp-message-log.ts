import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { formatClock, formatDay, formatMany, formatMoment } from '../format.ts';
import type { PastPhase } from '../state/chat-history.ts';
import { linkify } from '../state/linkify.ts';
import { type LogLine, linesOf } from '../state/log-lines.ts';
import type { ChatMessage, LogEntry } from '../state/message-log.ts';
import { describeNotice } from '../state/notice-text.ts';
import { controls } from '../styles/controls.ts';
import { messageLog } from '../styles/message-log.ts';
import { FollowEndController } from './follow-end-controller.ts';
import { downIcon, waitingIcon } from './icons.ts';
import { ReadingPlaceController } from './reading-place-controller.ts';
import { EarlierEvent } from './rp-log-past.ts';
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

/** This close to the beginning it is time for what came before. */
const NEAR_BEGINNING_PX = 240;

/**
 * What was said in a room, oldest first. Follows the newest message unless the user has scrolled away from it, and
 * asks for earlier ones as they scroll up to the oldest.
 */
@customElement('rp-message-log')
export class RpMessageLog extends LitElement {
  static override styles = [controls, messageLog];

  /** The room's name, for the log's label. */
  @property() room = '';
  @property({ attribute: false }) entries: readonly LogEntry[] = [];
  /** How it goes on above the oldest entry. */
  @property({ attribute: false }) past: PastPhase = 'loading';
  @property({ attribute: false }) pastProblem: string | null = null;
  /** Own messages wait for the connection. */
  @property({ type: Boolean }) away = false;

  /** Messages that came while the user was reading further up. */
  @state() private below = 0;
  @query('.log') private readonly log!: HTMLElement;
  @query('.lines') private readonly list!: HTMLElement;
  readonly #end = new FollowEndController(this, () => this.log);
  #lines: readonly LogLine[] = [];
  #newestKey: string | undefined;

  constructor() {
    super();
    new ReadingPlaceController(
      this,
      () => ({ scroller: this.log, list: this.list }),
      () => this.#end.isFollowed,
    );
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('room') && !changed.has('entries')) return;
    this.#lines = linesOf(this.entries, Date.now());
    if (changed.has('room')) {
      this.#end.follow();
      this.below = 0;
    } else {
      const fresh = this.messagesAfterNewest();
      // Who says something wants to see it said.
      if (fresh.some(({ delivery }) => delivery === 'pending')) this.#end.follow();
      this.below = this.#end.isFollowed ? 0 : this.below + fresh.length;
    }
    this.#newestKey = this.entries.at(-1)?.key;
  }

  protected override updated(): void {
    this.askForEarlier();
  }

  protected override render(): TemplateResult {
    const waiting = this.away ? this.entries.findLast(isPending)?.key : undefined;
    return html`
      <div
        class="log"
        role="log"
        aria-label="Messages in ${this.room}"
        aria-busy=${this.past === 'loading'}
        tabindex="0"
        @scroll=${this.onScroll}
      >
        <div class="list">
          <rp-log-past
            .phase=${this.past}
            .problem=${this.pastProblem ?? ''}
            .empty=${this.entries.length === 0}
          ></rp-log-past>
          <div class="lines">
            ${repeat(
              this.#lines,
              ({ key }) => key,
              (line) => this.renderLine(line, line.key === waiting),
            )}
          </div>
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

  private renderLine(line: LogLine, isWaiting: boolean): unknown {
    switch (line.type) {
      case 'day':
        return html`<p class="divider">${formatDay(line.at, Date.now())}</p>`;
      case 'away':
        return html`<p class="divider away">${formatMany(line.count, 'message')} while you were away</p>`;
      case 'notice': {
        const { kind, at } = line.entry;
        const look = kind === 'gap' ? 'divider gap' : 'notice';
        return html`<p class=${look} title=${formatMoment(at)}>${describeNotice(line.entry)}</p>`;
      }
      case 'message':
        return guard([line.entry, line.isFirst, isWaiting], () =>
          this.renderMessage(line.entry, line.isFirst, isWaiting),
        );
    }
  }

  private renderMessage(message: ChatMessage, isFirst: boolean, isWaiting: boolean): TemplateResult {
    const { mine, sender, at, delivery, isText } = message;
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
          <span class="text">${renderText(message)}</span>${
            delivery === 'pending'
              ? html`<span class="clock" role="img" aria-label="Sending" title="Sending"
                  >${waitingIcon}</span
                >`
              : null
          }
        </div>
        ${isWaiting ? html`<p class="fate">Will be sent when the connection is back</p>` : null}
        ${delivery === 'failed' ? this.renderFailure(message) : null}
      </article>
    `;
  }

  private renderFailure({ key, failure }: ChatMessage): TemplateResult {
    return html`
      <div class="fate">
        <span>
          ${
            failure?.isUnknown === true
              ? 'Nobody can say whether this arrived. If you retry, it may appear twice.'
              : `Not sent: ${failure?.reason ?? ''}.`
          }
        </span>
        <button class="button small" @click=${() => this.dispatchEvent(new FailedMessageEvent('retry', key))}>
          Retry
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

  /** What was added at the end since the last time. */
  private messagesAfterNewest(): ChatMessage[] {
    const index = this.entries.findLastIndex(({ key }) => key === this.#newestKey);
    return this.entries.slice(index + 1).filter((entry) => entry.kind === 'message');
  }

  private askForEarlier(): void {
    // Out of sight it has no height, and would ask for all there is.
    const isNear = this.log.clientHeight > 0 && this.log.scrollTop < NEAR_BEGINNING_PX;
    if (this.past === 'more' && isNear) this.dispatchEvent(new EarlierEvent());
  }

  private onScroll(): void {
    this.#end.scrolled();
    if (this.#end.isFollowed) this.below = 0;
    this.askForEarlier();
  }

  private toEnd(): void {
    this.#end.goTo();
    this.below = 0;
    // The button goes with this click; the log takes the focus it would drop.
    this.log.focus({ preventScroll: true });
  }
}

function isPending(entry: LogEntry): boolean {
  return entry.kind === 'message' && entry.delivery === 'pending';
}

function renderText({ text, isText }: ChatMessage): unknown {
  if (!isText) return text;
  return linkify(text).map(({ text: piece, href }) =>
    href === null
      ? piece
      : html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow">${piece}</a>`,
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-message-log': RpMessageLog;
  }
  interface HTMLElementEventMap {
    'failed-message': FailedMessageEvent;
  }
}
