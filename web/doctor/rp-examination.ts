import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Check, Report } from '../../doctor/report.ts';
import { brokenIcon, closeIcon, connectedIcon, playIcon, retryIcon, stopIcon } from '../components/icons.ts';
import { TickController } from '../components/tick-controller.ts';
import { formatMoment } from '../format.ts';
import { StoreController } from '../state/store-controller.ts';
import { controls } from '../styles/controls.ts';
import { panels } from '../styles/panels.ts';
import type { Examination } from './examination.ts';
import { examinationLayout } from './examination-layout.ts';
import { announcementOf } from './announcement.ts';
import './rp-server-field.ts';
import './rp-ways.ts';
import { nameOfServer, type Target } from './target.ts';
import { type Verdict, verdictOf } from '../../doctor/verdict.ts';

const VERDICT_ICONS = { good: connectedIcon, warn: brokenIcon, bad: closeIcon };

/** The desk at the top: what will be done, how far it is, and what came of it, always in the same place. */
@customElement('rp-examination')
export class RpExamination extends LitElement {
  static override styles = [controls, panels, examinationLayout];

  @property({ attribute: false }) examination!: Examination;
  @property({ attribute: false }) target!: Target;
  /** A report that was opened and is shown because there is none of one's own. */
  @property({ attribute: false }) opened: Report | null = null;
  @state() private isThorough = false;

  constructor() {
    super();
    new StoreController(this, () => this.examination);
    new TickController(this, () => this.examination.stage === 'running');
  }

  protected override render(): TemplateResult {
    const { progress } = this.examination;
    const isRunning = this.examination.stage === 'running';
    return html`
      <section class="desk panel plan" aria-label="Examination">
        <div class="words">
          ${this.renderHeadline()} ${this.renderControls()}
          <rp-server-field class=${isRunning ? 'away' : ''} .target=${this.target}></rp-server-field>
        </div>
        <rp-ways .checks=${this.checks}></rp-ways>
        <div
          class="progress ${isRunning ? 'on' : ''}"
          role=${isRunning ? 'progressbar' : nothing}
          aria-label=${isRunning ? 'Progress' : nothing}
          aria-valuenow=${isRunning ? Math.round(progress * 100) : nothing}
        >
          <span style="transform: scaleX(${progress})"></span>
        </div>
        <p class="visually-hidden" role="status">${announcementOf(this.examination, this.verdict)}</p>
      </section>
    `;
  }

  private get report(): Report | null {
    const { stage, report } = this.examination;
    return stage === 'done' ? report : stage === 'before' ? this.opened : null;
  }

  private get checks(): readonly Check[] {
    return this.report?.checks ?? this.examination.checks;
  }

  private get verdict(): Verdict | null {
    return this.report === null
      ? null
      : verdictOf(this.report, this.report === this.opened || navigator.onLine);
  }

  private renderHeadline(): TemplateResult {
    const { verdict } = this;
    const server = html`<strong>${nameOfServer(this.report?.url ?? this.target.url)}</strong>`;
    if (verdict !== null) {
      return html`
        <div class="headline ${verdict.tone}">
          <span class="seal">${VERDICT_ICONS[verdict.tone]}</span>
          <div>
            ${this.renderOrigin()}
            <h2 id="verdict">${verdict.headline}</h2>
            <p>${verdict.more}</p>
          </div>
        </div>
      `;
    }
    const [title, text] = {
      before: [
        'What gets through from here?',
        html`Every way from this browser to ${server} is tried: does it connect, answer, last, and how
        quickly?`,
      ],
      running: [html`Examining ${server}`, 'You may go on working in other tabs meanwhile.'],
      cancelled: ['Cancelled', 'What was found out until then is below.'],
      broken: ['The examination broke off', 'That says nothing about your network. Please start it again.'],
      done: ['', ''],
    }[this.examination.stage];
    return html`<div class="headline">
      <div>
        <h2 id="verdict">${title}</h2>
        <p>${text}</p>
      </div>
    </div>`;
  }

  /** Whose report it is: for one that was opened, and on paper. */
  private renderOrigin(): TemplateResult | null {
    if (this.report === null) return null;
    const { url, at, client } = this.report;
    const isOpened = this.report === this.opened;
    return html`<p class="origin ${isOpened ? '' : 'paper'}">
      ${isOpened ? 'A saved report: ' : ''}${nameOfServer(url)}, ${formatMoment(at)}, ${client.agent}
    </p>`;
  }

  private renderControls(): TemplateResult {
    const { stage } = this.examination;
    const isRunning = stage === 'running';
    const again = stage !== 'before';
    return html`
      <div class="controls">
        <button class="button ${isRunning ? '' : 'primary'} start" @click=${this.onStart}>
          ${isRunning ? stopIcon : again ? retryIcon : playIcon}
          ${isRunning ? 'Cancel' : again ? 'Examine again' : 'Start'}
        </button>
        ${isRunning ? this.renderCountdown() : this.renderDepths()}
      </div>
    `;
  }

  private renderCountdown(): TemplateResult {
    const { settled, checks, remainingMs, isThorough } = this.examination;
    const seconds = remainingMs === null ? null : Math.ceil(remainingMs / 1_000);
    return html`
      <p class="countdown figures">
        <span>${settled} of ${checks.length === 0 ? '…' : checks.length} checks</span>
        ${isThorough ? html`<span>${seconds === null ? 'Almost there' : `about ${seconds} s to go`}</span>` : null}
      </p>
    `;
  }

  private renderDepths(): TemplateResult {
    return html`
      <fieldset class="depths">
        <legend class="visually-hidden">How thoroughly</legend>
        ${this.renderDepth(false, 'Quick', 'some seconds', '')}
        ${this.renderDepth(true, 'Thorough', 'over a minute', 'finds idle cuts too')}
      </fieldset>
    `;
  }

  private renderDepth(isThorough: boolean, name: string, hint: string, more: string): TemplateResult {
    return html`
      <label>
        <input
          type="radio"
          name="depth"
          .checked=${isThorough === this.isThorough}
          @change=${() => (this.isThorough = isThorough)}
          @keydown=${this.onKey}
        />
        <span class="name">${name}</span
        ><span class="hint">${hint}${more === '' ? null : html`<span class="more">, ${more}</span>`}</span>
      </label>
    `;
  }

  private onStart(): void {
    if (this.examination.stage === 'running') this.examination.cancel();
    else void this.examination.start(this.target.url, this.isThorough);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.onStart();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-examination': RpExamination;
  }
}
