/** Arguments with which nothing is thrown away, so that at the end everything can be looked for. */
export const KEEP_ALL: readonly string[] = ['history', 'historyBytes', 'historySeconds'].flatMap((name) => [
  '--limit',
  `${name}=0`,
]);
