import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import '../components/rp-chat-members.ts';
import '../components/rp-chat-rooms.ts';
import '../components/rp-composer.ts';
import '../components/rp-message-log.ts';
import { linkIcon, membersIcon, roomsIcon, stateIcon } from '../components/icons.ts';
import type { RoomJoinEvent, RoomLeaveEvent, RpChatRooms } from '../components/rp-chat-rooms.ts';
import type { ComposeEvent, DraftEvent, RpComposer } from '../components/rp-composer.ts';
import type { FailedMessageEvent } from '../components/rp-message-log.ts';
import { copyText } from '../copy-text.ts';
import { formatCount } from '../format.ts';
import type { ChatRoom } from '../state/chat-room.ts';
import type { ChatStore } from '../state/chat-store.ts';
import { chatPath, roomPath } from '../state/route.ts';
import type { Router } from '../state/router.ts';
import { StoreController } from '../state/store-controller.ts';
import { controls } from '../styles/controls.ts';
import { panels } from '../styles/panels.ts';
import { chatLayout } from './chat-layout.ts';

/** Which part a narrow screen shows; a wide one shows all. */
type Part = 'rooms' | 'talk' | 'members';

const COPIED_MS = 4_000;

/** Talk in any number of rooms over the one connection. */
@customElement('rp-chat-page')
export class RpChatPage extends LitElement {
  static override styles = [controls, panels, chatLayout];

  @property({ attribute: false }) chat!: ChatStore;
  @property({ attribute: false }) router!: Router;
  /** The room named by the address. */
  @property({ attribute: false }) room: string | null = null;

