import { css } from 'lit';

/** Surfaces that pages lay their content on. */
export const panels = css`
  .panel {
    border: 1px solid var(--rp-line);
    border-radius: var(--rp-radius-lg);
    background: var(--rp-surface);
  }

  .plan {
    background-color: var(--rp-surface);
    background-image:
      linear-gradient(var(--rp-grid) 1px, transparent 1px),
      linear-gradient(90deg, var(--rp-grid) 1px, transparent 1px);
    background-position: -1px -1px;
    background-size: 1.5rem 1.5rem;
  }

  .note {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--rp-space-2) var(--rp-space-3);
    padding: var(--rp-space-3) var(--rp-space-4);
    border-radius: var(--rp-radius-md);
    font-size: var(--rp-text-sm);
  }

  .note.calm {
    background: var(--rp-accent-soft);
    color: var(--rp-text);
  }

  .note.warn {
    background: var(--rp-warn-soft);
    color: var(--rp-warn);
  }

  .note.danger {
    background: var(--rp-danger-soft);
    color: var(--rp-danger);
  }

  .blank {
    display: grid;
    justify-items: center;
    gap: var(--rp-space-3);
    padding: var(--rp-space-7) var(--rp-space-4);
    text-align: center;
  }

  .blank p {
    max-width: 34rem;
    color: var(--rp-text-muted);
    text-wrap: pretty;
  }

  .blank > svg {
    width: 3rem;
    height: 3rem;
    color: var(--rp-accent);
    stroke-width: 1.25;
  }
`;
