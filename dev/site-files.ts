import { stat } from "node:fs/promises";
import { extname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Finds the file for the path of a request; undefined if there is none. */
export type FindFile = (path: string) => Promise<string | undefined>;

/**
 * Looks for files in `roots`; the first hit wins. Relative roots are resolved against the repository's root. For a
 * single-page app, a path without a file and without an extension gives `/index.html`.
 */
export function createSiteFiles(roots: readonly string[], isSinglePage: boolean): FindFile {
  const directories = roots.map((root) => resolve(REPOSITORY, root));
  const find: FindFile = async (path) => {
    const name = decodePath(path.endsWith("/") ? `${path}index.html` : path);
    if (name === undefined) return undefined;
    for (const directory of directories) {
      const file = join(directory, name);
      if (file.startsWith(directory + sep) && (await isFile(file))) return file;
    }
    return undefined;
  };
  return async (path) =>
    (await find(path)) ?? (isSinglePage && extname(path) === "" ? await find("/index.html") : undefined);
}

/** The Content-Type of a file, by how its name ends. */
export function contentTypeOf(file: string): string {
  return CONTENT_TYPES[extname(file)] ?? "application/octet-stream";
}

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  "": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webm": "video/webm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** The path without escapes; undefined for a path that cannot belong to a file. */
function decodePath(path: string): string | undefined {
  try {
    const name = decodeURIComponent(path);
    return name.includes("\0") ? undefined : name;
  } catch {
    return undefined;
  }
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}
