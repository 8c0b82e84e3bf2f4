import { stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { atMostOneArgument, type Command, type CommandContext } from "./command.ts";
import { findMentions, type Mentions } from "./mentions.ts";
import { jsonLines } from "./output.ts";
import { locateSite } from "./project/site-location.ts";
import { findSourceRoot } from "./project/source-root.ts";
import { propose } from "./proposals.ts";
import { replaceFiles } from "./replace-files.ts";
import { type FileState, inspect, NAMES, type SiteFile, WORKER } from "./site-files.ts";

const HELP = `Usage: bearer-worker remove [<dir>] [--force] [--json]

Removes the files that "bearer-worker init" wrote to a site's directory, and lists the lines of your pages and sources that
use them. Finds the directory as init does: without <dir> in the current folder, and with the folder of a project in that
project. Looks for the lines in the project, or around a plain directory from the nearest package.json or repository on.

A worker stays in your visitors' browsers after its file is gone. remove therefore replaces bearer-sw.js by a worker
that removes itself: it attaches no token, lets every request pass, and ends its registration. No page is reloaded.
Keep serving it for as long as earlier visitors may return. In a worker of your own that imports it, it does nothing.

remove deletes the other files. It keeps files that you changed, and files that bearer-worker did not write. When one
file cannot be written or deleted, remove restores the others. remove refuses a symbolic link, a directory or a device in
place of a file, with --force too.

  --force  also replaces or deletes changed files, and files of these names that bearer-worker did not write
  --json   prints { directory, version, ok, files: [{ path, state, action }], mentions: [{ path, line }],
           imports: [{ path, line }], unread: [path] }
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
  const location = await locateSite(atMostOneArgument(positionals, "remove", "one directory"), "remove");
  if ("proposals" in location) return propose(location, "remove", values, context);
  const { directory, project } = location;
  if (!(await stat(directory).catch(() => null)))
    throw new Error(
      `${directory} does not exist, so it holds no file of bearer-worker. No file was changed.`,
    );

  const worker = await inspect(directory, WORKER, context, REMOVAL);
  const others = await Promise.all(
    NAMES.filter((name) => name !== WORKER).map((name) => inspect(directory, name, context)),
  );
  // While the old worker stays, its pages still need the other files.
  const { force = false } = values;
  const ok = force || !isOwn(worker);
  const all = [worker, ...others];
  const files = all.map((file): Outcome => {
    const { path, state } = file;
    const action = !ok ? "none" : file === worker ? replacement(state) : deletion(file, force);
    return { path, state, action };
  });
  const found = await findMentions(
    [directory, project?.root ?? (await findSourceRoot(directory))],
    all.map(({ path }) => path),
  );
  await replaceFiles(
    all
      .filter((_, index) => CHANGING.has(files[index]?.action ?? "none"))
      .map((file) => (file === worker ? file : { ...file, content: null })),
  );

  if (values.json) context.print(...jsonLines({ directory, version: context.version, ok, files, ...found }));
  else if (ok) report(files, found, context.print);
  else
    context.print(
      `${worker.path}: ${OWN[worker.state]}, so not replaced`,
      "",
      `No file was changed. If this is your own worker, remove registerTokenRoute from it. Otherwise replace it with --force.`,
    );
  return ok;
}

/** Whether the site would lose a file of its own. */
const isOwn = ({ state }: SiteFile): boolean => state === "modified" || state === "foreign";

const replacement = (state: FileState): Outcome["action"] =>
  state === "current" ? "none" : state === "missing" ? "created" : "replaced";

const deletion = (file: SiteFile, force: boolean): Outcome["action"] =>
  file.state === "missing" ? "none" : isOwn(file) && !force ? "kept" : "deleted";

const CHANGING: ReadonlySet<Outcome["action"]> = new Set(["created", "replaced", "deleted"]);

const OWN: Partial<Record<FileState, string>> = {
  modified: "changed since bearer-worker wrote it",
  foreign: "not written by bearer-worker",
};

function report(
  files: readonly Outcome[],
  { mentions, imports, unread }: Mentions,
  print: CommandContext["print"],
): void {
  for (const { path, state, action } of files) {
    if (action === "kept") print(`${path}: ${OWN[state]}, so kept`);
    else if (action === "created" || action === "replaced")
      print(`${path}: ${action}, with a worker that removes itself`);
    else print(`${path}: ${action === "none" ? UNTOUCHED[state] : action}`);
  }
  if (mentions.length > 0) {
    print(
      "",
      "Remove these lines from your pages and scripts: the script tags, the imports, the call of attachTokens, and the redirect URI /bearer-redirect.html.",
    );
    for (const { path, line } of mentions) print(`  ${path}:${line}`);
  }
  if (imports.length > 0) {
    print(
      "",
      "A worker of your own imports bearer-sw.js, which does nothing there from now on. Remove the import together with the calls of bearerWorker, and before you stop serving bearer-sw.js: without the file your worker could not be updated.",
    );
    for (const { path, line } of imports) print(`  ${path}:${line}`);
  }
  if (unread.length > 0) {
    print(
      "",
      "These files could not be read. Look for the script tags and the call of attachTokens in them.",
    );
    for (const path of unread) print(`  ${path}`);
  }
  print(
    "",
    "Keep serving this bearer-sw.js for as long as earlier visitors may return. If your site still signs users in, it needs a redirect URI other than /bearer-redirect.html.",
  );
}

const UNTOUCHED: Partial<Record<FileState, string>> = {
  missing: "not there",
  current: "unchanged, a worker that removes itself",
};
