import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Command, type CommandContext, onlyArgument, UsageError } from "./command.ts";
import { type FileState, inspect, NAMES, requireDirectory, SCRIPT_TAG, type SiteFile } from "./site-files.ts";

const HELP = `Usage: bearer-worker init <dir> [--bundler] [--check | --force] [--json]

Copies bearer-sw.js, bearer-page.js, bearer-redirect.html and bearer-redirect.js into the directory that is served as
the root of your site, and prints what to add to your pages. Run it again after an update of the package.

A last line in each copy tells who wrote it and whether it was changed since. Files that you changed, or that are not
from bearer-worker, stay as they are, and then nothing is written at all: they have to be of one version.

  --bundler  leaves out bearer-page.js: your bundle imports bearer-worker
  --check    changes nothing; exits with 1 unless all files are there, current and unchanged
  --force    overwrites changed files and other files of these names, too
  --json     prints { directory, version, ok, files: [{ path, state, action }] }
  --help     prints this`;

/** How each file was found, and what became of it. */
interface Outcome {
  readonly path: string;
  readonly state: FileState;
  readonly action: "none" | "created" | "updated" | "overwritten";
}

/**
 * Copies the worker, the script-tag build and the redirect page into a site's directory, and says what became of each.
 * All or nothing: where one of them is the site's own, none is written, as they have to be of one version.
 */
export const init: Command = { help: HELP, run };

async function run(args: string[], context: CommandContext): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      bundler: { type: "boolean" },
      check: { type: "boolean" },
      force: { type: "boolean" },
      json: { type: "boolean" },
    },
  });
  const directory = onlyArgument(positionals, "init", "one directory");
  if (values.check && values.force)
    throw new UsageError("--check writes nothing, --force overwrites: use one");
  await requireDirectory(directory, "init");

  const { bundler = false, check = false } = values;
  const names = NAMES.filter((name) => !bundler || name !== SCRIPT_TAG);
  const files = await Promise.all(names.map((name) => inspect(directory, name, context)));
  const refused = !values.force && files.some(({ state }) => isOwn(state));
  const writes = !values.check && !refused;
  if (writes) await write(files);
  const outcomes = files.map(({ path, state }) => ({
    path,
    state,
    action: writes ? actionFor(state) : "none",
  }));
  const ok = writes || files.every(({ state }) => state === "current");
  if (values.json)
    context.print(JSON.stringify({ directory, version: context.version, ok, files: outcomes }, null, 2));
  else report(directory, outcomes, { ok, refused, check, bundler, print: context.print });
  return ok;
}

/** What the site would lose. */
const isOwn = (state: FileState): boolean => state === "modified" || state === "foreign";

async function write(files: readonly SiteFile[]): Promise<void> {
  for (const { path, content, state } of files) if (state !== "current") await writeFile(path, content);
}

const actionFor = (state: FileState): Outcome["action"] =>
  state === "current" ? "none" : state === "missing" ? "created" : isOwn(state) ? "overwritten" : "updated";

const STATES: Readonly<Record<FileState, string>> = {
  missing: "missing",
  current: "unchanged",
  stale: "stale",
  modified: "changed since bearer-worker wrote it",
  foreign: "not written by bearer-worker",
};

function report(
  directory: string,
  outcomes: readonly { path: string; state: FileState; action: string }[],
  {
    ok,
    refused,
    check,
    bundler,
    print,
  }: { ok: boolean; refused: boolean; check: boolean; bundler: boolean; print: CommandContext["print"] },
): void {
  for (const { path, state, action } of outcomes) {
    const kept = isOwn(state) && refused && !check ? ", so not overwritten" : "";
    print(`${path}: ${action === "none" ? STATES[state] + kept : action}`);
  }
  if (check && !ok) {
    print(
      `\nRun "bearer-worker init ${directory}${bundler ? " --bundler" : ""}" to bring the files up to date.`,
    );
  } else if (refused) print("\nNothing was written. Rename what is yours, or overwrite it with --force.");
  else if (outcomes.some(({ action }) => action === "created")) print(nextSteps(directory, bundler));
}

const nextSteps = (directory: string, bundler: boolean): string => `
Next, where ${directory} is served as the root of your site:
1. Register /bearer-redirect.html, with your site's origin, as a redirect URI of a single-page application.
2. Add this to your ${bundler ? "code, with your MSAL instance" : "pages; with a bundler, see init --bundler"}:

${bundler ? MODULE : SCRIPT_TAGS}

3. Sign users in with msal.loginPopup(). Requests to /api/ then carry their token.
4. Once it is served, run "bearer-worker doctor <url>": it finds what headers and policies get in the way.`;

const SCRIPT_TAGS = `<script src="/bearer-page.js"></script>
<script>
  const msal = new bearerWorker.PublicClientApplication({
    auth: {
      clientId: "<your site's client id>",
      authority: "https://login.microsoftonline.com/<your tenant id>",
      redirectUri: location.origin + "/bearer-redirect.html",
    },
  });
  bearerWorker.attachTokens(msal, {
    protectedResourceMap: { "/api/*": ["api://<your API's client id>/<scope>"] },
  });
</script>`;

const MODULE = `import { PublicClientApplication } from "@azure/msal-browser";
import { attachTokens } from "bearer-worker";

const msal = new PublicClientApplication({
  auth: {
    clientId: "<your site's client id>",
    authority: "https://login.microsoftonline.com/<your tenant id>",
    redirectUri: location.origin + "/bearer-redirect.html",
  },
});
await attachTokens(msal, {
  protectedResourceMap: { "/api/*": ["api://<your API's client id>/<scope>"] },
});`;
