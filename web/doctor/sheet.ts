import { css } from 'lit';

/** A panel with a heading, some words and something to do. */
export const sheet = css`
  :host {
    display: block;
  }

  .sheet {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--rp-space-4);
    padding: var(--rp-space-4) var(--rp-space-5) var(--rp-space-5);
  }

  .sheet .lead {
    max-width: 46rem;
    margin-top: var(--rp-space-1);
    color: var(--rp-text-muted);
    text-wrap: pretty;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: var(--rp-space-2) var(--rp-space-3);
  }

  @media (max-width: 40rem) {
    .sheet {
      padding-inline: var(--rp-space-4);
    }

    .actions > * {
      flex: 1 1 auto;
    }

    .actions .button {
      white-space: normal;
    }
  }

  @media print {
    .actions {
      display: none;
    }

    .sheet {
      break-inside: avoid;
    }
  }
`;
