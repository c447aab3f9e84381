import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { type ChatStore, NICKNAME_LENGTH } from '../state/chat-store.ts';
import type { ChatRoom } from '../state/chat-room.ts';
import { ROOM_LIMIT, ROOM_NAME_LENGTH } from '../state/room-memory.ts';
import { chatPath } from '../state/route.ts';
import type { Router } from '../state/router.ts';
import { StoreController } from '../state/store-controller.ts';
import { controls } from '../styles/controls.ts';
import { countPill } from '../styles/count.ts';
import { sideList } from '../styles/side-list.ts';
import { closeIcon } from './icons.ts';

/** The user asks to join a room by its name. */
export class RoomJoinEvent extends Event {
  readonly room: string;

  constructor(room: string) {
    super('room-join', { bubbles: true, composed: true });
    this.room = room;
  }
}

/** The user leaves a room. */
export class RoomLeaveEvent extends Event {
  readonly room: string;

  constructor(room: string) {
    super('room-leave', { bubbles: true, composed: true });
    this.room = room;
  }
}

/** The rooms the user is in, a way into others, and the nickname used in all of them. */
@customElement('rp-chat-rooms')
export class RpChatRooms extends LitElement {
  static override styles = [
    controls,
    countPill,
    sideList,
    css`
      form {
        padding: var(--rp-space-4);
      }

      .row {
        display: flex;
        gap: var(--rp-space-2);
      }

      .problem {
        color: var(--rp-danger);
        font-size: var(--rp-text-sm);
      }

      .problem:not(:empty) {
        margin-top: var(--rp-space-2);
      }

      h2 {
        padding: 0 var(--rp-space-4) var(--rp-space-1);
      }

      ul {
        padding: 2px var(--rp-space-2) var(--rp-space-2);
      }

      li {
        position: relative;
        display: flex;
        align-items: center;
        border-radius: var(--rp-radius-sm);
      }

      li:hover {
        background: var(--rp-surface-hover);
      }

      li.active {
        background: var(--rp-accent-soft);
      }

      a {
        display: flex;
        flex: 1;
        align-items: center;
        gap: var(--rp-space-2);
        min-width: 0;
        min-height: 2.5rem;
        padding-inline-start: var(--rp-space-2);
        border-radius: inherit;
        color: var(--rp-text);
        text-decoration: none;
      }

      a:hover {
        color: var(--rp-text);
      }

      .name {
        flex: 1;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: pre;
      }

      .active .name,
      .unread .name {
        font-weight: 620;
      }

      .door {
        width: 0.625rem;
        height: 0.625rem;
        border: 2px solid var(--rp-line-strong);
        border-radius: 2px;
      }

      .joined .door {
        border-color: var(--rp-ok);
        background: var(--rp-ok);
      }

      @media (forced-colors: active) {
        .joined .door {
          background: Highlight;
          forced-color-adjust: none;
        }

        li.active {
          outline: 1px solid Highlight;
        }
      }

      .refused .door {
        border-color: var(--rp-danger);
      }

      .leave {
        margin-inline-end: 0.25rem;
      }

      .nothing {
        padding: 0 var(--rp-space-4);
      }

      .nickname {
        border-top: 1px solid var(--rp-line);
      }
    `,
  ];

  @property({ attribute: false }) chat!: ChatStore;
  @property({ attribute: false }) router!: Router;

  @state() private joinProblem = '';
  @state() private typedNickname: string | null = null;
  @query('#join') private readonly joinField!: HTMLInputElement;

  constructor() {
    super();
    new StoreController(this, () => this.chat);
  }

  protected override render(): TemplateResult {
    const { rooms } = this.chat;
    return html`
      <form @submit=${this.onJoin}>
        <label class="label" for="join">Join a room</label>
        <div class="row">
          <input
            class="field"
            id="join"
            maxlength=${ROOM_NAME_LENGTH}
            placeholder="Its name"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            aria-describedby="join-problem"
          />
          <button class="button primary">Join</button>
        </div>
        <p class="problem" id="join-problem" role="alert">${this.joinProblem}</p>
      </form>
      <h2 id="rooms">Your rooms</h2>
      ${
        rooms.length === 0
          ? html`<p class="nothing muted small">None yet. A room is made by joining it.</p>`
          : null
      }
      <ul aria-labelledby="rooms">
        ${repeat(
          rooms,
          ({ name }) => name,
          (room) => this.renderRoom(room),
        )}
      </ul>
      ${this.renderNickname()}
    `;
  }

  /** Puts the cursor where a room's name goes. */
  focusJoin(): void {
    this.joinField.focus();
  }

  private renderRoom(room: ChatRoom): TemplateResult {
    const { name, phase, unread } = room;
    const isActive = this.chat.activeRoom === room;
    const states = {
      joined: '',
      joining: ', joining',
      away: ', not connected',
      closed: ', not connected',
      refused: ', refused',
    };
    return html`
      <li class="${phase} ${isActive ? 'active' : ''} ${unread > 0 ? 'unread' : ''}">
        <a
          href=${this.router.address(chatPath(name))}
          aria-current=${isActive ? 'page' : nothing}
          title=${name}
        >
          <span class="door"></span>
          <bdi class="name">${name}</bdi>
          <span class="visually-hidden">${states[phase]}</span>
          ${
            unread > 0
              ? html`<span class="count"
                  >${unread > 99 ? '99+' : unread}<span class="visually-hidden"> unread</span></span
                >`
              : null
          }
        </a>
        <button
          class="button quiet small icon leave"
          aria-label="Leave ${name}"
          title="Leave"
          @click=${() => this.dispatchEvent(new RoomLeaveEvent(name))}
        >
          ${closeIcon}
        </button>
      </li>
    `;
  }

  private renderNickname(): TemplateResult {
    const { nickname } = this.chat;
    const typed = (this.typedNickname ?? nickname).trim();
    return html`
      <form class="nickname" @submit=${this.onRename}>
        <label class="label" for="nickname">Your nickname</label>
        <div class="row">
          <input
            class="field"
            id="nickname"
            maxlength=${NICKNAME_LENGTH}
            autocomplete="nickname"
            spellcheck="false"
            .value=${this.typedNickname ?? nickname}
            @input=${this.onTypeNickname}
          />
          <button class="button" ?disabled=${typed === '' || typed === nickname}>Change</button>
        </div>
      </form>
    `;
  }

  private onJoin(event: SubmitEvent): void {
    event.preventDefault();
    const name = this.joinField.value.trim();
    const isIn = this.chat.rooms.some((room) => room.name === name);
    if (name === '') {
      this.joinProblem = 'Type the name of a room first.';
      this.joinField.focus();
    } else if (this.chat.isFull && !isIn) {
      this.joinProblem = `You are in ${ROOM_LIMIT} rooms. Leave one to join another.`;
    } else {
      this.joinProblem = '';
      this.joinField.value = '';
      this.dispatchEvent(new RoomJoinEvent(name));
    }
  }

  private onTypeNickname(event: InputEvent): void {
    this.typedNickname = (event.target as HTMLInputElement).value;
  }

  private onRename(event: SubmitEvent): void {
    event.preventDefault();
    this.chat.rename(this.typedNickname ?? '');
    this.typedNickname = null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rp-chat-rooms': RpChatRooms;
  }
  interface HTMLElementEventMap {
    'room-join': RoomJoinEvent;
    'room-leave': RoomLeaveEvent;
  }
}
