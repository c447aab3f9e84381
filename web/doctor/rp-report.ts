import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Report } from '../../doctor/report.ts';
import { brokenIcon, downIcon, fileIcon, printIcon } from '../components/icons.ts';
import '../components/rp-copy-button.ts';
import { controls } from '../styles/controls.ts';
import { panels } from '../styles/panels.ts';
import { reportAsMarkdown } from '../../doctor/markdown.ts';
import { sheet } from './sheet.ts';
import { saveFile } from './save-file.ts';
import { nameOfServer } from './target.ts';

/** A report was read from a file. */
export class ReportEvent extends Event {
  readonly report: Report;

  constructor(report: Report) {
    super('report', { bubbles: true, composed: true });
    this.report = report;
  }
}

/** Takes the report away, and reads one that was saved. */
@customElement('rp-report')
export class RpReport extends LitElement {
  static override styles = [
    controls,
    panels,
    sheet,
    css`
      .panel.dropping {
        border-color: var(--rp-accent);
        background: var(--rp-accent-soft);
      }

      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  /** What can be taken away; `null` before the first run. */
  @property({ attribute: false }) report: Report | null = null;
  @state() private problem: string | null = null;
  @state() private isDropping = false;

  protected override render(): TemplateResult {
    return html`
      <section
        class="panel sheet ${this.isDropping ? 'dropping' : ''}"
        aria-labelledby="report"
        @dragover=${this.onDragOver}
        @dragleave=${() => (this.isDropping = false)}
        @drop=${this.onDrop}
      >
        <div>
          <h2 id="report">${this.report === null ? 'Saved reports' : 'Report'}</h2>
          <p class="lead">
            ${
              this.report === null
                ? 'Somebody sent you a report, or you kept one? Open it here, by itself or beside a new one.'
                : 'For whoever is to help you. It has no addresses of yours, no cookies and no tokens in it. Open one that was saved to see what is different.'
            }
          </p>
        </div>
        <div class="actions">
          ${this.report === null ? null : this.renderTake(this.report)}
          <button class="button" @click=${() => this.picker?.click()}>${fileIcon}Open a saved report</button>
          <input
            type="file"
            accept=".json,application/json"
            hidden
            aria-label="Saved report"
            @change=${this.onPick}
          />
        </div>
        <p role="alert" class=${this.problem === null ? 'visually-hidden' : 'note danger'}>
          ${this.problem === null ? null : html`${brokenIcon}${this.problem}`}
        </p>
      </section>
    `;
  }

  private renderTake(report: Report): TemplateResult[] {
    const name = fileNameOf(report);
    return [
      html`<rp-copy-button
        large
        label="Copy as Markdown"
        .text=${() => reportAsMarkdown(report)}
      ></rp-copy-button>`,
      html`<button
        class="button"
        @click=${() => saveFile(`${name}.md`, 'text/markdown', reportAsMarkdown(report))}
      >
        ${downIcon}Markdown
      </button>`,
      html`<button
        class="button"
        @click=${() => saveFile(`${name}.json`, 'application/json', `${JSON.stringify(report, null, 2)}\n`)}
      >
        ${downIcon}JSON
      </button>`,
      html`<button class="button" @click=${() => print()}>${printIcon}Print</button>`,
    ];
  }

  private get picker(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input');
  }

  private onPick(event: Event): void {
    const picker = event.target as HTMLInputElement;
    const file = picker.files?.[0];
    if (file !== undefined) void this.read(file);
    // So that the same file can be picked again.
    picker.value = '';
  }

  private onDragOver(event: DragEvent): void {
    if (!(event.dataTransfer?.types.includes('Files') ?? false)) return;
    event.preventDefault();
    this.isDropping = true;
  }

  private onDrop(event: DragEvent): void {
    this.isDropping = false;
    const file = event.dataTransfer?.files[0];
    if (file === undefined) return;
    event.preventDefault();
    void this.read(file);
  }

  private async read(file: File): Promise<void> {
    this.problem = null;
    try {
      const text = await file.text();
      const { readReport } = await import('./read-report.ts').catch(() => {
        throw new Error('What reads reports could not be loaded, for the server does not answer.');
      });
      this.dispatchEvent(new ReportEvent(readReport(text)));
    } catch (error) {
      this.problem = `${file.name}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

/** `roomplex-doctor-rooms.example-2026-09-21-1423`: by the clock of whoever examined. */
function fileNameOf({ url, at }: Report): string {
  const time = new Date(at).toISOString().slice(0, 16).replace('T', '-').replace(':', '');
  return `roomplex-doctor-${nameOfServer(url).replace(/[^a-z0-9.-]+/gi, '-')}-${time}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-report': RpReport;
  }
  interface HTMLElementEventMap {
    report: ReportEvent;
  }
}
