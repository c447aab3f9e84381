/** What went wrong, in one sentence for the person at the terminal, and the exit code that says whose fault it is. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** 2: the command line or environment is wrong. 1: everything else. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** A {@link CommandError} for a wrong option or environment variable. */
export function usageError(message: string): CommandError {
  return new CommandError(message, 2);
}

/** A {@link CommandError} for a start that failed though the command line was right. */
export function startError(message: string, cause?: unknown): CommandError {
  return new CommandError(message, 1, { cause });
}
