import { type OptionSpec, SERVE_OPTIONS, environmentNames } from './option-table.ts';

/** One value as it was given, and where, for messages. */
export interface Given {
  readonly value: unknown;
  /** `--port`, `ROOMPLEX_PORT` or `websockets.conf:3`. */
  readonly from: string;
  /** The setting's name as the configuration file spells it, where it stands there. */
  readonly setting?: string;
}

/** Options by their long name. */
export type GivenOptions = ReadonlyMap<string, Given>;

/** `null` in the configuration file counts as absent. */
export function valued(given: Given | undefined): Given | undefined {
  return given?.value === null ? undefined : given;
}

/** The options that stand in the environment; an empty variable counts as absent. */
export function readEnvironment(env: NodeJS.ProcessEnv): GivenOptions {
  const given = new Map<string, Given>();
  for (const option of SERVE_OPTIONS as readonly OptionSpec[]) {
    const from = environmentNames(option).find((name) => env[name] !== undefined && env[name] !== '');
    if (from !== undefined) given.set(option.name, { value: env[from], from });
  }
  return given;
}
