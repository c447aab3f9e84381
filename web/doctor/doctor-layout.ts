import { css } from 'lit';

/** How the doctor's page is laid out. */
export const doctorLayout = css`
  :host {
    grid-template-rows: auto minmax(0, 1fr);
  }

  .about {
    display: grid;
    gap: var(--rp-space-1);
  }

  .lead {
    max-width: 52rem;
    font-size: 1.0625rem;
    text-wrap: pretty;
  }

  .findings {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--rp-space-3);
  }

  .section-head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--rp-space-3);
    min-height: 2rem;
  }

  rp-theme-switch {
    margin-inline-start: auto;
  }

  @media print {
    .bar,
    .lead,
    .section-head rp-copy-button {
      display: none;
    }

    .page {
      padding: 0;
      gap: var(--rp-space-4);
    }
  }
`;
