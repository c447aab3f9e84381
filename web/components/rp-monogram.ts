import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { styleMap } from 'lit/directives/style-map.js';

/** A name's first letter on a colour that is always the same for the name. Decoration beside the name itself. */
@customElement('rp-monogram')
export class RpMonogram extends LitElement {
  static override styles = css`
    :host {
      display: block;
      flex: none;
      width: 1.75rem;
      height: 1.75rem;
    }

    span {
      display: grid;
      place-items: center;
      height: 100%;
      border-radius: var(--rp-radius-sm);
      /* One lightness for all hues keeps every letter readable on every ground. */
      background: light-dark(oklch(92% 0.045 var(--hue)), oklch(34% 0.06 var(--hue)));
      color: light-dark(oklch(38% 0.11 var(--hue)), oklch(90% 0.06 var(--hue)));
      font-size: var(--rp-text-sm);
      font-weight: 650;
      line-height: 1;
    }
  `;

  @property() name = '';

  protected override render(): TemplateResult {
    const letter = [...new Intl.Segmenter().segment(this.name.trim())][0]?.segment ?? '?';
    return html`<span aria-hidden="true" style=${styleMap({ '--hue': String(hueOf(this.name)) })}
      >${letter.toUpperCase()}</span
    >`;
  }
}

function hueOf(name: string): number {
  let hash = 7;
  for (let i = 0; i < name.length; i++) hash = (hash * 31 + name.charCodeAt(i)) % 3_600_007;
  return (hash * 47) % 360;
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-monogram': RpMonogram;
  }
}
