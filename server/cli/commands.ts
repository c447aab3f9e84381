/** What `roomplex` can be told to do. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly (readonly [line: string, what: string])[];
}

/** Every command; the first is what runs when none is named. */
export const COMMANDS = [
  {
    name: 'serve',
    summary: 'Run the server. This is what happens without a command.',
    examples: [
      ['roomplex --port 4000', 'http on another port'],
      ['roomplex -S --host 0.0.0.0', 'https for the whole network, self-signed'],
      ['roomplex --channels listed --channel news', 'one room and no other'],
      ['roomplex --limit message=65536 --limit rooms=0', 'smaller messages, any number of rooms'],
    ],
  },
] as const satisfies readonly CommandSpec[];

export type CommandName = (typeof COMMANDS)[number]['name'];
