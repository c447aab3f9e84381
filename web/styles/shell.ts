import { css } from 'lit';

/** The frame around every page: bar, navigation, place of the page. */
export const shell = css`
  :host {
    display: grid;
    grid-template-rows: auto auto minmax(0, 1fr);
    grid-template-columns: minmax(0, 1fr);
    min-height: 100dvh;
  }

  :host([page='chat']) {
    height: 100dvh;
  }

  .skip {
    position: absolute;
    inset: var(--rp-space-2) auto auto var(--rp-space-2);
    z-index: 2;
    padding: var(--rp-space-2) var(--rp-space-4);
    border-radius: var(--rp-radius-sm);
    background: var(--rp-accent);
    color: var(--rp-on-accent);
    font-weight: 560;
  }

  .skip:not(:focus) {
    clip-path: inset(50%);
  }

  .bar {
    position: sticky;
    top: 0;
    z-index: 1;
    border-bottom: 1px solid var(--rp-line);
    background: var(--rp-surface);
  }

  .bar-inner {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 var(--rp-space-3);
    max-width: var(--rp-page);
    min-height: var(--rp-header);
    margin: 0 auto;
    padding: 0 var(--rp-space-4);
  }

  .brand {
    display: flex;
    align-items: center;
    gap: var(--rp-space-2);
    min-height: var(--rp-header);
    color: var(--rp-text);
    font-size: var(--rp-text-lg);
    font-weight: 680;
    letter-spacing: -0.03em;
    text-decoration: none;
  }

  .brand:hover {
    color: var(--rp-accent);
  }

  .brand svg {
    width: 1.625rem;
    height: 1.625rem;
    color: var(--rp-accent);
    stroke-width: 2;
  }

  nav {
    flex: 1;
    align-self: stretch;
    margin-inline-start: var(--rp-space-4);
  }

  nav ul {
    display: flex;
    height: 100%;
    gap: var(--rp-space-1);
  }

  nav a {
    position: relative;
    display: flex;
    align-items: center;
    gap: var(--rp-space-2);
    height: 100%;
    min-height: 2.75rem;
    padding: 0 var(--rp-space-3);
    color: var(--rp-text-muted);
    font-weight: 560;
    text-decoration: none;
  }

  nav a:hover {
    color: var(--rp-text);
  }

  nav a:focus-visible {
    outline-offset: -4px;
  }

  nav a[aria-current] {
    color: var(--rp-text);
  }

  nav a[aria-current]::after {
    position: absolute;
    inset: auto var(--rp-space-3) -1px;
    height: 3px;
    border-radius: 2px 2px 0 0;
    background: var(--rp-accent);
    content: '';
  }

  @media (forced-colors: active) {
    nav a[aria-current]::after {
      background: Highlight;
    }
  }

  nav a[aria-current] svg {
    color: var(--rp-accent);
  }

  main {
    min-width: 0;
    min-height: 0;
  }

  main:focus {
    outline: none;
  }

  .failure {
    max-width: 40rem;
    margin: var(--rp-space-7) auto;
  }

  @media (max-width: 40rem) {
    .brand {
      margin-inline-end: auto;
    }

    .brand span {
      position: absolute;
      clip-path: inset(50%);
    }

    nav {
      flex-basis: 100%;
      order: 1;
      margin: 0 calc(-1 * var(--rp-space-4));
      border-top: 1px solid var(--rp-line);
    }

    nav ul {
      gap: 0;
    }

    nav li {
      flex: 1;
    }

    nav a {
      justify-content: center;
      padding: 0 var(--rp-space-1);
      font-size: var(--rp-text-sm);
    }
  }

  @media (max-width: 26rem) {
    nav a {
      flex-direction: column;
      gap: 0;
      padding-block: 0.375rem;
      font-size: var(--rp-text-xs);
      line-height: 1.3;
    }

    nav .count {
      position: absolute;
      inset: 0.25rem auto auto calc(50% + 0.5rem);
    }
  }
`;
