import { opendir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readRegularFile } from "./regular-file.ts";

/** A line in the site's own files that uses a file or a call of bearer-worker. */
export interface Mention {
  readonly path: string;
  /** The first line is 1. */
  readonly line: number;
}

export interface Mentions {
  readonly mentions: readonly Mention[];
  /** The mentions in which a worker of the site's own imports the worker. */
  readonly imports: readonly Mention[];
  /** The paths of files and directories that could not be read. */
  readonly unread: readonly string[];
}

/** Names, wherever they stand in a page or a script: in a tag, in a call or in a comment. */
const USES =
  /\bbearer-(?:page|sw|redirect)\.|\bbearerWorker\b|\battachTokens\b|["']bearer-worker(?:\/[\w.-]+)?["']|"bearer-\*"/;
/** A call, or the statement of a worker that is a module. The package's own file, which a bundler takes, is another. */
const IMPORTS_WORKER = /\bimport(?:Scripts)?\b[^;]*(?<!bearer-worker\/)\bbearer-sw\.js/;
/** Pages, scripts, and templates of servers. */
const EXTENSIONS =
  /\.(?:html?|[cm]?[jt]s|[jt]sx|vue|svelte|astro|mdx|php|cshtml|razor|aspx|jsp|ejs|hbs|erb|twig|njk)$/;
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
 * @param directories the folders to search. One may lie in another, whose search leaves it out if it has a skipped name
 * @param except paths of files to leave out
 */
export async function findMentions(
  directories: readonly string[],
  except: readonly string[],
): Promise<Mentions> {
  const { files, unread } = await sources(directories);
  const mentions: Mention[] = [];
  const imports: Mention[] = [];
  const left = new Set(except.map((path) => resolve(path)));
  for (const path of files.sort()) {
    if (left.has(resolve(path))) continue;
    try {
      const file = await readRegularFile(path, LARGEST);
      // A name that is no valid text is listed, and cannot be opened.
      if (!file) unread.push(path);
      for (const [index, text] of (file?.text ?? "").split("\n").entries()) {
        if (!USES.test(text)) continue;
        const mention = { path, line: index + 1 };
        mentions.push(mention);
        if (IMPORTS_WORKER.test(text)) imports.push(mention);
      }
    } catch {
      unread.push(path);
    }
  }
  return { mentions, imports, unread: unread.sort() };
}

async function sources(directories: readonly string[]): Promise<{ files: string[]; unread: string[] }> {
  const files: string[] = [];
  const unread: string[] = [];
  const searched = new Set<string>();
  const ahead = [...directories];
  for (let within = ahead.pop(); within !== undefined; within = ahead.pop()) {
    if (searched.has(resolve(within))) continue;
    searched.add(resolve(within));
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
