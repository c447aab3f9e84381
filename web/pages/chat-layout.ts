import { css } from 'lit';

/** How the chat lays out rooms, conversation and members: side by side, or one at a time. */
export const chatLayout = css`
  :host {
    display: block;
    height: 100%;
  }

  .chat {
    display: grid;
    grid-template-columns: 17rem minmax(0, 1fr) 14rem;
    grid-template-rows: minmax(0, 1fr);
    max-width: var(--rp-page);
    height: 100%;
    margin: 0 auto;
  }

  @media (min-width: 77rem) {
    .chat {
      border-inline: 1px solid var(--rp-line);
    }
  }

  .side {
    display: flex;
    flex-direction: column;
    min-height: 0;
    background: var(--rp-surface);
  }

  .rooms-side h1 {
    padding: var(--rp-space-4) var(--rp-space-4) 0;
  }

  .side > :last-child {
    flex: 1;
  }

  .rooms-side {
    border-inline-end: 1px solid var(--rp-line);
  }

  .members-side {
    border-inline-start: 1px solid var(--rp-line);
  }

  .talk {
    display: flex;
    flex-direction: column;
    grid-column: 2;
    min-width: 0;
    min-height: 0;
  }

  @media (min-width: 44.01rem) {
    .chat:not(:has(.members-side)) .talk {
      grid-column: 2 / -1;
    }
  }

  .talk > header {
    display: flex;
    align-items: center;
    gap: var(--rp-space-2);
    min-height: 4rem;
    padding: var(--rp-space-2) var(--rp-space-4);
    border-bottom: 1px solid var(--rp-line);
    background: var(--rp-surface);
  }

  .title {
    flex: 1;
    min-width: 0;
  }

  .talk > header h1 {
    overflow: hidden;
    font-size: var(--rp-text-lg);
    letter-spacing: -0.01em;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  h1 bdi {
    white-space: pre;
  }

  .title p {
    overflow: hidden;
    color: var(--rp-text-muted);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .title p:is(.away, .closed) {
    color: var(--rp-warn);
  }

  .copied {
    color: var(--rp-ok);
    overflow-wrap: anywhere;
  }

  .note {
    border-radius: 0;
  }

  rp-message-log {
    flex: 1;
  }

  .foot {
    padding: var(--rp-space-3) var(--rp-space-4) var(--rp-space-3);
    border-top: 1px solid var(--rp-line);
    background: var(--rp-surface);
  }

  .foot .problem {
    margin-bottom: var(--rp-space-2);
    color: var(--rp-danger);
  }

  .hint {
    padding-top: var(--rp-space-1);
    font-size: var(--rp-text-xs);
  }

  .no-room {
    display: grid;
    flex: 1;
    place-items: center;
  }

  .narrow {
    display: none;
  }

  @media (max-width: 64rem) {
    .chat {
      grid-template-columns: 15rem minmax(0, 1fr);
    }

    .members-side {
      display: none;
    }

    .show-members .members-side {
      display: flex;
      grid-column: 2;
      grid-row: 1;
      margin-top: 4rem;
      border: 0;
    }

    .show-members .talk > :not(header) {
      display: none;
    }

    .show-members .talk {
      grid-row: 1;
    }

    .narrow:last-child {
      display: inline-flex;
    }
  }

  @media (max-width: 44rem) {
    .chat {
      grid-template-columns: minmax(0, 1fr);
    }

    .talk,
    .show-members .members-side {
      grid-column: 1;
      grid-row: 1;
    }

    .side.rooms-side {
      display: none;
      grid-column: 1;
      grid-row: 1;
      border: 0;
    }

    .chat.show-rooms .rooms-side {
      display: flex;
    }

    .show-rooms .talk:has(header) {
      z-index: 1;
      align-self: start;
    }

    /* Nothing to show, and it would lie over the list of rooms. */
    .show-rooms .talk:not(:has(header)) {
      display: none;
    }

    .show-rooms .talk > :not(header) {
      display: none;
    }

    .show-rooms:has(header) .rooms-side {
      margin-top: 4rem;
    }

    .narrow {
      display: inline-flex;
    }

    .talk > header {
      padding-inline: var(--rp-space-4) var(--rp-space-3);
    }

    .wide,
    .hint,
    .copied:empty {
      position: absolute;
      clip-path: inset(50%);
    }
  }
`;
