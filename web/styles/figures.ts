import { css } from 'lit';

/** Large figures in a row, each with its name and a word on it. */
export const figures = css`
  .figures-row {
    display: grid;
    overflow: hidden;
  }

  .figure {
    min-width: 0;
    border-inline-start: 1px solid var(--rp-line);
  }

  .figure:first-child {
    border-inline-start: 0;
  }

  .figure dt {
    color: var(--rp-text-muted);
    font-size: var(--rp-text-sm);
    font-weight: 560;
  }

  .large {
    font-size: var(--rp-text-figure);
    font-weight: 620;
    font-variant-numeric: tabular-nums;
    letter-spacing: -0.03em;
    line-height: 1.35;
    white-space: nowrap;
  }

  .unit {
    color: var(--rp-text-muted);
    font-size: var(--rp-text-sm);
    font-weight: 450;
    letter-spacing: 0;
  }
`;
