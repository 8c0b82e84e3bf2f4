import { parseArgs } from "node:util";
import { type Command, type CommandContext, onlyArgument, UsageError } from "./command.ts";
import { jsonLines } from "./output.ts";
import { replaceFiles } from "./replace-files.ts";
import { type FileState, inspect, NAMES, requireDirectory, SCRIPT_TAG, type SiteFile } from "./site-files.ts";

const HELP = `Usage: bearer-worker init <dir> [--bundler] [--check | --force] [--json]

Copies bearer-sw.js, bearer-page.js, bearer-redirect.html and bearer-redirect.js into the directory that is served as
the root of your site, and prints the code to add to your pages. Run it again after an update of the package.

The last line of each copy names the version of bearer-worker that wrote it, and shows whether the copy was changed
since. init does not overwrite a changed file, nor a file that bearer-worker did not write. In both cases it writes no
file at all, because all files must be of one version. When one file cannot be written, init restores the others. init
refuses a symbolic link, a directory or a device in place of a file, with --force too.

  --bundler  omits bearer-page.js: your bundle imports bearer-worker
  --check    changes nothing; exits with 1 unless all files are there, current and unchanged
  --force    also overwrites changed files, and files of these names that bearer-worker did not write
  --json     prints { directory, version, ok, files: [{ path, state, action }] }
  --help     prints this`;

/** The state in which a file was found, and the action taken. */
interface Outcome {
  readonly path: string;
  readonly state: FileState;
  readonly action: "none" | "created" | "updated" | "overwritten";
}

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
      bundler: { type: "boolean" },
      check: { type: "boolean" },
      force: { type: "boolean" },
      json: { type: "boolean" },
    },
  });
  const directory = onlyArgument(positionals, "init", "one directory");
  if (values.check && values.force)
    throw new UsageError("--check writes nothing and --force overwrites files. Use one of them.");
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
  if (values.json) context.print(...jsonLines({ directory, version: context.version, ok, files: outcomes }));
  else report(directory, outcomes, { ok, refused, check, bundler, print: context.print });
  return ok;
}

/** Whether the site would lose a file of its own. */
const isOwn = (state: FileState): boolean => state === "modified" || state === "foreign";

const write = (files: readonly SiteFile[]): Promise<void> =>
  replaceFiles(files.filter(({ state }) => state !== "current"));

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
      "",
      `Run "bearer-worker init ${directory}${bundler ? " --bundler" : ""}" to bring the files up to date.`,
    );
  } else if (refused)
    print("", "No file was written. Rename your own files, or overwrite them with --force.");
  else if (outcomes.some(({ action }) => action === "created")) print(...nextSteps(directory, bundler));
}

const nextSteps = (directory: string, bundler: boolean): string[] => [
  "",
  `Next steps, for a site whose root is ${directory}:`,
  "1. Register /bearer-redirect.html, with your site's origin, as a redirect URI of a single-page application.",
  `2. Add this to your ${bundler ? "code, with your MSAL instance" : "pages; with a bundler, see init --bundler"}:`,
  "",
  ...(bundler ? MODULE : SCRIPT_TAGS).split("\n"),
  "",
  "3. Sign users in with msal.loginPopup(). Requests to /api/ then carry their token.",
  '4. Once the site is served, run "bearer-worker doctor <url>". It finds headers and policies that keep requests from getting tokens.',
];

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
