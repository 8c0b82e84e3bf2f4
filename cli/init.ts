import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface InitOptions {
  /** The directory of the built files. */
  readonly from: string;
  /** The site's directory. It has to exist. */
  readonly to: string;
  /** Writes nothing and only says what would change. Default: false. */
  readonly check?: boolean | undefined;
  /** Overwrites files of the site's own, too. Default: false. */
  readonly force?: boolean | undefined;
  /** Takes what there is to say, in pieces of one or more lines. */
  readonly print: (text: string) => void;
}

/** `foreign` is what somebody else wrote under the same name. */
type State = "missing" | "stale" | "unchanged" | "foreign";

interface SiteFile {
  readonly name: string;
  /** What it should hold. */
  readonly content: string;
  readonly state: State;
}

const NAMES = ["bearer-sw.js", "bearer-page.js", "bearer-redirect.html", "bearer-redirect.js"];

/**
 * Copies the worker, the script-tag build and the redirect page into a site's directory, and says what became of each.
 * All or nothing: where one of them is the site's own, none is written, as they have to be of one version.
 *
 * @returns whether the site now has all of them as they should be
 * @throws Error when the directory does not exist, or a file cannot be read or written
 */
export async function init({ from, to, check, force, print }: InitOptions): Promise<boolean> {
  await requireDirectory(to);
  const files = await Promise.all(NAMES.map((name) => compare(name, from, to)));
  const found = (state: State): boolean => files.some((file) => file.state === state);
  const report = (words: Readonly<Record<State, string>>): void => {
    for (const { name, state } of files) print(`${join(to, name)}: ${words[state]}`);
  };

  if (check) {
    report({ ...CHECKED, foreign: "not written by bearer-worker" });
    if (files.every(({ state }) => state === "unchanged")) return true;
    print(`\nRun "bearer-worker init ${to}" to bring the files up to date.`);
    return false;
  }
  if (found("foreign") && !force) {
    report({ ...CHECKED, foreign: "not written by bearer-worker, so not overwritten" });
    print("\nNothing was changed. Rename what is yours, or overwrite it with --force.");
    return false;
  }
  for (const { name, content, state } of files) {
    if (state !== "unchanged") await writeFile(join(to, name), content);
  }
  report({ missing: "created", stale: "updated", unchanged: "unchanged", foreign: "overwritten" });
  if (found("missing")) print(nextSteps(to));
  return true;
}

const CHECKED = { missing: "missing", stale: "stale", unchanged: "unchanged" };

async function requireDirectory(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return;
  throw new Error(
    `${path} ${found ? "is not a directory" : "does not exist"}: name the directory that holds your site's files, as in "bearer-worker init public"`,
  );
}

async function compare(name: string, from: string, to: string): Promise<SiteFile> {
  const built = await readIfThere(join(from, name));
  if (built === null) throw new Error(`The package has no ${name}: install bearer-worker again`);
  const content = sign(name, built);
  const current = await readIfThere(join(to, name));
  return { name, content, state: stateOf(current, content, signature(name)) };
}

function stateOf(current: string | null, content: string, lastLine: string): State {
  if (current === null) return "missing";
  // Git may check text out with other line ends.
  if (current.replaceAll("\r\n", "\n") === content.replaceAll("\r\n", "\n")) return "unchanged";
  return current.trimEnd().endsWith(lastLine) ? "stale" : "foreign";
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** The last line of each copy, by which the next run knows it. Earlier versions must be known by it, too. */
const signature = (name: string): string =>
  name.endsWith(".html") ? "<!-- Written by bearer-worker init -->" : "// Written by bearer-worker init";

/** Source maps stay in the package: the signature takes the place of the longer comment that names one. */
const sign = (name: string, built: string): string =>
  `${built.replace(/\/\/# sourceMappingURL=\S*\s*$/, "").trimEnd()}\n${signature(name)}\n`;

const nextSteps = (directory: string): string => `
Next, where ${directory} is served as the root of your site:
1. Register /bearer-redirect.html, with your site's origin, as a redirect URI of a single-page application.
2. Add this to your pages:

<script src="/bearer-page.js"></script>
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
</script>

3. Sign users in with msal.loginPopup(). Requests to /api/ then carry their token.`;
