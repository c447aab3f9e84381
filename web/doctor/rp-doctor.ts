import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { browserEnvironment } from '../../doctor/browser.ts';
import type { Report } from '../../doctor/report.ts';
import { examine } from '../../doctor/run.ts';
import { navigation } from '../components/navigation.ts';
import '../components/rp-theme-switch.ts';
import { StoreController } from '../state/store-controller.ts';
import { ThemeStore } from '../state/theme-store.ts';
import { controls } from '../styles/controls.ts';
import { pageFrame } from '../styles/page-frame.ts';
import { panels } from '../styles/panels.ts';
import { shell } from '../styles/shell.ts';
import type { AdviceEvent } from './advice-event.ts';
import { appliedAdvice, applyAdvice, forgetAdvice, isSameAdvice } from './apply-advice.ts';
import { AUDIENCES, type Audience, type AudienceEvent } from './audience.ts';
import { doctorLayout } from './doctor-layout.ts';
import { Examination } from './examination.ts';
import './rp-advice.ts';
import './rp-check-list.ts';
import './rp-examination.ts';
import './rp-finding.ts';
import './rp-report.ts';
import type { ReportEvent } from './rp-report.ts';
import { multiplexUrl, targetOf } from './target.ts';
import { verdictOf } from '../../doctor/verdict.ts';

/** The connection doctor: a page of its own, which needs nothing of the app and no connection that lasts. */
@customElement('rp-doctor')
export class RpDoctor extends LitElement {
  static override styles = [controls, panels, shell, pageFrame, doctorLayout];

  @state() private opened: Report | null = null;
  @state() private audience: Audience = 'user';

