/** One command of `bearer-worker`. */
export interface Command {
  /** How it is called, what it does and its options: what `--help` prints. The first line begins with "Usage:". */
  readonly help: string;
  /**
   * Runs it with what follows its name.
   *
   * @returns whether all is well: what the exit code says
   * @throws UsageError when it was called wrongly; other errors when it could not do its work
   */
  run(args: string[], context: CommandContext): Promise<boolean>;
}

export interface CommandContext {
  /** The directory of the built files. */
  readonly dist: string;
  /** The package's version. */
  readonly version: string;
  /** Takes what there is to say, in pieces of one or more lines. */
  readonly print: (text: string) => void;
}

/** The command was called wrongly. The message says how; the command's help is printed below it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The one argument that a command takes. `what` names it, as in "one directory". */
export function onlyArgument(positionals: readonly string[], command: string, what: string): string {
  const [argument, ...rest] = positionals;
  if (!argument || rest.length > 0) throw new UsageError(`${command} takes ${what}`);
  return argument;
}
