import { type Locator, type Page, test } from '@playwright/test';

/** The dashboard: figures, rooms, members of one room. */
export class DashboardPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get status(): Locator {
    return this.page.locator('rp-dashboard-page header').getByRole('status').first();
  }

  get noRooms(): Locator {
    return this.page.getByRole('heading', { name: 'No rooms yet' });
  }

  get search(): Locator {
    return this.page.getByRole('searchbox', { name: 'Search rooms' });
  }

  get rows(): Locator {
    return this.page.getByRole('table', { name: 'Rooms' }).locator('tbody').getByRole('row');
  }

  get tokenField(): Locator {
    return this.page.getByRole('textbox', { name: 'Admin token' });
  }

  get unlock(): Locator {
    return this.page.getByRole('button', { name: 'Unlock' });
  }

  get members(): Locator {
    return this.page.getByRole('list', { name: /^Members of/ }).getByRole('listitem');
  }

  /** Connections by protocol and transport. */
  get matrix(): Locator {
    return this.page.getByRole('table', { name: 'Connections by protocol and transport' });
  }

  /** What the server dropped or refused. */
  get turnedAway(): Locator {
    return this.page.getByRole('region', { name: 'Turned away' });
  }

  /** How many speak this protocol over this transport; `all` sums up. */
  async connections(protocol: string, transport: string): Promise<string | null> {
    const heads = await this.matrix.getByRole('columnheader').allTextContents();
    const column = heads.findIndex((head) => head.trim() === transport) - 1;
    const row = this.matrix
      .getByRole('row')
      .filter({ has: this.page.getByRole('rowheader', { name: protocol, exact: true }) });
    if (column < 0 || (await row.count()) === 0) return null;
    return (await row.getByRole('cell').nth(column).innerText()).trim();
  }

  get showAll(): Locator {
    return this.page.getByRole('button', { name: /^Show all/ });
  }

  get openChat(): Locator {
    return this.page.getByRole('link', { name: 'Open chat' });
  }

  get roomPage(): Locator {
    return this.page.getByRole('link', { name: 'Room page' });
  }

  /** One of the large figures by its name. */
  figure(name: string): Locator {
    return this.page
      .locator('.figure')
      .filter({ has: this.page.getByText(name, { exact: true }) })
      .locator('.large');
  }

  row(room: string): Locator {
    return this.rows.filter({ has: this.page.getByRole('button', { name: room, exact: true }) });
  }

  /** Cells of a room's row: name, space, members, messages, age. */
  cell(room: string, index: number): Locator {
    return this.row(room).getByRole('cell').nth(index);
  }

  column(name: string): Locator {
    return this.page.getByRole('columnheader', { name, exact: true });
  }

  async sortBy(column: string): Promise<void> {
    await test.step(`sort by ${column}`, async () => {
      await this.column(column).getByRole('button').click();
    });
  }

  async select(room: string): Promise<void> {
    await test.step(`select ${room}`, async () => {
      await this.page.getByRole('button', { name: room, exact: true }).click();
    });
  }

  async unlockWith(token: string): Promise<void> {
    await test.step('give the admin token', async () => {
      await this.tokenField.fill(token);
      await this.unlock.click();
    });
  }
}
