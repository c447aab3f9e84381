import { css } from 'lit';

/** A page that scrolls as a whole: its width, its rhythm, its heading with a word on how things are. */
export const pageFrame = css`
  :host {
    display: block;
  }

  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--rp-space-5);
    max-width: var(--rp-page);
    margin: 0 auto;
    padding: var(--rp-space-6) var(--rp-space-4) var(--rp-space-7);
  }

  .intro {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: var(--rp-space-1) var(--rp-space-4);
  }

  @media (max-width: 40rem) {
    .page {
      gap: var(--rp-space-4);
      padding-top: var(--rp-space-4);
    }
  }
`;
