import { type Locator, type Page, test } from '@playwright/test';

/** The chat: rooms, conversation, members. */
export class ChatPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get joinField(): Locator {
    return this.page.getByRole('textbox', { name: 'Join a room' });
  }

  get joinButton(): Locator {
    return this.page.getByRole('button', { name: 'Join', exact: true });
  }

  get nicknameField(): Locator {
    return this.page.getByRole('textbox', { name: 'Your nickname' });
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: /^Message to / });
  }

  get log(): Locator {
    return this.page.getByRole('log');
  }

  /** Every message of the open room. */
  get messages(): Locator {
    return this.log.getByRole('article');
  }

  /** Their texts alone, without names and times. */
  get texts(): Locator {
    return this.messages.locator('.body');
  }

  /** What stands between messages: days, what was missed, what is missing. */
  get dividers(): Locator {
    return this.log.locator('.divider');
  }

  /** What is said of who came and went. */
  get notices(): Locator {
    return this.log.locator('.notice');
  }

  get showEarlier(): Locator {
    return this.log.getByRole('button', { name: 'Show earlier messages' });
  }

  get beginning(): Locator {
    return this.log.getByText('Beginning of what is kept');
  }

  get newMessages(): Locator {
    return this.page.getByRole('button', { name: /new message/ });
  }

  get members(): Locator {
    return this.page.getByRole('list', { name: /^Members/ }).getByRole('listitem');
  }

  get copyLink(): Locator {
    return this.page.getByRole('button', { name: 'Copy link' });
  }

  get roomPage(): Locator {
    return this.page.getByRole('link', { name: 'Room page' });
  }

  get showRooms(): Locator {
    return this.page.getByRole('button', { name: /^Rooms/ });
  }

  get showMembers(): Locator {
    return this.page.getByRole('button', { name: /^Members/ });
  }

  get rooms(): Locator {
    return this.page.getByRole('list', { name: 'Your rooms' }).getByRole('listitem');
  }

  /** What the open room says about itself. */
  status(text: string | RegExp): Locator {
    return this.page
      .getByRole('region', { name: 'Conversation' })
      .getByRole('status')
      .filter({ hasText: text });
  }

  room(name: string): Locator {
    return this.rooms.filter({ has: this.page.getByRole('link', { name }) });
  }

  message(text: string): Locator {
    return this.messages.filter({ hasText: text });
  }

  async open(room: string, parameters = ''): Promise<void> {
    await test.step(`open the link of ${room}`, async () => {
      await this.page.goto(`/chat/${encodeURIComponent(room)}${parameters}`);
    });
  }

  async join(room: string): Promise<void> {
    await test.step(`join ${room}`, async () => {
      await this.joinField.fill(room);
      await this.joinField.press('Enter');
    });
  }

  async leave(room: string): Promise<void> {
    await test.step(`leave ${room}`, async () => {
      await this.page.getByRole('button', { name: `Leave ${room}` }).click();
    });
  }

  async turnTo(room: string): Promise<void> {
    await test.step(`turn to ${room}`, async () => {
      await this.rooms.getByRole('link', { name: room }).click();
    });
  }

  async rename(nickname: string): Promise<void> {
    await test.step(`take the nickname ${nickname}`, async () => {
      await this.nicknameField.fill(nickname);
      await this.nicknameField.press('Enter');
    });
  }

  async say(text: string): Promise<void> {
    await test.step(`say ${text.slice(0, 40)}`, async () => {
      await this.composer.fill(text);
      await this.composer.press('Enter');
    });
  }
}
