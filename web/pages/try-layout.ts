import { css } from 'lit';

/** How the pages to try protocols lay out clients and code. */
export const tryLayout = css`
  .lead {
    max-width: 52rem;
    font-size: 1.0625rem;
    text-wrap: pretty;
  }

  .about {
    display: grid;
    gap: var(--rp-space-1);
  }

  .about .muted {
    max-width: 52rem;
  }

  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 var(--rp-space-3);
  }

  .title h1 {
    min-width: 0;
  }

  .title .mono {
    color: var(--rp-text-muted);
    font-size: 1rem;
  }

  .clients {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--rp-space-4);
    align-items: start;
  }

  .another {
    align-self: stretch;
    align-content: center;
    border-style: dashed;
  }

  .turns {
    display: none;
  }

  .code {
    overflow: hidden;
  }

  .code > h2 {
    padding: var(--rp-space-4) var(--rp-space-4) 0;
  }

  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr));
    gap: var(--rp-space-4);
  }

  .card {
    position: relative;
    display: flex;
    flex-direction: column;
    gap: var(--rp-space-1);
    padding: var(--rp-space-4) var(--rp-space-5) var(--rp-space-5);
    transition: border-color var(--rp-fast);
  }

  .card:hover {
    border-color: var(--rp-accent);
  }

  .card .path {
    display: flex;
    justify-content: space-between;
    color: var(--rp-text-muted);
    font: 560 var(--rp-text-sm) / 1.5 var(--rp-font-mono);
  }

  .card .open {
    color: var(--rp-ok);
    font-family: var(--rp-font);
  }

  .card h2 a {
    color: inherit;
    text-decoration: none;
  }

  /* The whole card leads there. */
  .card h2 a::after {
    position: absolute;
    inset: 0;
    border-radius: var(--rp-radius-lg);
    content: '';
  }

  .card h2 a:focus-visible {
    outline: none;
  }

  .card h2 a:focus-visible::after {
    outline: 2px solid var(--rp-accent);
    outline-offset: 2px;
  }

  .card p:last-child {
    margin-top: var(--rp-space-1);
  }

  @media (max-width: 60rem) {
    .clients {
      grid-template-columns: minmax(0, 1fr);
    }

    .another.blank {
      padding-block: var(--rp-space-5);
    }

    .turns {
      display: flex;
      gap: var(--rp-space-1);
      padding: 3px;
      border: 1px solid var(--rp-line);
      border-radius: var(--rp-radius-md);
      background: var(--rp-surface);
    }

    .turns .button {
      flex: 1;
    }

    .clients > .away {
      display: none;
    }
  }
`;
