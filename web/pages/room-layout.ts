import { css } from 'lit';

/** How the page of a room lays out its figures, its state and its members. */
export const roomLayout = css`
  .intro .title {
    min-width: 0;
  }

  h1 {
    overflow-wrap: anywhere;
  }

  h1 bdi {
    white-space: pre-wrap;
  }

  .intro .title p:is(.away, .closed) {
    color: var(--rp-warn);
  }

  .ways {
    display: flex;
    flex-wrap: wrap;
    gap: var(--rp-space-2);
  }

  .figures-row {
    grid-template-columns: repeat(3, 1fr);
  }

  .figure {
    padding: var(--rp-space-4) var(--rp-space-5);
  }

  .figure dd:last-child {
    color: var(--rp-text-muted);
    font-size: var(--rp-text-sm);
    overflow-wrap: anywhere;
  }

  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 18rem;
    gap: var(--rp-space-4);
    align-items: start;
  }

  .members {
    max-height: 32rem;
    overflow: hidden;
    display: flex;
  }

  .members > * {
    flex: 1;
    min-width: 0;
  }

  @media (max-width: 60rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }

  @media (max-width: 40rem) {
    .figure {
      padding: var(--rp-space-3) var(--rp-space-4);
    }

    .large {
      font-size: 1.5rem;
    }

    .figure .mono {
      display: block;
      font-size: var(--rp-text-xs);
    }
  }
`;
