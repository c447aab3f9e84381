import { type Locator, type Page, test } from '@playwright/test';

/** The frame around every page: navigation, connection badge, theme switch, banner. */
export class AppShell {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** State and transport of the connection. */
  get badge(): Locator {
    return this.page.getByRole('button', { name: /^Connection: / });
  }

  get connectionDetails(): Locator {
    return this.page.getByRole('dialog', { name: 'Connection' });
  }

  get heading(): Locator {
    return this.page.getByRole('heading', { level: 1 });
  }

  /** What the banner says while the connection is gone. */
  get banner(): Locator {
    return this.page.locator('rp-reconnect-banner').getByRole('status');
  }

  get countdown(): Locator {
    return this.page.getByRole('timer');
  }

  get tryNow(): Locator {
    return this.page.getByRole('button', { name: 'Try now' });
  }

  get skipLink(): Locator {
    return this.page.getByRole('link', { name: 'Skip to the content' });
  }

  link(name: string | RegExp): Locator {
    return this.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name });
  }

  theme(name: 'Theme of the system' | 'Light theme' | 'Dark theme'): Locator {
    return this.page.getByRole('radio', { name });
  }

  transportChoice(name: string): Locator {
    return this.connectionDetails.getByRole('button', { name: new RegExp(`^${name} `) });
  }

  async goTo(path: string): Promise<void> {
    await test.step(`go to ${path}`, async () => {
      await this.page.goto(path);
    });
  }

  async follow(name: string | RegExp): Promise<void> {
    await test.step(`follow ${String(name)}`, async () => {
      await this.link(name).click();
    });
  }

  async chooseTheme(name: Parameters<AppShell['theme']>[0]): Promise<void> {
    await test.step(`choose the ${name}`, async () => {
      await this.theme(name).check();
    });
  }

  async chooseTransport(name: string): Promise<void> {
    await test.step(`insist on ${name}`, async () => {
      await this.badge.click();
      await this.transportChoice(name).click();
    });
  }
}
