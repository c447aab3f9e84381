import { css } from 'lit';

/** Native controls and small pieces of text as every element shows them; put first in an element's styles. */
export const controls = css`
  :host {
    box-sizing: border-box;
  }

  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }

  [hidden] {
    display: none !important;
  }

  :focus-visible {
    outline: 2px solid var(--rp-accent);
    outline-offset: 2px;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }

  ul,
  ol {
    list-style: none;
  }

  h1 {
    font-size: var(--rp-text-xl);
    font-weight: 650;
    line-height: 1.2;
    letter-spacing: -0.022em;
    text-wrap: balance;
  }

  h1:focus {
    outline: none;
  }

  h2 {
    font-size: var(--rp-text-lg);
    font-weight: 620;
    line-height: 1.3;
    letter-spacing: -0.01em;
  }

  h3 {
    font-size: var(--rp-text-md);
    font-weight: 620;
  }

  a {
    color: var(--rp-accent);
    text-underline-offset: 0.2em;
    text-decoration-thickness: 1px;
  }

  a:hover {
    color: var(--rp-accent-strong);
    text-decoration-thickness: 2px;
  }

  button,
  input,
  select,
  textarea {
    font: inherit;
    letter-spacing: inherit;
    color: inherit;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--rp-space-2);
    min-height: var(--rp-control);
    padding: 0 var(--rp-space-4);
    border: 1px solid var(--rp-line-strong);
    border-radius: var(--rp-radius-sm);
    background: var(--rp-surface);
    color: var(--rp-text);
    font-weight: 560;
    white-space: nowrap;
    text-decoration: none;
    cursor: pointer;
    transition: background var(--rp-fast);
  }

  .button:hover {
    background: var(--rp-surface-hover);
    color: var(--rp-text);
  }

  .button.primary {
    border-color: transparent;
    background: var(--rp-accent);
    color: var(--rp-on-accent);
  }

  .button.primary:hover {
    background: var(--rp-accent-strong);
  }

  .button.quiet {
    border-color: transparent;
    background: none;
    color: var(--rp-text-muted);
  }

  .button.quiet:hover {
    background: var(--rp-surface-hover);
    color: var(--rp-text);
  }

  .button.quiet[aria-pressed='true'] {
    background: var(--rp-accent-soft);
    color: var(--rp-accent);
  }

  @media (forced-colors: active) {
    .button.quiet[aria-pressed='true'] {
      border-color: Highlight;
    }
  }

  .button.icon {
    width: var(--rp-control);
    padding: 0;
  }

  .button.small {
    min-height: 2rem;
    padding: 0 var(--rp-space-3);
    font-size: var(--rp-text-sm);
  }

  .button.small.icon {
    width: 2rem;
    padding: 0;
  }

  .button:disabled {
    border-color: var(--rp-line);
    background: var(--rp-surface-sunken);
    color: var(--rp-text-muted);
    cursor: default;
  }

  .button.quiet:disabled {
    border-color: transparent;
    background: none;
    opacity: 0.6;
  }

  .field {
    min-width: 0;
    width: 100%;
    min-height: var(--rp-control);
    padding: 0 var(--rp-space-3);
    border: 1px solid var(--rp-line-strong);
    border-radius: var(--rp-radius-sm);
    background: var(--rp-surface);
  }

  .field::placeholder {
    color: var(--rp-text-muted);
    opacity: 1;
  }

  .field:focus-visible {
    outline-offset: -1px;
    border-color: var(--rp-accent);
  }

  .label {
    display: block;
    margin-bottom: var(--rp-space-1);
    color: var(--rp-text-muted);
    font-size: var(--rp-text-sm);
    font-weight: 560;
  }

  .muted {
    color: var(--rp-text-muted);
  }

  .small {
    font-size: var(--rp-text-sm);
  }

  .mono {
    font-family: var(--rp-font-mono);
    font-size: 0.92em;
  }

  .figures {
    font-variant-numeric: tabular-nums;
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  svg.icon {
    flex: none;
    width: 1.25rem;
    height: 1.25rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .button.small svg.icon {
    width: 1.125rem;
    height: 1.125rem;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 0.01ms !important;
      animation-iteration-count: 1 !important;
      transition-duration: 0.01ms !important;
      scroll-behavior: auto !important;
    }
  }
`;
