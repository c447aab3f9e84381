import { css, html, LitElement, type PropertyValues, type TemplateResult, unsafeCSS } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import uPlot from 'uplot';
import chartCss from 'uplot/dist/uPlot.min.css?inline';
import { formatMs } from '../format.ts';

/** Seconds on the axis and, beside them, milliseconds; `null` where nothing was measured. */
export type TimeSeries = readonly [seconds: readonly number[], milliseconds: readonly (number | null)[]];

/** A line of milliseconds over time. It is a picture: whoever uses it also tells the figures in words. */
@customElement('rp-time-chart')
export class RpTimeChart extends LitElement {
  static override styles = [
    unsafeCSS(chartCss),
    css`
      :host {
        display: block;
        position: relative;
        height: 18rem;
      }

      .chart {
        position: absolute;
        inset: 0;
      }

      .u-cursor-pt {
        border-color: var(--rp-accent) !important;
      }

      .u-hz .u-cursor-x,
      .u-hz .u-cursor-y {
        border-color: var(--rp-line-strong);
      }
    `,
  ];

  @property({ attribute: false }) series: TimeSeries = [[], []];
  /** The time axis, in seconds. */
  @property({ attribute: false }) range: readonly [from: number, to: number] = [0, 60];
  /** What the picture shows, in a sentence. */
  @property() label = '';
  /** A change makes the chart read its colours anew. */
  @property({ type: Boolean }) dark = false;

  @query('.chart') private readonly place!: HTMLElement;
  #plot: uPlot | null = null;
  readonly #sizes = new ResizeObserver(() => this.#plot?.setSize(this.#size()));

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#draw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#erase();
  }

  protected override firstUpdated(): void {
    this.#draw();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('dark') && changed.get('dark') !== undefined) {
      this.#erase();
      this.#draw();
      return;
    }
    this.#plot?.batch(() => {
      this.#plot?.setData(this.#data(), false);
      this.#plot?.setScale('x', { min: this.range[0], max: this.range[1] });
    });
  }

  protected override render(): TemplateResult {
    return html`<div class="chart" role="img" aria-label=${this.label}></div>`;
  }

  #draw(): void {
    const style = getComputedStyle(this);
    const token = (name: string): string => resolveColor(this, style.getPropertyValue(name));
    const text = token('--rp-text-muted');
    const font = `12px ${style.getPropertyValue('--rp-font')}`;
    const axis: uPlot.Axis = {
      stroke: text,
      font,
      grid: { stroke: token('--rp-line'), width: 1 },
      ticks: { stroke: token('--rp-line'), width: 1, size: 4 },
    };
    this.#plot = new uPlot(
      {
        ...this.#size(),
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, y: false },
        scales: {
          x: { time: false, auto: false, range: () => [...this.range] as [number, number] },
          y: { range: (_, __, max) => [0, Math.max(1, (max ?? 1) * 1.15)] },
        },
        axes: [
          { ...axis, values: (_, ticks) => ticks.map((tick) => `${tick} s`), space: 64, size: 32 },
          { ...axis, values: (_, ticks) => ticks.map((tick) => `${tick} ms`), size: 64, space: 36 },
        ],
        series: [
          {},
          {
            stroke: token('--rp-accent'),
            fill: token('--rp-accent-soft'),
            width: 1.5,
            points: { show: false },
            value: (_, value: number | null) => (value === null ? '' : `${formatMs(value)} ms`),
          },
        ],
      },
      this.#data(),
      this.place,
    );
    this.#sizes.observe(this);
  }

  #erase(): void {
    this.#sizes.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  #size(): { width: number; height: number } {
    return { width: this.clientWidth, height: this.clientHeight };
  }

  #data(): uPlot.AlignedData {
    return [[...this.series[0]], [...this.series[1]]];
  }
}

/** A canvas knows no `light-dark()`: the browser works the colour out on an element of this theme. */
function resolveColor(host: HTMLElement, color: string): string {
  const probe = document.createElement('span');
  probe.style.color = color;
  host.shadowRoot?.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-time-chart': RpTimeChart;
  }
}
