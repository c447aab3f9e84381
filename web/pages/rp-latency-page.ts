import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../components/rp-time-chart.ts';
import { playIcon, retryIcon, stopIcon } from '../components/icons.ts';
import type { TimeSeries } from '../components/rp-time-chart.ts';
import { formatCount, formatMany, formatMs, formatShare } from '../format.ts';
import type { ConnectionStore } from '../state/connection-store.ts';
import { type LatencyRun, LOST_AFTER_MS, SAMPLES_KEPT } from '../state/latency-run.ts';
import type { LatencySummary } from '../state/latency-statistics.ts';
import { INTERVALS_MS, type LatencyStore } from '../state/latency-store.ts';
import { StoreController } from '../state/store-controller.ts';
import type { ThemeStore } from '../state/theme-store.ts';
import { controls } from '../styles/controls.ts';
import { figures } from '../styles/figures.ts';
import { pageFrame } from '../styles/page-frame.ts';
import { panels } from '../styles/panels.ts';
import { latencyLayout } from './latency-layout.ts';

/** How much time the chart shows, at first and at most. */
const FIRST_SECONDS = 15;
const WINDOW_SECONDS = 60;
const SAMPLES_LISTED = 20;

type Figure = Exclude<keyof LatencySummary, 'count' | 'mean'>;

const FIGURES: readonly { readonly key: Figure; readonly text: string; readonly hint: string }[] = [
  { key: 'p50', text: 'p50', hint: 'Half were this fast or faster' },
  { key: 'p95', text: 'p95', hint: '95 of 100 were this fast or faster' },
  { key: 'p99', text: 'p99', hint: '99 of 100 were this fast or faster' },
  { key: 'min', text: 'min', hint: 'The fastest' },
  { key: 'max', text: 'max', hint: 'The slowest' },
  { key: 'jitter', text: 'jitter', hint: 'Mean difference between one and the next' },
];

/** Measures round trips over the connection this page uses, whatever its transport. */
@customElement('rp-latency-page')
export class RpLatencyPage extends LitElement {
  static override styles = [controls, panels, pageFrame, figures, latencyLayout];

  @property({ attribute: false }) latency!: LatencyStore;
  @property({ attribute: false }) connection!: ConnectionStore;
  @property({ attribute: false }) theme!: ThemeStore;

  @state() private isTableShown = false;

  constructor() {
    super();
    new StoreController(this, () => this.latency);
    new StoreController(this, () => this.connection);
    new StoreController(this, () => this.theme);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.latency.stop();
  }

  protected override render(): TemplateResult {
    const { run } = this.latency;
    return html`
      <div class="page">
        <header class="intro">
          <h1 tabindex="-1">Latency</h1>
          <p class="muted small" role="status">${this.status}</p>
        </header>
        ${this.renderControls()} ${this.renderFigures(run)}
        <section class="panel" aria-labelledby="trips">
          <header>
            <h2 id="trips">Round trips</h2>
            <button class="button small" aria-pressed=${this.isTableShown} @click=${this.toggleTable}>
              Show as table
            </button>
          </header>
          ${this.isTableShown ? this.renderTable(run) : this.renderChart(run)}
          <p class="summary" id="summary">${describeRun(run)}</p>
        </section>
        ${this.latency.earlier.length === 0 ? null : this.renderEarlier()}
      </div>
    `;
  }

  private get status(): string {
    const { isRunning, isPaused, run } = this.latency;
    if (!isRunning) return run === null ? 'Not started' : 'Stopped';
    if (isPaused) return 'Paused until the connection is back';
    return 'Measuring';
  }

  private renderControls(): TemplateResult {
    const { isRunning, intervalMs, run } = this.latency;
    return html`
      <div class="controls">
        <button class="button primary" @click=${this.toggle}>
          ${isRunning ? stopIcon : playIcon}${isRunning ? 'Stop' : 'Start'}
        </button>
        <label class="interval">
          <span class="label">One ping every</span>
          <select class="field" @change=${this.onInterval}>
            ${INTERVALS_MS.map((ms) => html`<option value=${ms} ?selected=${ms === intervalMs}>${ms} ms</option>`)}
          </select>
        </label>
        <button class="button" ?disabled=${run === null} @click=${() => this.latency.clear()}>
          ${retryIcon}Reset
        </button>
        <p class="transport">
          <span class="label">Transport</span>
          <span class="mono">${run?.transport ?? this.connection.transport ?? 'not connected'}</span>
        </p>
      </div>
    `;
  }

  private renderFigures(run: LatencyRun | null): TemplateResult {
    const summary = run?.summary ?? null;
    return html`
      <dl class="figures-row panel plan">
        ${FIGURES.map(({ key, text, hint }) =>
          this.renderFigure(text, hint, summary === null ? null : formatMs(summary[key]), ' ms'),
        )}
        ${this.renderFigure(
          'loss',
          `No answer within ${LOST_AFTER_MS / 1_000} s`,
          run === null ? null : formatShare(run.loss),
          '',
        )}
      </dl>
    `;
  }

