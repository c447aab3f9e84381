import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Finding, Severity } from '../../doctor/report.ts';
import { brokenIcon, closeIcon, infoIcon, type Face } from '../components/icons.ts';
import '../components/rp-copy-button.ts';
import { controls } from '../styles/controls.ts';
import { panels } from '../styles/panels.ts';
import { type Audience, AudienceEvent, AUDIENCES } from './audience.ts';
import { statusLamp } from './status-lamp.ts';

const FACES: Readonly<Record<Severity, Face & { readonly lamp: string }>> = {
  fail: { text: 'Broken', icon: closeIcon, lamp: 'fail' },
  warn: { text: 'Worse than it could be', icon: brokenIcon, lamp: 'warn' },
  info: { text: 'Good to know', icon: infoIcon, lamp: 'running' },
};

/** One thing that is in the way: what it is, what was seen of it, and what each of three people can do about it. */
@customElement('rp-finding')
export class RpFinding extends LitElement {
  static override styles = [
    controls,
    panels,
    statusLamp,
    css`
      :host {
        display: block;
      }

      article {
        overflow: hidden;
      }

      .head {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--rp-space-1) var(--rp-space-3);
        padding: var(--rp-space-4) var(--rp-space-5) var(--rp-space-3);
      }

      .lamp svg.icon {
        animation: none;
      }

      h3 {
        font-size: 1.0625rem;
        line-height: 1.5;
        text-wrap: balance;
      }

      .evidence {
        grid-column: 2;
        color: var(--rp-text-muted);
        font-size: var(--rp-text-sm);
        text-wrap: pretty;
      }

      .evidence li + li {
        margin-top: var(--rp-space-1);
      }

      .tabs {
        display: flex;
        gap: var(--rp-space-1);
        padding: 0 var(--rp-space-4) 0 calc(var(--rp-space-5) + 1.625rem);
        border-bottom: 1px solid var(--rp-line);
      }

      .tab {
        position: relative;
        min-height: 2.5rem;
        padding: 0 var(--rp-space-3);
        border: 0;
        background: none;
        color: var(--rp-text-muted);
        font-size: var(--rp-text-sm);
        font-weight: 560;
        white-space: nowrap;
        cursor: pointer;
      }

      .tab:hover {
        color: var(--rp-text);
      }

      .tab:focus-visible {
        outline-offset: -3px;
      }

      .tab[aria-selected='true'] {
        color: var(--rp-text);
      }

      .tab[aria-selected='true']::after {
        position: absolute;
        inset: auto var(--rp-space-3) -1px;
        height: 2px;
        background: var(--rp-accent);
        content: '';
      }

      .short {
        display: none;
      }

      .remedy {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rp-space-3);
        padding: var(--rp-space-4) var(--rp-space-5) var(--rp-space-5)
          calc(var(--rp-space-5) + 1.625rem + var(--rp-space-3));
      }

      .remedy:not(.shown) {
        display: none;
      }

      .said {
        display: flex;
        flex-wrap: wrap;
        align-items: start;
        justify-content: space-between;
        gap: var(--rp-space-3) var(--rp-space-5);
      }

      .said p {
        flex: 1 1 24rem;
        max-width: 46rem;
        white-space: pre-line;
        overflow-wrap: anywhere;
        text-wrap: pretty;
      }

      .lines {
        overflow: hidden;
        border: 1px solid var(--rp-line);
        border-radius: var(--rp-radius-md);
      }

      .lines header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding: var(--rp-space-1) var(--rp-space-2) var(--rp-space-1) var(--rp-space-4);
        border-bottom: 1px solid var(--rp-line);
      }

      h4 {
        margin: 0;
        font: 560 var(--rp-text-sm) / 1.5 var(--rp-font-mono);
      }

      pre {
        margin: 0;
        padding: var(--rp-space-3) var(--rp-space-4);
        overflow: auto;
        background: var(--rp-ground);
        font: 0.8125rem / 1.6 var(--rp-font-mono);
      }

      pre:focus-visible {
        outline-offset: -2px;
      }

      .for {
        display: none;
      }

      @media (forced-colors: active) {
        .tab[aria-selected='true']::after {
          background: Highlight;
        }
      }

      @media (max-width: 40rem) {
        .head,
        .remedy {
          padding-inline: var(--rp-space-4);
        }

        .tabs {
          padding: 0 var(--rp-space-2);
        }

        .tab {
          flex: 1;
          min-height: 2.75rem;
          padding: 0 var(--rp-space-1);
        }

        .long {
          position: absolute;
          clip-path: inset(50%);
        }

        .short {
          display: inline;
        }
      }

      @media print {
        .tabs,
        rp-copy-button {
          display: none;
        }

        .remedy:not(.shown) {
          display: grid;
        }

        .remedy {
          padding-block: var(--rp-space-2);
          break-inside: avoid;
        }

        .for {
          display: block;
          font-family: inherit;
        }

        pre {
          white-space: pre-wrap;
        }
      }
    `,
  ];

