import { css } from 'lit';

/** A list that fills the side of a page below a small heading, and scrolls within it. */
export const sideList = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
  }

  h2 {
    color: var(--rp-text-muted);
    font-size: var(--rp-text-sm);
    font-weight: 560;
    letter-spacing: 0;
  }

  ul {
    flex: 1;
    min-height: 0;
    overflow: auto;
  }
`;
