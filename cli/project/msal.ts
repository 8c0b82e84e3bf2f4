import { dirname, join, resolve } from "node:path";
import { readJson } from "./json-file.ts";
import type { Manifest } from "./manifest.ts";

const PACKAGE = "@azure/msal-browser";

/** The version of MSAL in a project. */
export interface Msal {
  /** The range in package.json; null if MSAL is not named there. */
  readonly range: string | null;
  /** The version in node_modules; null if MSAL is not installed. */
  readonly installed: string | null;
  /** `unknown` if neither says a version. */
  readonly support: "supported" | "older" | "newer" | "unknown";
}

/**
 * Finds MSAL as the project's own imports do, in node_modules of its folder or of a folder around it.
 *
 * @param supported the range that the package supports, of alternatives as in "^3.20 || ^4"
 */
export async function findMsal(root: string, manifest: Manifest, supported: string): Promise<Msal> {
  const range = manifest.packages.get(PACKAGE) ?? null;
  const installed = await installedIn(root);
  return { range, installed, support: supportOf(installed ?? range ?? "", supported) };
}

async function installedIn(root: string): Promise<string | null> {
  for (let folder = resolve(root); ; folder = dirname(folder)) {
    const manifest = await readJson(join(folder, "node_modules", PACKAGE, "package.json"));
    if (manifest.state === "read" && typeof manifest.value["version"] === "string")
      return manifest.value["version"];
    if (folder === dirname(folder)) return null;
  }
}

/**
 * Judges a version, or the newest alternative of a range. An open range counts as the newest version of its major, which an
 * installation takes.
 */
export function supportOf(version: string, supported: string): Msal["support"] {
  const found = alternatives(version).at(-1);
  const ranges = alternatives(supported);
  const newest = ranges.at(-1);
  if (!found || !newest) return "unknown";
  const isCovered = ranges.some(
    ({ major, minor }) => major === found.major && (found.isOpen || minor <= found.minor),
  );
  if (isCovered) return "supported";
  return found.major > newest.major ? "newer" : "older";
}

interface Alternative {
  readonly major: number;
  /** The lower end. */
  readonly minor: number;
  /** Whether later minor versions belong to it. */
  readonly isOpen: boolean;
}

/** The alternatives of a range, the oldest first. A range such as "latest" or "workspace:*" has none. */
const alternatives = (range: string): Alternative[] =>
  range
    .split("||")
    .flatMap((alternative) => {
      const [, sign = "", major, minor] = /^\s*([\^~>=v]*)\s*(\d+)(?:\.(\d+))?/.exec(alternative) ?? [];
      if (major === undefined) return [];
      const isOpen = /[\^>]/.test(sign) || minor === undefined;
      return [{ major: Number(major), minor: Number(minor ?? 0), isOpen }];
    })
    .sort((a, b) => a.major - b.major || a.minor - b.minor);
