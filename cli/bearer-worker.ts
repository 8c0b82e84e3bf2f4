/** The command line: finds the command, runs it and sets the exit code: 1 when it failed, 2 when it was misused. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { init } from "./init.ts";

const USAGE = `Usage: bearer-worker init <dir> [--check | --force]

Copies bearer-sw.js, bearer-page.js, bearer-redirect.html and bearer-redirect.js into a site's directory.

  --check    change nothing; exit with 1 when a file is missing or stale
  --force    overwrite files of these names that bearer-worker did not write
  --help     print this
  --version  print the version`;

class UsageError extends Error {}

/** Where this file was built to, with all that the package publishes. */
const dist = new URL(".", import.meta.url);

async function run([command, ...args]: string[]): Promise<boolean> {
  switch (command) {
    case "init":
      return await runInit(args);
    case "--help":
    case "-h":
      return printUsage();
    case "--version":
    case "-v":
      console.log(await version());
      return true;
    case undefined:
      throw new UsageError("No command was given");
    default:
      throw new UsageError(`There is no ${command.startsWith("-") ? "option" : "command"} "${command}"`);
  }
}

async function runInit(args: string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      check: { type: "boolean" },
      force: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return printUsage();
  const [to, ...rest] = positionals;
  if (!to || rest.length > 0) throw new UsageError("init takes one directory");
  if (values.check && values.force)
    throw new UsageError("--check writes nothing, --force overwrites: use one");
  return await init({ ...values, from: fileURLToPath(dist), to, print: (text) => console.log(text) });
}

function printUsage(): true {
  console.log(USAGE);
  return true;
}

async function version(): Promise<string> {
  const manifest = await readFile(new URL("../package.json", dist), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** What was typed is wrong, as `parseArgs` or we see it. */
const isMisuse = (error: unknown): boolean =>
  error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS") === true;

try {
  process.exitCode = (await run(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error(`bearer-worker: ${error instanceof Error ? error.message : String(error)}`);
  if (isMisuse(error)) console.error(`\n${USAGE}`);
  process.exitCode = isMisuse(error) ? 2 : 1;
}
