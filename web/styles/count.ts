import { css } from 'lit';

/** A number on a pill, beside what it counts. */
export const countPill = css`
  .count {
    min-width: 1.25rem;
    padding: 0 0.375rem;
    border-radius: 0.625rem;
    background: var(--rp-accent);
    color: var(--rp-on-accent);
    font-size: var(--rp-text-xs);
    font-weight: 650;
    line-height: 1.25rem;
    text-align: center;
  }
`;
