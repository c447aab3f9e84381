import { readFile } from 'node:fs/promises';
import { type Locator, type Page, test } from '@playwright/test';

/** What a saved report says, as far as tests look at it. */
export interface SavedReport {
  readonly url: string;
  readonly checks: readonly { readonly id: string; readonly status: string }[];
  readonly findings: readonly { readonly id: string }[];
  readonly advice: { readonly transports: readonly string[] };
}

/** The connection doctor: the desk at the top, findings, settings, checks, reports. */
export class DoctorPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Begins, cancels, begins again. */
  get start(): Locator {
    return this.page.getByRole('button', { name: /^(Start|Examine again)$/ });
  }

  get cancel(): Locator {
    return this.page.getByRole('button', { name: 'Cancel' });
  }

  /** What came of it, or what is going on, in one sentence. */
  get verdict(): Locator {
    return this.page.locator('#verdict');
  }

  /** What a screen reader is told meanwhile. */
  get announcement(): Locator {
    return this.page.locator('rp-examination').getByRole('status');
  }

  get checks(): Locator {
    return this.page.locator('rp-check-list [data-check]');
  }

  check(id: string): Locator {
    return this.page.locator(`rp-check-list [data-check=${id}]`);
  }

  get findings(): Locator {
    return this.page.getByRole('article');
  }

  /** Findings that are more than good to know. */
  get troubles(): Locator {
    return this.page.getByRole('article').getByRole('heading', { name: /^(Broken|Worse than it could be):/ });
  }

  finding(title: string): Locator {
    return this.page.getByRole('article', { name: title });
  }

  get useSettings(): Locator {
    return this.page.getByRole('button', { name: 'Use these settings in this browser' });
  }

  get forgetSettings(): Locator {
    return this.page.getByRole('button', { name: /^Forget/ });
  }

  get comparison(): Locator {
    return this.page.getByRole('region', { name: 'What is different' });
  }

  get problem(): Locator {
    return this.page.getByRole('alert');
  }

  async open(query = ''): Promise<void> {
    await test.step('open the connection doctor', async () => {
      await this.page.goto(`doctor${query}`);
    });
  }

  async openReport(report: object | string, name = 'report.json'): Promise<void> {
    await test.step('open a saved report', async () => {
      const text = typeof report === 'string' ? report : JSON.stringify(report);
      await this.page
        .locator('input[type=file]')
        .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
    });
  }

  /** The report as the page saves it. */
  async saveReport(): Promise<SavedReport> {
    return await test.step('save the report', async () => {
      const [download] = await Promise.all([
        this.page.waitForEvent('download'),
        this.page.getByRole('button', { name: 'JSON' }).click(),
      ]);
      return JSON.parse(await readFile(await download.path(), 'utf8')) as SavedReport;
    });
  }
}
