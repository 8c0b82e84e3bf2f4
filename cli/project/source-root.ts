import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";

/**
 * Finds the folder that holds the sources of a site: the nearest one around its files with a package.json or a repository.
 * The home directory is none, since it holds much else.
 *
 * @returns a path as `directory` could be given; `directory` itself if there is no such folder
 */
export async function findSourceRoot(directory: string): Promise<string> {
  const home = homedir();
  for (let around = resolve(directory); around !== home; around = dirname(around)) {
    for (const sign of ["package.json", ".git"])
      if (await stat(join(around, sign)).catch(() => null)) return relative(process.cwd(), around) || ".";
    if (around === dirname(around)) break;
  }
  return directory;
}
