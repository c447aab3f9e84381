/** How long an engine knows publications by their ids, in ms. */
export const PUBLISH_ID_MS = 300_000;
