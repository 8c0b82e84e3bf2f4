import { unlink, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Command, type CommandContext, onlyArgument } from "./command.ts";
import { findMentions, type Mention } from "./mentions.ts";
import { type FileState, inspect, NAMES, requireDirectory, type SiteFile, WORKER } from "./site-files.ts";

const HELP = `Usage: bearer-worker remove <dir> [--force] [--json]

Takes out of a site's directory what "bearer-worker init" put there, and names the lines of your pages that use it.

A worker lives on in your visitors' browsers when its file is gone. So bearer-sw.js is replaced by a worker that
removes itself: it attaches nothing, lets every request pass, and ends its registration. Nobody's page is reloaded.
Leave it there for as long as visitors may come back who were there before.

The other files are deleted. Files that you changed, or that are not from bearer-worker, are kept.

  --force  replaces or deletes changed files and other files of these names, too
  --json   prints { directory, version, ok, files: [{ path, state, action }], mentions: [{ path, line }] }
  --help   prints this`;

const REMOVAL = "bearer-sw-removal.js";

interface Outcome {
  readonly path: string;
  readonly state: FileState;
  readonly action: "none" | "created" | "replaced" | "deleted" | "kept";
}

/** Puts a worker that removes itself in the worker's place, and deletes what else `init` wrote. */
export const remove: Command = { help: HELP, run };

async function run(args: string[], context: CommandContext): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { force: { type: "boolean" }, json: { type: "boolean" } },
  });
  const directory = onlyArgument(positionals, "remove", "one directory");
  await requireDirectory(directory, "remove");

  const worker = await inspect(directory, WORKER, context, REMOVAL);
  const others = await Promise.all(
    NAMES.filter((name) => name !== WORKER).map((name) => inspect(directory, name, context)),
  );
  // While the old worker stays, its pages still need the other files.
  const ok = values.force || !isOwn(worker);
  const files = ok
    ? [await replace(worker), ...(await Promise.all(others.map((file) => removeFile(file, values.force))))]
    : [worker, ...others].map(({ path, state }): Outcome => ({ path, state, action: "none" }));
  const mentions = await findMentions(
    directory,
    files.map(({ path }) => path),
  );

  if (values.json)
    context.print(JSON.stringify({ directory, version: context.version, ok, files, mentions }, null, 2));
  else if (ok) report(files, mentions, context.print);
  else
    context.print(
      `${worker.path}: ${OWN[worker.state]}, so not replaced\n\nNothing was changed. If it is your own worker, take registerTokenRoute out of it; else replace it with --force.`,
    );
  return ok;
}

/** What the site would lose. */
const isOwn = ({ state }: SiteFile): boolean => state === "modified" || state === "foreign";

async function replace({ path, content, state }: SiteFile): Promise<Outcome> {
  if (state === "current") return { path, state, action: "none" };
  await writeFile(path, content);
  return { path, state, action: state === "missing" ? "created" : "replaced" };
}

async function removeFile(file: SiteFile, force: boolean | undefined): Promise<Outcome> {
  const { path, state } = file;
  if (state === "missing") return { path, state, action: "none" };
  if (isOwn(file) && !force) return { path, state, action: "kept" };
  await unlink(path);
  return { path, state, action: "deleted" };
}

const OWN: Partial<Record<FileState, string>> = {
  modified: "changed since bearer-worker wrote it",
  foreign: "not written by bearer-worker",
};

function report(
  files: readonly Outcome[],
  mentions: readonly Mention[],
  print: CommandContext["print"],
): void {
  for (const { path, state, action } of files) {
    if (action === "kept") print(`${path}: ${OWN[state]}, so kept`);
    else if (action === "created" || action === "replaced")
      print(`${path}: ${action}, with a worker that removes itself`);
    else print(`${path}: ${action === "none" ? UNTOUCHED[state] : action}`);
  }
  if (mentions.length > 0) {
    print("\nTake out of your pages what uses these files: the script tags, and the call of attachTokens.");
    for (const { path, line } of mentions) print(`  ${path}:${line}`);
  }
  print(
    "\nServe bearer-sw.js as it is now for as long as visitors may come back. If your site goes on signing users in, it needs another redirect URI than /bearer-redirect.html.",
  );
}

const UNTOUCHED: Partial<Record<FileState, string>> = {
  missing: "not there",
  current: "unchanged, a worker that removes itself",
};
