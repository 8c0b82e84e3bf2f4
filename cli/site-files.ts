import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { CommandContext } from "./command.ts";
import { readSignature, sign, withoutCarriageReturns } from "./signature.ts";

/** The worker's script, under the name that `attachTokens` looks for. */
export const WORKER = "bearer-sw.js";

/** The page's part for sites without a bundler. */
export const SCRIPT_TAG = "bearer-page.js";

/** What `init` copies, and under which names. */
export const NAMES = [WORKER, SCRIPT_TAG, "bearer-redirect.html", "bearer-redirect.js"];

/**
 * What was found under a name: `current` is what should be there, `stale` an untouched file of another version,
 * `modified` one of ours that the site has changed, `foreign` what somebody else wrote.
 */
export type FileState = "missing" | "current" | "stale" | "modified" | "foreign";

export interface SiteFile {
  readonly path: string;
  /** What it should hold. */
  readonly content: string;
  readonly state: FileState;
}

/**
 * Looks at the file `name` in the site's `directory`.
 *
 * @param source the built file that should be there
 * @throws Error when a file cannot be read
 */
export async function inspect(
  directory: string,
  name: string,
  { dist, version }: CommandContext,
  source = name,
): Promise<SiteFile> {
  const [found, built, counterpart] = await Promise.all([
    readIfThere(join(directory, name)),
    readBuilt(dist, source),
    readBuilt(dist, name),
  ]);
  const content = sign(name, built, version);
  return { path: join(directory, name), content, state: stateOf(found, content, counterpart) };
}

/** `counterpart` is the built file of that name, which a site may have copied by itself. */
function stateOf(found: string | null, content: string, counterpart: string): FileState {
  if (found === null) return "missing";
  const text = withoutCarriageReturns(found);
  if (text === content) return "current";
  if (text === counterpart) return "stale";
  const signature = readSignature(text);
  if (!signature) return "foreign";
  return signature.intact ? "stale" : "modified";
}

/** @throws Error that says what to do, when `path` is no directory */
export async function requireDirectory(path: string, command: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return;
  throw new Error(
    `${path} ${found ? "is not a directory" : "does not exist"}: name the directory that holds your site's files, as in "bearer-worker ${command} public"`,
  );
}

/** Reads a file that the package brings along. */
export async function readBuilt(dist: string, name: string): Promise<string> {
  const built = await readIfThere(join(dist, name));
  if (built === null) throw new Error(`The package has no ${name}: install bearer-worker again`);
  return withoutCarriageReturns(built);
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
