import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { StoreController } from '../state/store-controller.ts';
import { describeTarget } from '../state/try/endpoint.ts';
import type { Field } from '../state/try/protocol.ts';
import type { TryClient } from '../state/try/try-client.ts';
import { groupWays, type Way } from '../state/try/ways.ts';
import { controls } from '../styles/controls.ts';

/** Chooses how a client connects and what it says on the way in, and connects it. */
@customElement('rp-try-connect')
export class RpTryConnect extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        padding: 0 var(--rp-space-4) var(--rp-space-3);
      }

      form {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--rp-space-2);
      }

      label {
        flex: 1 1 10rem;
        min-width: 0;
      }

      .button {
        min-width: 7.5rem;
      }

      .field:disabled {
        border-color: var(--rp-line);
        background: var(--rp-surface-sunken);
        color: var(--rp-text-muted);
        opacity: 1;
      }

      .address {
        margin-top: var(--rp-space-2);
        color: var(--rp-text-muted);
        font-size: var(--rp-text-xs);
        overflow-wrap: anywhere;
      }

      @media (max-width: 40rem) {
        label,
        .button {
          flex-basis: 100%;
        }
      }
    `,
  ];

  @property({ attribute: false }) client!: TryClient;

  constructor() {
    super();
    new StoreController(this, () => this.client);
  }

  protected override render(): TemplateResult {
    const { protocol, way, isBusy, endpoint, missing, activeFields } = this.client;
    return html`
      <form @submit=${this.onSubmit}>
        <label>
          <span class="label">Connect by</span>
          <select class="field" ?disabled=${isBusy} @change=${this.onWay}>
            ${[...groupWays(protocol.ways)].map(
              ([group, faces]) => html`
                <optgroup label=${group}>
                  ${faces.map(
                    (face) =>
                      html`<option value=${face.way} ?selected=${face.way === way}>${face.text}</option>`,
                  )}
                </optgroup>
              `,
            )}
          </select>
        </label>
        ${activeFields.map((field) => this.renderField(field))}
        <button class="button" ?disabled=${!isBusy && missing !== null}>
          ${isBusy ? 'Disconnect' : 'Connect'}
        </button>
      </form>
      <p class="address mono">
        ${missing === null ? describeTarget(endpoint, way) : `Fill in: ${missing.label}`}
      </p>
    `;
  }

  private renderField(field: Field): TemplateResult {
    const { fields, isBusy } = this.client;
    return html`
      <label>
        <span class="label">${field.label}</span>
        <input
          class="field"
          placeholder=${field.placeholder ?? ''}
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          ?disabled=${isBusy}
          .value=${fields.get(field.key) ?? ''}
          @input=${(event: InputEvent) => this.client.fill(field, (event.target as HTMLInputElement).value)}
        />
      </label>
    `;
  }

  private onWay(event: Event): void {
    this.client.choose((event.target as HTMLSelectElement).value as Way);
  }

  private onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    if (this.client.isBusy) this.client.disconnect();
    else this.client.connect();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-try-connect': RpTryConnect;
  }
}
