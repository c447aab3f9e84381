import { css } from 'lit';

/** A round lamp with an icon in it, coloured by the class that names a status. */
export const statusLamp = css`
  .lamp {
    display: grid;
    place-items: center;
    flex: none;
    width: 1.625rem;
    height: 1.625rem;
    border-radius: 50%;
    background: var(--rp-surface-sunken);
    color: var(--rp-text-muted);
  }

  .lamp svg.icon {
    width: 1rem;
    height: 1rem;
    stroke-width: 2.25;
  }

  .lamp.waiting {
    background: none;
    box-shadow: inset 0 0 0 1px var(--rp-line);
  }

  .lamp.waiting svg,
  .lamp.skip svg {
    opacity: 0.7;
  }

  .lamp.running {
    background: var(--rp-accent-soft);
    color: var(--rp-accent);
  }

  .lamp.running svg {
    animation: turn 0.9s linear infinite;
  }

  .lamp.pass {
    background: var(--rp-ok-soft);
    color: var(--rp-ok);
  }

  .lamp.warn {
    background: var(--rp-warn-soft);
    color: var(--rp-warn);
  }

  .lamp.fail {
    background: var(--rp-danger-soft);
    color: var(--rp-danger);
  }

  @keyframes turn {
    to {
      transform: rotate(360deg);
    }
  }

  @media (forced-colors: active) {
    .lamp {
      border: 1px solid;
    }
  }

  @media print {
    .lamp {
      print-color-adjust: exact;
    }
  }
`;
