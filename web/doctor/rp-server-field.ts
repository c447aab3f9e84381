import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { controls } from '../styles/controls.ts';
import { nameOfServer, readServerUrl, type Target } from './target.ts';

/** Somebody names the server to examine; `null`: the one this page came from. */
export class ServerEvent extends Event {
  readonly url: string | null;

  constructor(url: string | null) {
    super('server', { bubbles: true, composed: true });
    this.url = url;
  }
}

/** Names another server to examine, where one wants to. */
@customElement('rp-server-field')
export class RpServerField extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        font-size: var(--rp-text-sm);
      }

      summary {
        width: fit-content;
        padding: var(--rp-space-1) 0;
        color: var(--rp-text-muted);
        cursor: pointer;
      }

      summary:hover {
        color: var(--rp-text);
      }

      form {
        display: flex;
        flex-wrap: wrap;
        gap: var(--rp-space-2);
        max-width: 30rem;
        margin-top: var(--rp-space-2);
      }

      .field {
        flex: 1 1 12rem;
        width: auto;
      }

      .problem {
        color: var(--rp-danger);
      }

      p {
        margin-top: var(--rp-space-2);
        max-width: 34rem;
        color: var(--rp-text-muted);
      }

      .link {
        padding: 0;
        border: 0;
        background: none;
        color: var(--rp-accent);
        text-decoration: underline;
        text-underline-offset: 0.2em;
        cursor: pointer;
      }

      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) target!: Target;
  @state() private problem = '';
  @query('input') private readonly field!: HTMLInputElement;

  protected override render(): TemplateResult {
    if (!this.target.isOwn) {
      return html`<p>
        ${nameOfServer(this.target.url)} is not the server this page came from, and answers only if it trusts
        this page's origin.
        <button class="link" @click=${() => this.dispatchEvent(new ServerEvent(null))}>
          Examine this page's server
        </button>
      </p>`;
    }
    return html`
      <details>
        <summary>Examine another server</summary>
        <form @submit=${this.onSubmit} novalidate>
          <input
            class="field"
            type="url"
            inputmode="url"
            autocomplete="url"
            spellcheck="false"
            aria-label="Address of the server"
            aria-describedby="problem"
            placeholder="https://rooms.example"
          />
          <button class="button">Choose</button>
        </form>
        <p id="problem" class="problem" role="alert">${this.problem}</p>
        <p>It has to trust this page's origin. Where it does not, its own page /doctor does the same.</p>
      </details>
    `;
  }

  private onSubmit(event: Event): void {
    event.preventDefault();
    const url = readServerUrl(this.field.value);
    this.problem = url === null ? 'That is not the address of a server.' : '';
    if (url === null) this.field.focus();
    else this.dispatchEvent(new ServerEvent(url));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-server-field': RpServerField;
  }
  interface HTMLElementEventMap {
    server: ServerEvent;
  }
}
