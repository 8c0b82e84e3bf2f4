import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { CommandContext } from "./command.ts";
import { readRegularFile } from "./regular-file.ts";
import { readSignature, sign, withoutCarriageReturns } from "./signature.ts";

/** The worker's script, under the name that `attachTokens` looks for. */
export const WORKER = "bearer-sw.js";

/** The page's part for sites without a bundler. */
export const SCRIPT_TAG = "bearer-page.js";

/** The names of all files that `init` copies. */
export const NAMES = [WORKER, SCRIPT_TAG, "bearer-redirect.html", "bearer-redirect.js"];

/**
 * The files of a site. Only this function decides on them. A bundle has the page's part in it. The redirect page is the same
 * for all versions of MSAL that the package supports.
 */
export const namesFor = (site: { readonly hasBundle: boolean }): string[] =>
  NAMES.filter((name) => name !== SCRIPT_TAG || !site.hasBundle);

/**
 * The state of a file: `current` is the expected file, `stale` an untouched file of another version, `modified` a file of
 * ours that the site has changed, `foreign` a file that bearer-worker did not write.
 */
export type FileState = "missing" | "current" | "stale" | "modified" | "foreign";

export interface SiteFile {
  readonly path: string;
  /** The expected content. */
  readonly content: string;
  readonly state: FileState;
  /** The permissions of the file; null if it is missing. */
  readonly mode: number | null;
}

/**
 * Reads the file `name` in the site's `directory` and determines its state.
 *
 * @param source the built file to expect there
 * @throws Error when a file cannot be read, or when a link, a directory or a device has its name
 */
export async function inspect(
  directory: string,
  name: string,
  { dist, version }: CommandContext,
  source = name,
): Promise<SiteFile> {
  const [found, built, counterpart] = await Promise.all([
    readRegularFile(join(directory, name), LARGEST),
    readBuilt(dist, source),
    readBuilt(dist, name),
  ]);
  const content = sign(name, built, version);
  const state = found ? stateOf(found.text, content, counterpart) : "missing";
  return { path: join(directory, name), content, state, mode: found?.mode ?? null };
}

/** In bytes. The largest of the package's files has 0.4 MB. */
const LARGEST = 10_000_000;

/**
 * @param found the file's text; null if it is larger than any file of the package
 * @param counterpart the built file of that name, which a site may have copied by itself
 */
function stateOf(found: string | null, content: string, counterpart: string): FileState {
  if (found === null) return "foreign";
  const text = withoutCarriageReturns(found);
  if (text === content) return "current";
  if (text === counterpart) return "stale";
  const signature = readSignature(text);
  if (!signature) return "foreign";
  return signature.intact ? "stale" : "modified";
}

/** @throws Error with the fix, when `path` is not a directory */
export async function requireDirectory(path: string, command: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return;
  throw new Error(
    `${path} ${found ? "is not a directory" : "does not exist"}. Give the directory that holds your site's files, as in "bearer-worker ${command} public".`,
  );
}

/** Reads a built file of the package. */
export async function readBuilt(dist: string, name: string): Promise<string> {
  try {
    return withoutCarriageReturns(await readFile(join(dist, name), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(`The package has no ${name}. Install bearer-worker again.`, { cause: error });
  }
}
