import { type Locator, type Page, test } from '@playwright/test';

/** The page of a room: figures, state, members. */
export class RoomPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** What the room says about itself. */
  get status(): Locator {
    return this.page.locator('rp-room-page header.intro').getByRole('status');
  }

  get members(): Locator {
    return this.page.getByRole('list', { name: /^Members/ }).getByRole('listitem');
  }

  get state(): Locator {
    return this.page.getByRole('region', { name: 'State' });
  }

  /** What happened last to the state, and how much there is. */
  get latest(): Locator {
    return this.state.locator('header').getByRole('status');
  }

  get rows(): Locator {
    return this.state.getByRole('list', { name: 'State' }).getByRole('listitem');
  }

  get add(): Locator {
    return this.state.getByRole('button', { name: /^Add (a|the first) key$/ });
  }

  get search(): Locator {
    return this.state.getByRole('searchbox', { name: 'Search keys' });
  }

  get keyField(): Locator {
    return this.state.getByRole('textbox', { name: 'Key', exact: true });
  }

  get valueField(): Locator {
    return this.state.getByRole('textbox', { name: /^Value of / });
  }

  get save(): Locator {
    return this.state.getByRole('button', { name: 'Save', exact: true });
  }

  get problem(): Locator {
    return this.state.getByRole('alert');
  }

  /** The choice between two values. */
  get conflict(): Locator {
    return this.state.locator('rp-state-conflict');
  }

  get theirs(): Locator {
    return this.conflict.locator('.side.theirs');
  }

  get yours(): Locator {
    return this.conflict.locator('.side.mine');
  }

  get openChat(): Locator {
    return this.page.getByRole('link', { name: 'Open chat' });
  }

  /** One of the large figures, with what is below it. */
  figure(name: string): Locator {
    return this.page.locator('.figure').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  row(key: string): Locator {
    return this.rows.filter({ has: this.page.getByRole('heading', { name: key, exact: true }) });
  }

  value(key: string): Locator {
    return this.row(key).locator('.value');
  }

  edit(key: string): Locator {
    return this.state.getByRole('button', { name: `Edit ${key}`, exact: true });
  }

  remove(key: string): Locator {
    return this.state.getByRole('button', { name: `Remove ${key}`, exact: true });
  }

  choose(answer: 'Keep theirs' | 'Overwrite with mine' | 'Edit again' | 'Remove all the same'): Locator {
    return this.conflict.getByRole('button', { name: answer });
  }

  /** Says whether what is typed is JSON or a text. */
  async type(mode: 'JSON' | 'Text'): Promise<void> {
    await test.step(`type ${mode}`, async () => {
      await this.state.getByRole('radio', { name: mode }).check();
    });
  }

  async open(room: string, parameters = ''): Promise<void> {
    await test.step(`open the page of ${room}`, async () => {
      await this.page.goto(`/rooms/${encodeURIComponent(room)}${parameters}`);
    });
  }
}
