import { unlink, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Command, type CommandContext, onlyArgument } from "./command.ts";
import { findMentions, type Mention } from "./mentions.ts";
import { type FileState, inspect, NAMES, requireDirectory, type SiteFile, WORKER } from "./site-files.ts";

const HELP = `Usage: bearer-worker remove <dir> [--force] [--json]

Removes the files that "bearer-worker init" wrote to a site's directory, and lists the lines of your pages that use them.

A worker stays in your visitors' browsers after its file is gone. remove therefore replaces bearer-sw.js by a worker
that removes itself: it attaches no token, lets every request pass, and ends its registration. No page is reloaded.
Keep serving it for as long as earlier visitors may return.

remove deletes the other files. It keeps files that you changed, and files that bearer-worker did not write.

  --force  also replaces or deletes changed files, and files of these names that bearer-worker did not write
  --json   prints { directory, version, ok, files: [{ path, state, action }], mentions: [{ path, line }] }
  --help   prints this`;

const REMOVAL = "bearer-sw-removal.js";

interface Outcome {
  readonly path: string;
  readonly state: FileState;
  readonly action: "none" | "created" | "replaced" | "deleted" | "kept";
}

/** Replaces the worker by one that removes itself, and deletes the other files that `init` wrote. */
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
      `${worker.path}: ${OWN[worker.state]}, so not replaced\n\nNo file was changed. If this is your own worker, remove registerTokenRoute from it. Otherwise replace it with --force.`,
    );
  return ok;
}

/** Whether the site would lose a file of its own. */
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
    print("\nRemove these lines from your pages: the script tags and the call of attachTokens.");
    for (const { path, line } of mentions) print(`  ${path}:${line}`);
  }
  print(
    "\nKeep serving this bearer-sw.js for as long as earlier visitors may return. If your site still signs users in, it needs a redirect URI other than /bearer-redirect.html.",
  );
}

const UNTOUCHED: Partial<Record<FileState, string>> = {
  missing: "not there",
  current: "unchanged, a worker that removes itself",
};
