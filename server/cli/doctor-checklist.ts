import type { Check, CheckStatus } from '../../doctor/report.ts';
import type { Paint, Palette } from './doctor-palette.ts';

/** Where the list is shown. */
export interface ChecklistStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const SIGNS: Readonly<Record<CheckStatus, string>> = {
  waiting: ' ',
  running: '…',
  pass: '✓',
  warn: '!',
  fail: '✗',
  skip: '-',
};

const USUAL_COLUMNS = 80;

/** A list of checks: on a terminal all of them, always as they are; elsewhere a line when one has ended. */
export class Checklist {
  readonly #stream: ChecklistStream;
  readonly #palette: Palette;
  #shown = 0;

  constructor(stream: ChecklistStream, palette: Palette) {
    this.#stream = stream;
    this.#palette = palette;
  }

  begin(url: string): void {
    this.#stream.write(`Examining ${this.#palette.strong(url)}\n`);
  }

  show(checks: readonly Check[], changed: Check | null): void {
    const width = Math.max(...checks.map(({ title }) => title.length));
    if (this.#stream.isTTY === true) {
      const up = this.#shown > 0 ? `\u001b[${this.#shown}A` : '';
      const lines = checks.map((check) => `\u001b[2K${this.#line(check, width)}\n`);
      this.#stream.write(up + lines.join(''));
      this.#shown = checks.length;
      return;
    }
    if (changed !== null && changed.status !== 'running')
      this.#stream.write(`${this.#line(changed, width)}\n`);
  }

  end(): void {
    this.#stream.write('\n');
  }

  #line({ detail, status, title }: Check, width: number): string {
    const head = `  ${this.#paint(status)(SIGNS[status])} ${title.padEnd(width)}  `;
    if (this.#stream.isTTY !== true) return `${head}${detail}`.trimEnd();
    // A line that is broken by the terminal cannot be written anew.
    const room = (this.#stream.columns ?? USUAL_COLUMNS) - width - 7;
    const shown = detail.length > room ? `${detail.slice(0, Math.max(0, room - 1))}…` : detail;
    return `${head}${this.#palette.faint(shown)}`;
  }

  #paint(status: CheckStatus): Paint {
    if (status === 'pass') return this.#palette.good;
    if (status === 'fail') return this.#palette.bad;
    return status === 'warn' ? this.#palette.doubtful : this.#palette.faint;
  }
}
