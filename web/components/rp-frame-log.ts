import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { formatBytes, formatCount, formatInstant, formatMoment } from '../format.ts';
import type { LogEntry, LogFrame } from '../state/try/frame-log.ts';
import { prettyFrame } from '../state/try/pretty-frame.ts';
import { controls } from '../styles/controls.ts';
import { FollowEndController } from './follow-end-controller.ts';
import { downIcon, upIcon } from './icons.ts';

/** Longer frames are cut in the picture; the log has all of them. */
const SHOWN_CHARACTERS = 10_000;

/** What went over a line, oldest first: sent, received, and what happened between. */
@customElement('rp-frame-log')
export class RpFrameLog extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-height: 0;
        container-type: inline-size;
      }

      .log {
        height: 100%;
        padding: var(--rp-space-2) 0;
        overflow: auto;
        overscroll-behavior: contain;
        background: var(--rp-ground);
      }

      .log:focus-visible {
        outline-offset: -2px;
      }

      .frame,
      .note {
        display: grid;
        grid-template-columns: 1rem minmax(0, 1fr) auto;
        gap: 0 var(--rp-space-2);
        padding: 0.1875rem var(--rp-space-4);
        font-size: var(--rp-text-sm);
      }

      .direction {
        display: grid;
        place-items: center;
        height: 1.55em;
        color: var(--rp-ok);
      }

      .sent .direction {
        color: var(--rp-accent);
      }

      .direction svg {
        width: 1rem;
        height: 1rem;
      }

      .text {
        margin: 0;
        font: 0.8125rem / 1.55 var(--rp-font-mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }

      .rest {
        color: var(--rp-text-muted);
        font-family: var(--rp-font);
        font-style: italic;
      }

      .meta {
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
        font-variant-numeric: tabular-nums;
        line-height: calc(1.55 * 0.8125rem);
        white-space: nowrap;
      }

      .meta time {
        margin-inline-start: var(--rp-space-2);
      }

      .note {
        color: var(--rp-text-muted);
      }

      .note .words {
        grid-column: 2;
        overflow-wrap: anywhere;
      }

      .note.bad {
        color: var(--rp-danger);
      }

      .nothing,
      .dropped {
        padding: var(--rp-space-4);
        color: var(--rp-text-muted);
        font-size: var(--rp-text-sm);
        text-align: center;
      }

      .nothing {
        display: grid;
        place-items: center;
        height: 100%;
      }

      .nothing p {
        max-width: 24rem;
        text-wrap: balance;
      }

      .dropped {
        padding-block: 0 var(--rp-space-2);
      }

      @container (max-width: 26rem) {
        .frame,
        .note {
          grid-template-columns: 1rem minmax(0, 1fr);
        }

        .meta {
          grid-column: 2;
        }

        .meta time:only-child {
          margin: 0;
        }
      }
    `,
  ];

  /** Whose log it is. */
  @property() label = '';
  @property({ attribute: false }) entries: readonly LogEntry[] = [];
  /** How many older ones were forgotten. */
  @property({ type: Number }) dropped = 0;
  /** JSON is laid out over lines. */
  @property({ type: Boolean }) pretty = false;

  @query('.log') private readonly log!: HTMLElement;
  readonly #end = new FollowEndController(this, () => this.log);
  readonly #laidOut = new WeakMap<LogEntry, string>();

  protected override render(): TemplateResult {
    return html`
      <div class="log" role="log" aria-label="Frames of ${this.label}" tabindex="0" @scroll=${this.onScroll}>
        ${
          this.entries.length === 0
            ? html`<div class="nothing">
                <p>Nothing yet. What you send shows up here, and what comes back.</p>
              </div>`
            : null
        }
        ${
          this.dropped > 0
            ? html`<p class="dropped">${formatCount(this.dropped)} older ones are no longer kept.</p>`
            : null
        }
        ${repeat(
          this.entries,
          ({ key }) => key,
          (entry) => this.renderEntry(entry),
        )}
      </div>
    `;
  }

  private renderEntry(entry: LogEntry): TemplateResult {
    const time = html`<time datetime=${new Date(entry.at).toISOString()} title=${formatMoment(entry.at)}
      >${formatInstant(entry.at)}</time
    >`;
    if (entry.kind === 'note') {
      return html`<div class="note ${entry.tone}">
        <span class="words">${entry.text}</span><span class="meta">${time}</span>
      </div>`;
    }
    const isSent = entry.direction === 'sent';
    return html`
      <div class="frame ${entry.direction}">
        <span class="direction"
          >${isSent ? upIcon : downIcon}<span class="visually-hidden"
            >${isSent ? 'Sent' : 'Received'}</span
          ></span
        >
        <pre class="text">${this.renderText(entry)}</pre>
        <span class="meta"><span>${formatBytes(entry.bytes)}</span>${time}</span>
      </div>
    `;
  }

  private renderText(frame: LogFrame): TemplateResult | string {
    if (frame.isBinary) return html`<span class="rest">binary</span> ${frame.text}`;
    const text = this.pretty ? this.layOut(frame) : frame.text;
    if (text === '') return html`<span class="rest">empty</span>`;
    if (text.length <= SHOWN_CHARACTERS) return text;
    const rest = formatCount(text.length - SHOWN_CHARACTERS);
    return html`${text.slice(0, SHOWN_CHARACTERS)}<span class="rest"> … and ${rest} more characters</span>`;
  }

  private layOut(frame: LogFrame): string {
    const known = this.#laidOut.get(frame);
    if (known !== undefined) return known;
    const text = prettyFrame(frame.text) ?? frame.text;
    this.#laidOut.set(frame, text);
    return text;
  }

  private onScroll(): void {
    this.#end.scrolled();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-frame-log': RpFrameLog;
  }
}