  readonly #target = targetOf(new URL(location.href));
  readonly #theme = new ThemeStore();
  readonly #examination = new Examination((url, options, onProgress) =>
    examine(url, browserEnvironment, options, onProgress),
  );

  constructor() {
    super();
    new StoreController(this, () => this.#examination);
  }

  protected override updated(): void {
    const { stage } = this.#examination;
    if (stage === 'done' || this.opened !== null) loadLaterParts();
    const { report } = this;
    const news =
      stage === 'running' ? 'Examining… · ' : report === null ? '' : `${verdictOf(report).headline} · `;
    document.title = `${news}Connection doctor · Roomplex`;
  }

  protected override render(): TemplateResult {
    return html`
      <header class="bar">
        <a class="skip" href="#main" @click=${this.onSkip}>Skip to the content</a>
        <div class="bar-inner">
          ${navigation({
            address: (path) => new URL(path === '' ? '.' : path, location.href).href,
            isCurrent: (page) => page === 'doctor',
          })}
          <rp-theme-switch .theme=${this.#theme}></rp-theme-switch>
        </div>
      </header>
      <main id="main" tabindex="-1">
        <div class="page" @audience=${this.onAudience} @advice=${this.onAdvice} @report=${this.onReport}>
          <header class="about">
            <h1 tabindex="-1">Connection doctor</h1>
            <p class="lead">
              Finds out what gets through between this browser and the server, names what is in the way, and
              says what to do about it. Nothing is sent anywhere else.
            </p>
          </header>
          ${this.renderApplied()}
          <rp-examination
            .examination=${this.#examination}
            .target=${this.#target}
            .opened=${this.opened}
          ></rp-examination>
          ${this.report === null ? null : [this.renderFindings(this.report), this.renderAdvice(this.report)]}
          ${this.renderComparison()} ${this.renderChecks()}
          <rp-report .report=${this.report}></rp-report>
        </div>
      </main>
    `;
  }

  /** What is shown: one's own, or else one that was opened. */
  private get report(): Report | null {
    const { stage, report } = this.#examination;
    return stage === 'done' ? report : stage === 'before' ? this.opened : null;
  }

  private get isOpened(): boolean {
    return this.report === this.opened;
  }

  private renderFindings(report: Report): TemplateResult | null {
    const { findings } = report;
    if (findings.length === 0) return null;
    return html`
      <section class="findings" aria-labelledby="findings">
        <div class="section-head">
          <h2 id="findings">What was found</h2>
          ${findings.length > 1 ? this.renderCopyAll(report) : null}
        </div>
        ${findings.map(
          (finding) => html`<rp-finding .finding=${finding} .audience=${this.audience}></rp-finding>`,
        )}
      </section>
    `;
  }

  /** Where nothing is in the way, the best settings are none. */
  private renderAdvice(report: Report): TemplateResult | null {
    if (!hasAdvice(report)) return null;
    const isHere = this.#target.isOwn && report.url === this.#target.url;
    return html`<rp-advice
      .report=${report}
      ?canApply=${isHere}
      ?isApplied=${isHere && this.isInUse(report)}
    ></rp-advice>`;
  }

  private isInUse({ url, advice }: Report): boolean {
    const applied = appliedAdvice(multiplexUrl(url));
    return applied !== null && isSameAdvice(applied, advice);
  }

  private renderCopyAll({ findings }: Report): TemplateResult {
    const forWhom = AUDIENCES.find(({ key }) => key === this.audience)?.text ?? '';
    return html`<rp-copy-button
      label="Copy all"
      what="that is said ${forWhom.toLowerCase()}"
      .text=${() => findings.map(({ title, remedy }) => `${title}\n\n${remedy[this.audience]}`).join('\n\n')}
    ></rp-copy-button>`;
  }

  private renderApplied(): TemplateResult | null {
    const { report } = this;
    const applied = appliedAdvice(multiplexUrl(this.#target.url));
    if (applied === null || (report !== null && hasAdvice(report) && this.isInUse(report))) return null;
    return html`
      <div class="note calm">
        <span>
          This browser uses settings that were recommended here:
          <span class="mono">${applied.transports.join(', ')}</span>.
        </span>
        <button class="button small" @click=${this.forget}>Forget</button>
      </div>
    `;
  }

  private renderChecks(): TemplateResult | null {
    const { stage, checks } = this.#examination;
    const shown = this.report?.checks ?? checks;
    if (shown.length === 0) return null;
    return html`<rp-check-list .checks=${shown} ?live=${stage === 'running'}></rp-check-list>`;
  }

  private renderComparison(): TemplateResult | null {
    const own = this.report;
    const other = this.isOpened ? null : (this.opened ?? this.#examination.before);
    if (own === null || other === null) return null;
    const [earlier, later] = other.at <= own.at ? [other, own] : [own, other];
    return html`<rp-comparison
      .earlier=${earlier}
      .later=${later}
      ?canClose=${this.opened !== null}
      @put-away=${() => (this.opened = null)}
    ></rp-comparison>`;
  }

  private onAudience(event: AudienceEvent): void {
    this.audience = event.audience;
  }

  private onAdvice(event: AdviceEvent): void {
    if (event.wish === 'forget') this.forget();
    else if (this.report !== null) applyAdvice(multiplexUrl(this.report.url), this.report.advice);
    this.requestUpdate();
  }

  private forget(): void {
    forgetAdvice(multiplexUrl(this.#target.url));
    this.requestUpdate();
  }

  private onReport(event: ReportEvent): void {
    this.opened = event.report;
  }

  private onSkip(event: MouseEvent): void {
    event.preventDefault();
    this.renderRoot.querySelector('main')?.focus();
  }
}

/** Few want them, so the page begins without; while there is a line, they are fetched before anybody asks. */
function loadLaterParts(): void {
  for (const part of [import('./rp-comparison.ts'), import('./read-report.ts')]) part.catch(() => undefined);
}

function hasAdvice({ findings, advice }: Report): boolean {
  return advice.transports.length > 0 && findings.some(({ severity }) => severity !== 'info');
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-doctor': RpDoctor;
  }
}
