/** The command line. It finds the command, runs it and sets the exit code: 1 when it failed, 2 when it was misused. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Command, type CommandContext, UsageError } from "./command.ts";
import { doctor } from "./doctor.ts";
import { init } from "./init.ts";
import { printer } from "./output.ts";
import { remove } from "./remove.ts";

const COMMANDS = new Map<string, Command>([
  ["init", init],
  ["doctor", doctor],
  ["remove", remove],
]);

const HELP = `Usage: bearer-worker <command>

  init [<dir>]    copies the worker, the page script and the redirect page into a site's directory
  doctor <url>    checks a running site and its APIs, and says how to fix each misconfiguration
  remove [<dir>]  removes these files, and leaves a worker that removes itself from browsers

  --help          prints this; after a command, prints the command's help
  --version       prints the version

Exit codes: 0 success, 1 a problem was found or the command failed, 2 wrong usage.`;

/** The folder of the built files, this one included. */
const dist = new URL(".", import.meta.url);

const print = printer((text) => console.log(text));
const printError = printer((text) => console.error(text));

async function run(name: string | undefined, args: string[]): Promise<boolean> {
  if (name === "--version" || name === "-v") print((await readPackage()).version);
  else if (name === "--help" || name === "-h") print(...HELP.split("\n"));
  else {
    const command = find(name);
    if (!args.some((argument) => argument === "--help" || argument === "-h")) {
      return await command.run(args, { dist: fileURLToPath(dist), ...(await readPackage()), print });
    }
    print(...command.help.split("\n"));
  }
  return true;
}

function find(name: string | undefined): Command {
  if (name === undefined) throw new UsageError("No command was given. Name init, doctor or remove.");
  const command = COMMANDS.get(name);
  if (command) return command;
  throw new UsageError(
    `There is no ${name.startsWith("-") ? "option" : "command"} "${name}". The commands are init, doctor and remove.`,
  );
}

async function readPackage(): Promise<Pick<CommandContext, "version" | "msal">> {
  const { version, peerDependencies } = JSON.parse(
    await readFile(new URL("../package.json", dist), "utf8"),
  ) as { version: string; peerDependencies: Record<string, string> };
  return { version, msal: peerDependencies["@azure/msal-browser"] ?? "" };
}

/** Whether the arguments are wrong, by the judgement of `parseArgs` or of a command. */
const isMisuse = (error: unknown): boolean =>
  error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS") === true;

function fail(error: unknown): void {
  printError(`bearer-worker: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

const [name, ...args] = process.argv.slice(2);
// Node.js would print such an error as it is, with the characters of a server or of a file's name.
process.on("uncaughtException", fail);
try {
  process.exitCode = (await run(name, args)) ? 0 : 1;
} catch (error) {
  fail(error);
  if (isMisuse(error)) {
    printError("", ...(COMMANDS.get(name ?? "")?.help ?? HELP).split("\n"));
    process.exitCode = 2;
  }
}
