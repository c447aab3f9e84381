import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { copyText } from '../copy-text.ts';
import { formatMany } from '../format.ts';
import { StoreController } from '../state/store-controller.ts';
import type { Remedy } from '../state/try/protocol.ts';
import type { TryClient } from '../state/try/try-client.ts';
import { controls } from '../styles/controls.ts';
import { panels } from '../styles/panels.ts';
import { closeIcon, copyIcon } from './icons.ts';
import './rp-frame-editor.ts';
import './rp-frame-log.ts';
import './rp-try-connect.ts';
import './rp-try-state.ts';

/** The user has no more use for this client. */
class ClientCloseEvent extends Event {
  constructor() {
    super('client-close', { bubbles: true, composed: true });
  }
}

const COPIED_MS = 3_000;

/** One client of a protocol: how it connects, what went to and fro, and where the next frame is typed. */
@customElement('rp-try-client')
export class RpTryClient extends LitElement {
  static override styles = [
    controls,
    panels,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      section {
        display: flex;
        flex-direction: column;
        overflow: hidden;
      }

      header,
      .bar {
        display: flex;
        align-items: center;
        gap: 0 var(--rp-space-3);
        min-height: 3rem;
        padding: var(--rp-space-2) var(--rp-space-4);
      }

      header {
        min-height: 3.5rem;
        padding-top: var(--rp-space-3);
      }

      h2:focus {
        outline: none;
      }

      rp-try-state {
        min-width: 0;
        max-width: 70%;
        margin-inline-start: auto;
      }

      .bar {
        justify-content: space-between;
        padding-inline-end: var(--rp-space-3);
        border-top: 1px solid var(--rp-line);
      }

      .note {
        margin: 0 var(--rp-space-4) var(--rp-space-3);
      }

      .note .button {
        padding-block: var(--rp-space-1);
        text-align: start;
        white-space: normal;
        overflow-wrap: anywhere;
      }

      .tools {
        display: flex;
        align-items: center;
        gap: var(--rp-space-1);
      }

      rp-frame-log {
        height: clamp(14rem, 42dvh, 26rem);
        border-block: 1px solid var(--rp-line);
      }

      @media (max-width: 40rem) {
        rp-frame-log {
          height: 16rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) client!: TryClient;
  /** It may be taken away. */
  @property({ type: Boolean }) removable = false;

  @state() private isPretty = false;
  @state() private copied = '';
  @query('h2') private readonly heading!: HTMLElement;

  constructor() {
    super();
    new StoreController(this, () => this.client);
  }

  protected override render(): TemplateResult {
    const { client } = this;
    const { label, log } = client;
    return html`
      <section class="panel" aria-labelledby="label">
        <header>
          <h2 id="label" tabindex="-1">${label}</h2>
          <rp-try-state .client=${client}></rp-try-state>
          ${
            this.removable
              ? html`<button
                  class="button quiet small icon"
                  aria-label="Remove ${label}"
                  title="Remove"
                  @click=${this.onRemove}
                >
                  ${closeIcon}
                </button>`
              : null
          }
        </header>
        <rp-try-connect .client=${client}></rp-try-connect>
        ${this.renderRemedy(client.remedy)}
        <div class="bar">
          <p class="muted small figures" role="status">
            ${this.copied || formatMany(this.frameCount, 'frame')}
          </p>
          <div class="tools">
            <button class="button quiet small" aria-pressed=${this.isPretty} @click=${this.togglePretty}>
              Pretty-print
            </button>
            <button
              class="button quiet small icon"
              aria-label="Copy the frames of ${label}"
              title="Copy all"
              ?disabled=${log.entries.length === 0}
              @click=${this.onCopy}
            >
              ${copyIcon}
            </button>
            <button
              class="button quiet small"
              aria-label="Clear the frames of ${label}"
              ?disabled=${log.entries.length === 0}
              @click=${this.onClear}
            >
              Clear
            </button>
          </div>
        </div>
        <rp-frame-log
          .label=${label}
          .entries=${log.entries}
          .dropped=${log.dropped}
          .pretty=${this.isPretty}
        ></rp-frame-log>
        <rp-frame-editor .client=${client}></rp-frame-editor>
      </section>
    `;
  }

  private renderRemedy(remedy: Remedy | null): TemplateResult | null {
    if (remedy === null) return null;
    return html`
      <p class="note warn">
        <span>${this.client.protocol.refused}</span>
        <button class="button small" @click=${() => this.client.applyRemedy(remedy)}>${remedy.text}</button>
      </p>
    `;
  }

  /** Brings the user to the beginning of the client. */
  override focus(): void {
    void this.updateComplete.then(() => this.heading.focus());
  }

  private get frameCount(): number {
    return this.client.log.entries.filter(({ kind }) => kind === 'frame').length;
  }

  private togglePretty(): void {
    this.isPretty = !this.isPretty;
  }

  private async onCopy(): Promise<void> {
    this.copied = (await copyText(this.client.log.toText()))
      ? 'Copied'
      : 'This browser does not let pages copy';
    setTimeout(() => (this.copied = ''), COPIED_MS);
  }

  private onClear(): void {
    this.client.clearLog();
  }

  private onRemove(): void {
    this.dispatchEvent(new ClientCloseEvent());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-try-client': RpTryClient;
  }
  interface HTMLElementEventMap {
    'client-close': ClientCloseEvent;
  }
}
