import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { readRegularFile } from "./regular-file.ts";

/** A line in the site's own files that uses a file or a call of bearer-worker. */
export interface Mention {
  readonly path: string;
  /** The first line is 1. */
  readonly line: number;
}

export interface Mentions {
  readonly mentions: readonly Mention[];
  /** The paths of files and directories that could not be read. */
  readonly unread: readonly string[];
}

/** Names, wherever they stand in a page or a script: in a tag, in a call or in a comment. */
const USES =
  /bearer-page\.js|bearer-redirect\.html|\bbearerWorker\b|\battachTokens\b|["']bearer-worker(?:\/[\w.-]+)?["']|"bearer-\*"/;
const EXTENSIONS = /\.(?:html?|[cm]?[jt]s|[jt]sx|vue|svelte)$/;
/** Its list of static files may name ours. */
const CONFIGURATION = "angular.json";
/** Folders of packages and of built files. */
const SKIPPED = /^(?:\.|node_modules$|dist$|build$|out$|coverage$)/;
/** In bytes. Larger files are bundles, and a line number in a bundle is of no use. */
const LARGEST = 1_000_000;

/**
 * Finds the lines in a site's pages and scripts that name bearer-worker's files or calls, in order of their paths. Follows
 * no link.
 *
 * @param except paths of files to leave out
 */
export async function findMentions(directory: string, except: readonly string[]): Promise<Mentions> {
  const { files, unread } = await sources(directory);
  const mentions: Mention[] = [];
  for (const path of files.sort()) {
    if (except.includes(path)) continue;
    try {
      const file = await readRegularFile(path, LARGEST);
      // A name that is no valid text is listed, and cannot be opened.
      if (!file) unread.push(path);
      for (const [index, line] of (file?.text ?? "").split("\n").entries())
        if (USES.test(line)) mentions.push({ path, line: index + 1 });
    } catch {
      unread.push(path);
    }
  }
  return { mentions, unread: unread.sort() };
}

async function sources(directory: string): Promise<{ files: string[]; unread: string[] }> {
  const files: string[] = [];
  const unread: string[] = [];
  const ahead = [directory];
  for (let within = ahead.pop(); within !== undefined; within = ahead.pop()) {
    try {
      for await (const entry of await opendir(within)) {
        const path = join(within, entry.name);
        if (entry.isDirectory() && !SKIPPED.test(entry.name)) ahead.push(path);
        else if (entry.isFile() && (EXTENSIONS.test(entry.name) || entry.name === CONFIGURATION))
          files.push(path);
      }
    } catch {
      unread.push(within);
    }
  }
  return { files, unread };
}
