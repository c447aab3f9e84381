import { css } from 'lit';

/** A field to search in what is listed below it, at the end of a panel's heading. */
export const searchField = css`
  .search {
    position: relative;
    flex: 1 1 14rem;
    max-width: 20rem;
    margin-inline-start: auto;
  }

  .search svg {
    position: absolute;
    inset: 50% auto auto var(--rp-space-3);
    width: 1.125rem;
    height: 1.125rem;
    color: var(--rp-text-muted);
    transform: translateY(-50%);
    pointer-events: none;
  }

  .search .field {
    padding-inline-start: 2.25rem;
  }

  @media (max-width: 40rem) {
    .search {
      flex-basis: 100%;
      max-width: none;
    }
  }
`;
