import { css } from 'lit';

/** How the desk is laid out; as high before, during and after an examination. */
export const examinationLayout = css`
  :host {
    display: block;
  }

  .desk {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr) 24rem;
    gap: var(--rp-space-5) var(--rp-space-7);
    align-items: center;
    padding: var(--rp-space-6);
    overflow: hidden;
  }

  .words {
    display: grid;
    gap: var(--rp-space-4);
    align-content: center;
    min-height: 13.5rem;
  }

  .headline {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--rp-space-4);
    align-content: start;
    min-height: 5.5rem;
  }

  .headline.good,
  .headline.warn,
  .headline.bad {
    grid-template-columns: auto minmax(0, 1fr);
  }

  .headline h2 {
    font-size: 1.5rem;
    font-weight: 650;
    line-height: 1.25;
    letter-spacing: -0.02em;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }

  .headline p {
    max-width: 38rem;
    margin-top: var(--rp-space-2);
    color: var(--rp-text-muted);
    text-wrap: pretty;
  }

  .headline strong {
    color: var(--rp-text);
    font-weight: 600;
  }

  .headline .origin {
    margin: 0 0 var(--rp-space-1);
    font-size: var(--rp-text-sm);
  }

  .seal {
    display: grid;
    place-items: center;
    width: 3rem;
    height: 3rem;
    border-radius: 50%;
  }

  .seal svg.icon {
    width: 1.625rem;
    height: 1.625rem;
    stroke-width: 2;
  }

  .good .seal {
    background: var(--rp-ok-soft);
    color: var(--rp-ok);
  }

  .warn .seal {
    background: var(--rp-warn-soft);
    color: var(--rp-warn);
  }

  .bad .seal {
    background: var(--rp-danger-soft);
    color: var(--rp-danger);
  }

  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--rp-space-3) var(--rp-space-5);
    min-height: 3rem;
  }

  .start {
    min-width: 10.5rem;
    min-height: 3rem;
    padding: 0 var(--rp-space-5);
    border-radius: var(--rp-radius-md);
    font-size: 1.0625rem;
  }

  .depths {
    display: flex;
    flex-wrap: wrap;
    gap: var(--rp-space-1) var(--rp-space-5);
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }

  .depths label {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0 var(--rp-space-2);
    align-items: center;
    min-height: 2.5rem;
    cursor: pointer;
  }

  .depths label > :last-child {
    grid-column: 2;
  }

  .depths input {
    grid-row: 1 / 3;
    width: 1.125rem;
    height: 1.125rem;
    margin: 0;
    accent-color: var(--rp-accent);
    cursor: pointer;
  }

  .depths .name {
    font-weight: 560;
    line-height: 1.3;
  }

  .depths .hint {
    color: var(--rp-text-muted);
    font-size: var(--rp-text-xs);
    line-height: 1.3;
  }

  .countdown {
    display: grid;
    color: var(--rp-text-muted);
    font-size: var(--rp-text-sm);
  }

  .countdown span:first-child {
    color: var(--rp-text);
    font-weight: 560;
  }

  .away {
    visibility: hidden;
  }

  .progress {
    position: absolute;
    inset: auto 0 0;
    height: 4px;
  }

  .progress.on {
    background: var(--rp-accent-soft);
  }

  .progress span {
    display: block;
    width: 100%;
    height: 100%;
    transform-origin: left;
  }

  .progress.on span {
    background: var(--rp-accent);
    transition: transform 0.3s;
  }

  @media (forced-colors: active) {
    .progress.on span {
      background: Highlight;
    }
  }

  @media (max-width: 60rem) {
    .desk {
      grid-template-columns: minmax(0, 1fr);
    }

    .words {
      min-height: 0;
    }
  }

  @media (max-width: 40rem) {
    .desk {
      gap: var(--rp-space-5);
      padding: var(--rp-space-5) var(--rp-space-4) var(--rp-space-5);
    }

    .headline {
      min-height: 7rem;
    }

    .headline h2 {
      font-size: 1.3125rem;
    }

    .seal {
      width: 2.25rem;
      height: 2.25rem;
    }

    .seal svg.icon {
      width: 1.25rem;
      height: 1.25rem;
    }

    .headline.good,
    .headline.warn,
    .headline.bad {
      gap: var(--rp-space-3);
    }

    .start {
      width: 100%;
    }

    .controls {
      min-height: 6.5rem;
      align-content: start;
    }

    .depths {
      width: 100%;
    }

    .depths label {
      flex: 1;
    }

    .depths .more {
      display: none;
    }
  }

  .paper {
    display: none;
  }

  @media print {
    .paper {
      display: block;
    }

    .controls,
    rp-server-field {
      display: none;
    }
  }
`;
