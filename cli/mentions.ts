import { opendir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";

/** A line in the site's own files that uses a file or a call of bearer-worker. */
export interface Mention {
  readonly path: string;
  /** The first line is 1. */
  readonly line: number;
}

const USES = /bearer-page\.js|bearer-redirect\.html|\bbearerWorker\b|\battachTokens\b/;
const EXTENSIONS = new Set([".html", ".htm", ".js", ".mjs"]);
/** In bytes. Larger files are bundles, and a line number in a bundle is of no use. */
const LARGEST = 1_000_000;

/**
 * Finds the lines in a site's pages and scripts that name bearer-worker's files or calls, in order of their paths.
 *
 * @param except paths of files to leave out
 */
export async function findMentions(directory: string, except: readonly string[]): Promise<Mention[]> {
  const mentions: Mention[] = [];
  for (const path of (await sources(directory)).sort()) {
    if (except.includes(path) || (await stat(path)).size > LARGEST) continue;
    const lines = (await readFile(path, "utf8")).split("\n");
    lines.forEach((text, index) => USES.test(text) && mentions.push({ path, line: index + 1 }));
  }
  return mentions;
}

async function sources(directory: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of await opendir(directory)) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith("."))
      found.push(...(await sources(path)));
    else if (entry.isFile() && EXTENSIONS.has(extname(entry.name))) found.push(path);
  }
  return found;
}