  @property({ attribute: false }) finding!: Finding;
  @property() audience: Audience = 'user';

  protected override render(): TemplateResult {
    const { severity, title, evidence } = this.finding;
    const { text, icon, lamp } = FACES[severity];
    return html`
      <article class="panel" aria-labelledby="title">
        <div class="head">
          <span class="lamp ${lamp}">${icon}</span>
          <h3 id="title"><span class="visually-hidden">${text}: </span>${title}</h3>
          <ul class="evidence" role="list" aria-label="What was seen">
            ${evidence.map((seen) => html`<li>${seen}</li>`)}
          </ul>
        </div>
        <div class="tabs" role="tablist" aria-label="What to do" @keydown=${this.onKey}>
          ${AUDIENCES.map(
            ({ key, text: long, short }) => html`
              <button
                class="tab"
                role="tab"
                id="tab-${key}"
                aria-controls=${key}
                aria-selected=${key === this.audience}
                tabindex=${key === this.audience ? 0 : -1}
                @click=${() => this.choose(key)}
              >
                <span class="long">${long}</span><span class="short" aria-hidden="true">${short}</span>
              </button>
            `,
          )}
        </div>
        ${AUDIENCES.map(({ key, text: forWhom }) => this.renderRemedy(key, forWhom))}
      </article>
    `;
  }

  private renderRemedy(audience: Audience, forWhom: string): TemplateResult {
    const { remedy } = this.finding;
    const text = remedy[audience];
    return html`
      <div
        class="remedy ${audience === this.audience ? 'shown' : ''}"
        role="tabpanel"
        id=${audience}
        aria-labelledby="tab-${audience}"
      >
        <h4 class="for">${forWhom}</h4>
        <div class="said">
          <p>${text}</p>
          ${
            audience === 'user'
              ? null
              : html`<rp-copy-button label="Copy" what="the text" .text=${() => text}></rp-copy-button>`
          }
        </div>
        ${audience === 'operator' ? [this.renderLines('nginx'), this.renderLines('haproxy')] : null}
      </div>
    `;
  }

  private renderLines(proxy: 'nginx' | 'haproxy'): TemplateResult | null {
    const lines = this.finding.remedy[proxy];
    if (lines === undefined) return null;
    return html`
      <section class="lines" aria-label="Lines for ${proxy}">
        <header>
          <h4>${proxy}</h4>
          <rp-copy-button label="Copy" what="the lines for ${proxy}" .text=${() => lines}></rp-copy-button>
        </header>
        <pre tabindex="0">${lines}</pre>
      </section>
    `;
  }

  private choose(audience: Audience): void {
    this.dispatchEvent(new AudienceEvent(audience));
  }

  private onKey(event: KeyboardEvent): void {
    const at = AUDIENCES.findIndex(({ key }) => key === this.audience);
    const last = AUDIENCES.length - 1;
    const next = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key];
    const chosen = next === undefined ? undefined : AUDIENCES[next];
    if (chosen === undefined) return;
    event.preventDefault();
    this.choose(chosen.key);
    this.renderRoot.querySelector<HTMLElement>(`#tab-${chosen.key}`)?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-finding': RpFinding;
  }
}
