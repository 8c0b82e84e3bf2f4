/** The command line: finds the command, runs it and sets the exit code: 1 when it failed, 2 when it was misused. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Command, UsageError } from "./command.ts";
import { doctor } from "./doctor.ts";
import { init } from "./init.ts";
import { remove } from "./remove.ts";

const COMMANDS = new Map<string, Command>([
  ["init", init],
  ["doctor", doctor],
  ["remove", remove],
]);

const HELP = `Usage: bearer-worker <command>

  init <dir>    copies the worker, the page script and the redirect page into a site's directory
  doctor <url>  asks a running site and its APIs, and says what is misconfigured and how to fix it
  remove <dir>  takes them out again, and leaves a worker that removes itself from browsers

  --help        prints this, or after a command what it does and its options
  --version     prints the version

Exit codes: 0 all is well, 1 it is not, 2 the command was called wrongly.`;

/** Where this file was built to, with all that the package publishes. */
const dist = new URL(".", import.meta.url);

const print = (text: string): void => console.log(text);

async function run(name: string | undefined, args: string[]): Promise<boolean> {
  if (name === "--version" || name === "-v") print(await version());
  else if (name === "--help" || name === "-h") print(HELP);
  else {
    const command = find(name);
    if (!args.some((argument) => argument === "--help" || argument === "-h")) {
      return await command.run(args, { dist: fileURLToPath(dist), version: await version(), print });
    }
    print(command.help);
  }
  return true;
}

function find(name: string | undefined): Command {
  if (name === undefined) throw new UsageError("No command was given");
  const command = COMMANDS.get(name);
  if (command) return command;
  throw new UsageError(`There is no ${name.startsWith("-") ? "option" : "command"} "${name}"`);
}

async function version(): Promise<string> {
  const manifest = await readFile(new URL("../package.json", dist), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** What was typed is wrong, as `parseArgs` or we see it. */
const isMisuse = (error: unknown): boolean =>
  error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS") === true;

const [name, ...args] = process.argv.slice(2);
try {
  process.exitCode = (await run(name, args)) ? 0 : 1;
} catch (error) {
  console.error(`bearer-worker: ${error instanceof Error ? error.message : String(error)}`);
  if (isMisuse(error)) console.error(`\n${COMMANDS.get(name ?? "")?.help ?? HELP}`);
  process.exitCode = isMisuse(error) ? 2 : 1;
}
