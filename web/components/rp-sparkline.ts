import { css, html, LitElement, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

const WIDTH = 120;
const HEIGHT = 32;

/** A small line of how a figure went. Decoration: whoever uses it says the figure in words. */
@customElement('rp-sparkline')
export class RpSparkline extends LitElement {
  static override styles = css`
    :host {
      display: block;
      height: 2rem;
    }

    svg {
      display: block;
      width: 100%;
      height: 100%;
      overflow: visible;
    }

    .line {
      fill: none;
      stroke: var(--rp-accent);
      stroke-width: 1.5;
      stroke-linejoin: round;
      vector-effect: non-scaling-stroke;
    }

    .area {
      fill: var(--rp-accent-soft);
    }

    .floor {
      stroke: var(--rp-line);
      vector-effect: non-scaling-stroke;
    }
  `;

  /** Oldest first. */
  @property({ attribute: false }) values: readonly number[] = [];
  /** How many values fill the width. */
  @property({ type: Number }) span = 60;

  protected override render(): TemplateResult {
    const top = Math.max(1, ...this.values);
    const step = WIDTH / (this.span - 1);
    const from = WIDTH - step * (this.values.length - 1);
    const points = this.values.map(
      (value, i) => `${(from + i * step).toFixed(1)} ${(HEIGHT - (value / top) * (HEIGHT - 2)).toFixed(1)}`,
    );
    const line = points.length > 1 ? `M${points.join('L')}` : '';
    return html`
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        <path class="floor" d="M0 ${HEIGHT}H${WIDTH}" />
        ${
          line === ''
            ? null
            : svg`<path class="area" d="${line}V${HEIGHT}H${from.toFixed(1)}Z" /><path class="line" d=${line} />`
        }
      </svg>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-sparkline': RpSparkline;
  }
}
