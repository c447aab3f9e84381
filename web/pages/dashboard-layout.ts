import { css } from 'lit';

/** How the dashboard lays out its panels. */
export const dashboardLayout = css`
  .content {
    display: grid;
    gap: var(--rp-space-5);
    min-width: 0;
  }

  .content.stale {
    opacity: 0.7;
    filter: grayscale(1);
  }

  .figures-row {
    grid-template-columns: 1fr 1fr 1.4fr 1.4fr;
  }

  .figure {
    display: flex;
    flex-direction: column;
    padding: var(--rp-space-4) var(--rp-space-5);
  }

  .figure dd:last-child {
    margin-top: auto;
  }

  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 22rem;
    gap: var(--rp-space-4);
    align-items: start;
  }

  .main,
  .beside {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--rp-space-4);
  }

  .beside > .panel {
    padding: var(--rp-space-4) var(--rp-space-5) var(--rp-space-5);
  }

  .beside h2 {
    margin-bottom: var(--rp-space-2);
  }

  .beside > .panel > header {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: var(--rp-space-3);
  }

  .totals {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 0.3125rem var(--rp-space-4);
    font-size: var(--rp-text-sm);
  }

  .totals dt {
    color: var(--rp-text-muted);
  }

  .totals dd {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }

  .rooms,
  .connections {
    min-width: 0;
    overflow: hidden;
  }

  .connections > header {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0 var(--rp-space-3);
    padding: var(--rp-space-4) var(--rp-space-5) 0;
  }

  .rooms > header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--rp-space-2) var(--rp-space-3);
    padding: var(--rp-space-3) var(--rp-space-3) var(--rp-space-3) var(--rp-space-5);
    border-bottom: 1px solid var(--rp-line);
  }

  .rooms rp-room-table {
    padding-inline: var(--rp-space-3);
  }

  .nothing {
    padding: var(--rp-space-6) var(--rp-space-5);
    overflow-wrap: anywhere;
  }

  .more {
    padding: var(--rp-space-3);
    border-top: 1px solid var(--rp-line);
    text-align: center;
  }

  .token {
    width: min(24rem, 100%);
    text-align: start;
  }

  .row {
    display: flex;
    gap: var(--rp-space-2);
  }

  .problem {
    min-height: 1.5em;
    margin-top: var(--rp-space-1);
    color: var(--rp-danger) !important;
  }

  .waiting {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: var(--rp-space-4);
  }

  .waiting .panel {
    height: 12rem;
    animation: breathe 1.6s ease-in-out infinite alternate;
  }

  .waiting .panel:first-child {
    grid-column: 1 / -1;
    height: 9rem;
  }

  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }

  @media (max-width: 60rem) {
    .figures-row {
      grid-template-columns: 1fr 1fr;
    }

    .figure:nth-child(odd) {
      border-inline-start: 0;
    }

    .figure:nth-child(n + 3) {
      border-top: 1px solid var(--rp-line);
    }

    .columns {
      grid-template-columns: minmax(0, 1fr);
    }

    .beside {
      grid-template-columns: 1fr 1fr;
    }

    .beside > rp-room-detail {
      grid-column: 1 / -1;
    }
  }

  @media (max-width: 40rem) {
    .content {
      gap: var(--rp-space-4);
    }

    .figure {
      padding: var(--rp-space-3) var(--rp-space-4);
    }

    .unit {
      display: block;
      margin-top: -0.25rem;
      line-height: 1.6;
    }

    .beside {
      grid-template-columns: minmax(0, 1fr);
    }

    .beside > .panel {
      padding-inline: var(--rp-space-4);
    }

    .rooms > header,
    .connections > header {
      padding-inline: var(--rp-space-4);
    }

    .rooms rp-room-table {
      padding-inline: var(--rp-space-2);
    }
  }
`;
