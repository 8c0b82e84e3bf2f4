import { parseArgs } from "node:util";
import { atMostOneArgument, type Command, type CommandContext, UsageError } from "./command.ts";
import { describeInit } from "./init-report.ts";
import { jsonLines } from "./output.ts";
import { findMsal } from "./project/msal.ts";
import { brokenDescriptions, locateSite } from "./project/site-location.ts";
import { propose } from "./proposals.ts";
import { replaceFilesIn } from "./replace-files.ts";
import { type FileState, inspect, namesFor, SCRIPT_TAG, type SiteFile } from "./site-files.ts";

const HELP = `Usage: bearer-worker init [<dir>] [--bundler] [--check | --dry-run | --force] [--json]

Copies bearer-sw.js, bearer-page.js, bearer-redirect.html and bearer-redirect.js into the directory that is served as
the root of your site, and prints the code to add, with its file. Run it again after an update of the package.

<dir> is that directory, or the folder of a project of Vite, Next.js, Angular or Create React App. Such a project says
itself which folder it serves, and has a bundler, so bearer-page.js is left out. Without <dir> the current folder has to
be such a project. In any other folder, and if there are several projects, init writes nothing and proposes commands.

The last line of each copy names the version of bearer-worker that wrote it, and shows whether the copy was changed
since. init does not overwrite a changed file, nor a file that bearer-worker did not write. In both cases it writes no
file at all, because all files must be of one version. When one file cannot be written, init restores the others. init
refuses a symbolic link, a directory or a device in place of a file, with --force too.

  --bundler  omits bearer-page.js: your bundle imports bearer-worker
  --check    changes nothing; exits with 1 unless all files are there, current and unchanged
  --dry-run  changes nothing; says what init would do, and prints the code to add
  --force    also overwrites changed files, and files of these names that bearer-worker did not write
  --json     prints { directory, version, ok, project, files: [{ path, state, action }] }; without a choice of its own,
             init prints { proposals: [{ directory, reason }] } as well
  --help     prints this`;

/**
 * Copies the worker, the script-tag build and the redirect page into a site's directory, and prints the action for each.
 * If one of the files is the site's own, no file is written: all must be of one version.
 */
export const init: Command = { help: HELP, run };

async function run(args: string[], context: CommandContext): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      bundler: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      force: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const { bundler, check, "dry-run": dryRun, force, json } = values;
  const argument = atMostOneArgument(positionals, "init", "one directory");
  if (check && force)
    throw new UsageError("--check writes nothing and --force overwrites files. Use one of them.");
  if (check && dryRun)
    throw new UsageError(
      "--check and --dry-run both write nothing. --check fails unless all files are current.",
    );
  const location = await locateSite(argument, "init");
  if ("proposals" in location) return propose(location, "init", { json }, context);

  const { directory, project } = location;
  const files = await filesOf(directory, { bundler, isProject: project !== null }, context);
  const refused = !force && files.some(({ state }) => isOwn(state));
  const writes = !check && !dryRun && !refused;
  if (writes)
    await replaceFilesIn(
      directory,
      files.filter(({ state }) => state !== "current"),
    );
  const outcomes = files.map(({ path, state }) => ({
    path,
    state,
    action: check || refused ? "none" : actionFor(state),
  }));
  const ok = check ? files.every(({ state }) => state === "current") : !refused;
  if (json) {
    const found = project && { framework: project.framework, root: project.root };
    const result = { directory, version: context.version, ok, project: found, files: outcomes };
    context.print(...jsonLines(dryRun ? { ...result, dryRun } : result));
    return ok;
  }
  const msal = project && (await findMsal(project.root, project.manifest, context.msal));
  const broken = await brokenDescriptions(project?.root ?? directory);
  context.print(
    ...describeInit({
      directory,
      argument,
      project,
      msal,
      supported: context.msal,
      broken,
      outcomes,
      ok,
      refused,
      check,
      dryRun,
      bundler,
    }),
  );
  return ok;
}

/** The files of the site. A project that has bearer-page.js keeps it, in the version of the others. */
async function filesOf(
  directory: string,
  { bundler, isProject }: { readonly bundler: boolean; readonly isProject: boolean },
  context: CommandContext,
): Promise<SiteFile[]> {
  const hasScript =
    isProject && !bundler && HAS_COPY.has((await inspect(directory, SCRIPT_TAG, context)).state);
  const names = namesFor({ hasBundle: bundler || (isProject && !hasScript) });
  return await Promise.all(names.map((name) => inspect(directory, name, context)));
}

/** The states of a file that bearer-worker wrote. */
const HAS_COPY: ReadonlySet<FileState> = new Set(["current", "stale", "modified"]);

/** Whether the site would lose a file of its own. */
const isOwn = (state: FileState): boolean => state === "modified" || state === "foreign";

const actionFor = (state: FileState): "none" | "created" | "updated" | "overwritten" =>
  state === "current" ? "none" : state === "missing" ? "created" : isOwn(state) ? "overwritten" : "updated";