  @state() private view: Part = 'talk';
  @state() private copied = '';
  @state() private problem = '';
  @query('rp-composer') private readonly composer!: RpComposer | null;
  @query('rp-chat-rooms') private readonly roomList!: RpChatRooms;
  #copiedTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    new StoreController(this, () => this.chat);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#copiedTimer);
    this.chat.lookAway();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('room')) return;
    this.chat.start();
    this.copied = '';
    this.problem = '';
    if (this.room === null || this.room === '') {
      this.chat.lookAway();
      this.view = 'rooms';
    } else {
      if (!this.chat.open(this.room)) this.problem = 'You are in too many rooms. Leave one to join another.';
      this.view = 'talk';
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    // Between rooms the cursor goes where one types, unless that would call up an on-screen keyboard.
    const isSwitch = changed.has('room') && changed.get('room') !== undefined;
    if (isSwitch && this.room !== null && !matchMedia('(pointer: coarse)').matches) this.composer?.focus();
  }

  protected override render(): TemplateResult {
    const room = this.chat.activeRoom;
    return html`
      <div class="chat show-${this.view}">
        <aside class="side rooms-side" aria-label="Rooms">
          ${room === null ? html`<h1 tabindex="-1">Chat</h1>` : null}
          <rp-chat-rooms
            .chat=${this.chat}
            .router=${this.router}
            @room-join=${this.onJoin}
            @room-leave=${this.onLeave}
            @click=${this.onRoomsClick}
          ></rp-chat-rooms>
        </aside>
        <section class="talk" aria-label="Conversation">
          ${room === null ? this.renderNoRoom() : this.renderRoom(room)}
        </section>
        ${
          room === null
            ? null
            : html`<aside class="side members-side" aria-label="Members">
                <rp-chat-members
                  .members=${room.members}
                  .count=${room.memberCount}
                  .ownId=${room.memberId}
                  ?away=${room.phase === 'away' || room.phase === 'closed'}
                ></rp-chat-members>
              </aside>`
        }
      </div>
    `;
  }

  private renderRoom(room: ChatRoom): TemplateResult {
    return html`
      <header>
        <div class="title">
          <h1 tabindex="-1"><bdi>${room.name}</bdi></h1>
          <p class="small ${room.phase}" role="status">${describePhase(room)}</p>
        </div>
        <span class="copied small" role="status">${this.copied}</span>
        <a class="button small" href=${this.router.address(roomPath(room.name))} title="State and position">
          ${stateIcon}<span class="wide">Room page</span>
        </a>
        <button class="button small" @click=${this.copyLink}>
          ${linkIcon}<span class="wide">Copy link</span>
        </button>
        ${this.renderPartButton('rooms', 'Rooms', roomsIcon, this.chat.unread)}
        ${this.renderPartButton('members', 'Members', membersIcon, room.memberCount)}
      </header>
      ${
        room.refusal === null
          ? null
          : html`<div class="note danger" role="alert">
              <span>You are not in this room: ${room.refusal}.</span>
              <button class="button small" @click=${() => room.join()}>Ask again</button>
            </div>`
      }
      <rp-message-log
        .room=${room.name}
        .entries=${room.log.entries}
        .past=${room.history.phase}
        .pastProblem=${room.history.problem}
        ?away=${room.phase === 'away'}
        @earlier=${() => room.history.loadEarlier()}
        @failed-message=${this.onFailedMessage}
      ></rp-message-log>
      <div class="foot">
        ${this.problem === '' ? null : html`<p class="problem small" role="alert">${this.problem}</p>`}
        <rp-composer
          .room=${room.name}
          .draft=${room.draft}
          @compose=${this.onCompose}
          @draft=${this.onDraft}
        ></rp-composer>
        <p class="hint muted">Enter sends, Shift + Enter begins a new line.</p>
      </div>
    `;
  }

  private renderPartButton(part: Part, text: string, icon: TemplateResult, count: number): TemplateResult {
    const isOpen = this.view === part;
    return html`
      <button
        class="button small narrow"
        aria-expanded=${isOpen}
        aria-label="${text}${count > 0 ? `, ${formatCount(count)}${part === 'rooms' ? ' unread' : ''}` : ''}"
        @click=${() => (this.view = isOpen ? 'talk' : part)}
      >
        ${icon}${count > 0 ? html`<span class="figures">${formatCount(count)}</span>` : null}
      </button>
    `;
  }

  private renderNoRoom(): TemplateResult {
    return html`
      <div class="plan no-room">
        <div class="blank">
          ${roomsIcon}
          <h2>No room is open</h2>
          <p>
            ${
              this.problem === ''
                ? 'Join a room by its name, or open one you are in. Everybody in a room of the same name meets there.'
                : this.problem
            }
          </p>
          <button class="button primary" @click=${() => this.roomList.focusJoin()}>Join a room</button>
        </div>
      </div>
    `;
  }

  private async copyLink(): Promise<void> {
    if (this.room === null) return;
    const address = new URL(this.router.address(chatPath(this.room)));
    address.searchParams.delete('transport');
    this.copied = (await copyText(address.href)) ? 'Link copied' : `Copy by hand: ${address.href}`;
    clearTimeout(this.#copiedTimer);
    this.#copiedTimer = setTimeout(() => (this.copied = ''), COPIED_MS);
  }

  private onJoin(event: RoomJoinEvent): void {
    this.view = 'talk';
    this.router.go(chatPath(event.room));
  }

  // The way back to the conversation when the room chosen is the one that was open.
  private onRoomsClick(event: MouseEvent): void {
    if (event.composedPath().some((target) => target instanceof HTMLAnchorElement)) this.view = 'talk';
  }

  private onLeave(event: RoomLeaveEvent): void {
    this.chat.leave(event.room);
    if (event.room === this.room) this.router.go('chat', 'replace');
  }

  private onCompose(event: ComposeEvent): void {
    const isTaken = this.chat.activeRoom?.say(event.text) === true;
    this.problem = isTaken ? '' : 'Too many messages are waiting for the server. Try again in a moment.';
    if (!isTaken) event.preventDefault();
  }

  private onDraft(event: DraftEvent): void {
    const room = this.chat.activeRoom;
    if (room === null) return;
    room.draft = event.text;
    this.requestUpdate();
  }

  private onFailedMessage(event: FailedMessageEvent): void {
    const room = this.chat.activeRoom;
    if (event.action === 'retry') room?.retry(event.key);
    else room?.discard(event.key);
  }
}

function describePhase(room: ChatRoom): string {
  switch (room.phase) {
    case 'joining':
      return 'Joining…';
    case 'joined':
      return room.memberCount === 1 ? 'Only you are here' : `${formatCount(room.memberCount)} members`;
    case 'away':
      return 'Not connected. What you write is sent when the connection is back.';
    case 'closed':
      return 'Not connected';
    case 'refused':
      return 'Not joined';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-chat-page': RpChatPage;
  }
}