  private renderFigure(name: string, hint: string, figure: string | null, unit: string): TemplateResult {
    return html`
      <div class="figure">
        <dt>${name}</dt>
        <dd class="large">
          ${figure ?? '–'}${figure === null ? null : html`<span class="unit">${unit}</span>`}
        </dd>
        <dd class="hint">${hint}</dd>
      </div>
    `;
  }

  private renderChart(run: LatencyRun | null): TemplateResult {
    const end = Math.max(
      FIRST_SECONDS,
      this.latency.isRunning ? this.latency.elapsed / 1_000 : lastSecond(run),
    );
    const start = Math.max(0, end - WINDOW_SECONDS);
    return html`
      <rp-time-chart
        .series=${seriesSince(run, start)}
        .range=${[start, end]}
        .dark=${this.theme.isDark}
        label="Round trips of the last minute as a line. ${describeRun(run)}"
      ></rp-time-chart>
    `;
  }

  private renderTable(run: LatencyRun | null): TemplateResult {
    const rows = [];
    for (let i = 1; i <= SAMPLES_LISTED; i++) {
      const sample = run?.samples.at(-i);
      if (sample !== undefined) rows.push(sample);
    }
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label="The newest round trips">
        <table>
          <caption class="muted small">
            The newest ${SAMPLES_LISTED} round trips, newest first
          </caption>
          <thead>
            <tr>
              <th scope="col">Sent after</th>
              <th scope="col">Round trip</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ at, roundTrip }) => html`
                <tr>
                  <td>${(at / 1_000).toFixed(2)} s</td>
                  <td>${roundTrip === null ? 'lost' : `${formatMs(roundTrip)} ms`}</td>
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  private renderEarlier(): TemplateResult {
    return html`
      <section class="panel" aria-labelledby="earlier">
        <header><h2 id="earlier">Other transports in this tab</h2></header>
        <div class="scroll" tabindex="0" role="region" aria-label="Other transports">
          <table>
            <thead>
              <tr>
                <th scope="col">Transport</th>
                <th scope="col">Pings</th>
                <th scope="col">p50</th>
                <th scope="col">p95</th>
                <th scope="col">p99</th>
                <th scope="col">Jitter</th>
                <th scope="col">Loss</th>
              </tr>
            </thead>
            <tbody>
              ${this.latency.earlier.map((run) => this.renderEarlierRun(run))}
            </tbody>
          </table>
        </div>
      </section>
    `;
  }

  private renderEarlierRun(run: LatencyRun): TemplateResult {
    const { summary } = run;
    const time = (key: Figure): string => (summary === null ? '–' : `${formatMs(summary[key])} ms`);
    return html`
      <tr>
        <th scope="row" class="mono">${run.transport}</th>
        <td>${formatCount(run.answered + run.lost)}</td>
        <td>${time('p50')}</td>
        <td>${time('p95')}</td>
        <td>${time('p99')}</td>
        <td>${time('jitter')}</td>
        <td>${formatShare(run.loss)}</td>
      </tr>
    `;
  }

  private toggle(): void {
    if (this.latency.isRunning) this.latency.stop();
    else this.latency.start();
  }

  private toggleTable(): void {
    this.isTableShown = !this.isTableShown;
  }

  private onInterval(event: Event): void {
    this.latency.setInterval(Number((event.target as HTMLSelectElement).value));
  }
}

/** The line's points from a second on; losses are gaps in it. Answers may come out of order, time may not. */
function seriesSince(run: LatencyRun | null, second: number): TimeSeries {
  const points: [number, number | null][] = [];
  for (const { at, roundTrip } of run?.samples ?? []) {
    if (at / 1_000 >= second) points.push([at / 1_000, roundTrip]);
  }
  points.sort(([one], [other]) => one - other);
  return [points.map(([at]) => at), points.map(([, roundTrip]) => roundTrip)];
}

function lastSecond(run: LatencyRun | null): number {
  return (run?.samples.at(-1)?.at ?? 0) / 1_000;
}

function describeRun(run: LatencyRun | null): string {
  const summary = run?.summary ?? null;
  if (run === null || summary === null) {
    return 'Nothing measured yet. A ping goes to the server and back over the connection this page uses.';
  }
  const { count, p50, p99, max } = summary;
  const over =
    run.answered > SAMPLES_KEPT
      ? `the last ${formatMany(count, 'round trip')}`
      : formatMany(count, 'round trip');
  return (
    `Over ${run.transport}, of ${over}, half took ${formatMs(p50)} ms or less, 99 of 100 took ${formatMs(p99)} ms ` +
    `or less, and the slowest ${formatMs(max)} ms. ${run.lost === 0 ? 'None was lost.' : `${formatMany(run.lost, 'ping')} lost.`}`
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-latency-page': RpLatencyPage;
  }
}
