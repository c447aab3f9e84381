import { type Locator, type Page, test } from '@playwright/test';

/** The pages to try protocols: the index, and the clients of one protocol. */
export class TryPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get cards(): Locator {
    return this.page.locator('rp-try-page').getByRole('heading', { level: 2 }).getByRole('link');
  }

  /** The way from one protocol to another. */
  get strip(): Locator {
    return this.page.getByRole('navigation', { name: 'Protocols' });
  }

  get openAnother(): Locator {
    return this.page.getByRole('button', { name: 'Open another client' });
  }

  get code(): Locator {
    return this.page.getByRole('region', { name: /^Code: / });
  }

  get copyCode(): Locator {
    return this.page.getByRole('button', { name: /^(Copy|Copied)$/ });
  }

  client(letter: 'A' | 'B' = 'A'): TryClient {
    return new TryClient(this.page, `Client ${letter}`);
  }

  /** Shows a client where there is room for one only. */
  turn(letter: 'A' | 'B'): Locator {
    return this.page
      .getByRole('group', { name: 'Client to show' })
      .getByRole('button', { name: new RegExp(`^Client ${letter}`) });
  }

  async open(protocol: string, query = ''): Promise<void> {
    await test.step(`open the page of ${protocol}`, async () => {
      await this.page.goto(`/try/${protocol}${query}`);
    });
  }

  async showCode(title: string): Promise<string> {
    return test.step(`show the code for ${title}`, async () => {
      const choices = this.page.getByRole('group', { name: 'Code for' });
      await choices.getByRole('button', { name: title, exact: true }).click();
      return this.code.innerText();
    });
  }
}

/** One client on such a page. */
export class TryClient {
  readonly pane: Locator;
  readonly #label: string;

  constructor(page: Page, label: string) {
    this.#label = label;
    this.pane = page.getByRole('region', { name: label, exact: true });
  }

  get state(): Locator {
    return this.pane.locator('header').getByRole('status');
  }

  get way(): Locator {
    return this.pane.getByLabel('Connect by');
  }

  get connect(): Locator {
    return this.pane.getByRole('button', { name: 'Connect', exact: true });
  }

  get disconnect(): Locator {
    return this.pane.getByRole('button', { name: 'Disconnect' });
  }

  get editor(): Locator {
    return this.pane.getByRole('textbox', { name: `Frame of ${this.#label}` });
  }

  get send(): Locator {
    return this.pane.getByRole('button', { name: /^(Connect and send|Send)$/ });
  }

  get log(): Locator {
    return this.pane.getByRole('log');
  }

  get sent(): Locator {
    return this.log.locator('.frame.sent .text');
  }

  get received(): Locator {
    return this.log.locator('.frame.received .text');
  }

  /** What happened beside the frames. */
  get notes(): Locator {
    return this.log.locator('.note .words');
  }

  get pretty(): Locator {
    return this.pane.getByRole('button', { name: 'Pretty-print' });
  }

  get clear(): Locator {
    return this.pane.getByRole('button', { name: /^Clear the frames/ });
  }

  get copy(): Locator {
    return this.pane.getByRole('button', { name: /^Copy the frames/ });
  }

  get remove(): Locator {
    return this.pane.getByRole('button', { name: /^Remove/ });
  }

  field(label: string): Locator {
    return this.pane.getByRole('textbox', { name: label });
  }

  example(name: string): Locator {
    return this.pane.getByRole('group', { name: /^Examples/ }).getByRole('button', { name, exact: true });
  }

  /** Sends an example; connects before where that is needed. */
  async sendExample(name: string): Promise<void> {
    await test.step(`${this.#label} sends the example ${name}`, async () => {
      await this.example(name).click();
      await this.send.click();
    });
  }

  /** Types a frame and sends it from the keyboard. */
  async say(frame: string): Promise<void> {
    await test.step(`${this.#label} sends ${frame}`, async () => {
      await this.editor.fill(frame);
      await this.editor.press('Control+Enter');
    });
  }
}
