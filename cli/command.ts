import type { Print } from "./output.ts";

/** One command of `bearer-worker`. */
export interface Command {
  /** The text that `--help` prints: usage, effect and options. The first line begins with "Usage:". */
  readonly help: string;
  /**
   * Runs the command with the arguments after its name.
   *
   * @returns whether the exit code is 0
   * @throws UsageError when the arguments are wrong; other errors when the command could not do its work
   */
  run(args: string[], context: CommandContext): Promise<boolean>;
}

export interface CommandContext {
  /** The directory of the built files. */
  readonly dist: string;
  /** The package's version. */
  readonly version: string;
  /** The range of MSAL's versions that the package supports. */
  readonly msal: string;
  readonly print: Print;
}

/** The arguments are wrong. The message names the mistake; the command's help is printed below it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Returns the only argument of a command. `what` describes it, as in "one URL". */
export function onlyArgument(positionals: readonly string[], command: string, what: string): string {
  const argument = atMostOneArgument(positionals, command, what);
  if (argument === undefined) throw new UsageError(`${command} takes ${what}, and got none.`);
  return argument;
}

/** Returns the argument of a command that needs none; undefined if there is none. */
export function atMostOneArgument(
  positionals: readonly string[],
  command: string,
  what: string,
): string | undefined {
  const [argument, ...rest] = positionals;
  if (argument === "" || rest.length > 0)
    throw new UsageError(
      `${command} takes ${what}, and got ${argument === "" ? "none" : positionals.length}.`,
    );
  return argument;
}
