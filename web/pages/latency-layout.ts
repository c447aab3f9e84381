import { css } from 'lit';

/** How the latency meter lays out its figures. */
export const latencyLayout = css`
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: var(--rp-space-3);
  }

  .controls > .primary {
    min-width: 6.5rem;
  }

  .interval .field {
    width: 8rem;
  }

  .transport {
    margin-inline-start: auto;
    text-align: end;
  }

  .figures-row {
    grid-template-columns: repeat(3, 1.35fr) repeat(4, 1fr);
  }

  .figure {
    padding: var(--rp-space-4);
  }

  .figure dt {
    font: 560 var(--rp-text-sm) / 1.5 var(--rp-font-mono);
  }

  .figure:nth-child(n + 4) .large {
    font-size: 1.375rem;
    font-weight: 600;
    letter-spacing: -0.02em;
    line-height: inherit;
  }

  .figure .hint {
    color: var(--rp-text-muted);
    font-size: var(--rp-text-xs);
    line-height: 1.35;
  }

  section.panel {
    overflow: hidden;
  }

  section.panel > header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--rp-space-2);
    padding: var(--rp-space-3) var(--rp-space-4) var(--rp-space-3) var(--rp-space-5);
    border-bottom: 1px solid var(--rp-line);
  }

  rp-time-chart {
    margin: var(--rp-space-4) var(--rp-space-4) 0 var(--rp-space-2);
  }

  .summary {
    padding: var(--rp-space-3) var(--rp-space-5) var(--rp-space-4);
    color: var(--rp-text-muted);
    font-size: var(--rp-text-sm);
  }

  .button[aria-pressed='true'] {
    border-color: var(--rp-accent);
    background: var(--rp-accent-soft);
    color: var(--rp-accent);
  }

  .scroll {
    max-height: 19rem;
    overflow: auto;
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--rp-text-sm);
    font-variant-numeric: tabular-nums;
  }

  caption {
    padding: var(--rp-space-3) var(--rp-space-5) var(--rp-space-1);
    text-align: start;
  }

  th,
  td {
    padding: var(--rp-space-2) var(--rp-space-3);
    border-bottom: 1px solid var(--rp-line);
    text-align: end;
    white-space: nowrap;
  }

  th:first-child,
  td:first-child {
    padding-inline-start: var(--rp-space-5);
    text-align: start;
  }

  th:last-child,
  td:last-child {
    padding-inline-end: var(--rp-space-5);
  }

  thead th {
    color: var(--rp-text-muted);
    font-size: var(--rp-text-xs);
    font-weight: 600;
  }

  tbody th {
    font-weight: 560;
  }

  tr:last-child > * {
    border-bottom: 0;
  }

  @media (max-width: 60rem) {
    .figures-row {
      grid-template-columns: repeat(12, minmax(0, 1fr));
    }

    .figure {
      grid-column: span 3;
      border-top: 1px solid var(--rp-line);
    }

    .figure:nth-child(-n + 3) {
      grid-column: span 4;
      border-top: 0;
    }

    .figure:nth-child(4) {
      border-inline-start: 0;
    }
  }

  @media (max-width: 40rem) {
    .figure {
      grid-column: span 6;
      padding: var(--rp-space-3) var(--rp-space-4);
    }

    .figure:nth-child(1) {
      grid-column: 1 / -1;
    }

    .figure:nth-child(2),
    .figure:nth-child(3) {
      grid-column: span 6;
      border-top: 1px solid var(--rp-line);
    }

    .figure:nth-child(even) {
      border-inline-start: 0;
    }

    .transport {
      margin-inline-start: 0;
      text-align: start;
    }

    rp-time-chart {
      height: 14rem;
      margin-inline: 0 var(--rp-space-3);
    }
  }
`;
