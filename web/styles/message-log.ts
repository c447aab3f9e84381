import { css } from 'lit';

/** Messages of a conversation, with what stands between them. */
export const messageLog = css`
  :host {
    position: relative;
    display: flex;
    flex-direction: column;
    min-height: 0;
  }

  .log {
    flex: 1;
    min-height: 0;
    padding: var(--rp-space-4);
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-gutter: stable;
    /* The place of whoever reads is kept by ReadingPlaceController, in all browsers alike. */
    overflow-anchor: none;
  }

  .log:focus-visible {
    outline-offset: -3px;
  }

  .list {
    display: flex;
    flex-direction: column;
    justify-content: end;
    min-height: 100%;
  }

  .lines {
    display: flex;
    flex-direction: column;
  }

  .divider {
    display: flex;
    align-items: center;
    gap: var(--rp-space-3);
    margin: var(--rp-space-4) 0 var(--rp-space-2);
    color: var(--rp-text-muted);
    font-size: var(--rp-text-xs);
    font-weight: 560;
    text-align: center;
    text-wrap: balance;
  }

  .divider::before,
  .divider::after {
    flex: 1;
    min-width: var(--rp-space-5);
    height: 1px;
    background: var(--rp-line);
    content: '';
  }

  .divider.away {
    color: var(--rp-accent);
  }

  .divider.away::before,
  .divider.away::after {
    background: var(--rp-accent-line);
  }

  .divider.gap {
    color: var(--rp-warn);
  }

  .divider.gap::before,
  .divider.gap::after {
    height: 0;
    border-top: 1px dashed currentColor;
    background: none;
    opacity: 0.5;
  }

  .notice {
    margin: var(--rp-space-3) 0 var(--rp-space-1);
    color: var(--rp-text-muted);
    font-size: var(--rp-text-xs);
    text-align: center;
    overflow-wrap: anywhere;
  }

  .notice + .notice {
    margin-top: 0;
  }

  .message {
    display: grid;
    grid-template-columns: 1.75rem minmax(0, auto);
    gap: 0 var(--rp-space-2);
    justify-content: start;
    margin-top: 0.1875rem;
    padding-inline-end: 12%;
  }

  .message.first {
    margin-top: var(--rp-space-3);
  }

  .message.mine {
    grid-template-columns: minmax(0, auto);
    justify-content: end;
    padding-inline: 16% 0;
  }

  .head {
    display: flex;
    grid-column: 2;
    gap: var(--rp-space-2);
    align-items: baseline;
    margin-bottom: 0.1875rem;
    font-size: var(--rp-text-sm);
  }

  .mine .head {
    grid-column: 1;
    justify-content: end;
  }

  .sender {
    overflow: hidden;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  time {
    color: var(--rp-text-muted);
    font-size: var(--rp-text-xs);
    font-variant-numeric: tabular-nums;
  }

  rp-monogram {
    grid-row: 2;
    align-self: start;
  }

  .body {
    position: relative;
    grid-column: 2;
    justify-self: start;
    max-width: 44rem;
    padding: 0.3125rem var(--rp-space-3);
    border: 1px solid var(--rp-line);
    border-radius: var(--rp-radius-md);
    background: var(--rp-surface);
  }

  .text {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  .mine .body {
    grid-column: 1;
    justify-self: end;
    border-color: transparent;
    background: var(--rp-accent-soft);
  }

  /* A server that answers at once never shows any of this. */
  .mine.pending .body {
    animation: pend var(--rp-fast) 400ms both;
  }

  @keyframes pend {
    to {
      border-color: var(--rp-line-strong);
      border-style: dashed;
      background: transparent;
      color: var(--rp-text-muted);
    }
  }

  .clock {
    position: absolute;
    inset: 0 calc(100% + var(--rp-space-2)) 0 auto;
    display: grid;
    place-items: center;
    color: var(--rp-text-muted);
    animation: show var(--rp-fast) 400ms both;
  }

  .clock svg {
    width: 1rem;
    height: 1rem;
  }

  @keyframes show {
    from {
      opacity: 0;
    }
  }

  .mine.failed .body {
    border: 1px solid var(--rp-danger);
    background: none;
  }

  .body.json {
    font-family: var(--rp-font-mono);
    font-size: var(--rp-text-sm);
  }

  .fate {
    display: flex;
    flex-wrap: wrap;
    grid-column: 1;
    align-items: center;
    justify-content: end;
    gap: var(--rp-space-1) var(--rp-space-2);
    padding-top: var(--rp-space-1);
    color: var(--rp-text-muted);
    font-size: var(--rp-text-xs);
    text-align: end;
  }

  .failed .fate {
    color: var(--rp-danger);
  }

  .newer {
    position: absolute;
    inset: auto 50% var(--rp-space-3) auto;
    transform: translateX(50%);
    border-color: transparent;
    background: var(--rp-accent);
    color: var(--rp-on-accent);
    box-shadow: var(--rp-shadow);
  }

  .newer:hover {
    background: var(--rp-accent-strong);
    color: var(--rp-on-accent);
  }
`;
