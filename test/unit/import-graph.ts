import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { repository, tracked } from "./tracked-files.ts";

/** One import as it stands in a source: of types or values, at once or later. */
export interface Import {
  /** The importing file, from the repository's root. */
  readonly from: string;
  /** The imported file likewise, or a package's name. */
  readonly to: string;
  /** Whether it is loaded later, by `import()`. */
  readonly isLater: boolean;
}

export const read = (path: string): string => readFileSync(posix.join(repository, path), "utf8");

/** Every source in the repository's folders. */
export const sources: readonly string[] = tracked.filter((path) => /\/.*\.(?:tsx?|m?js|css)$/.test(path));

/** TypeScript 7 has no API to parse with. Prettier writes imports in these three ways only. */
const STATEMENTS = [
  { pattern: /^(?:import|export)\b[^;"]*?\bfrom "([^"]+)"/gm, isLater: false },
  { pattern: /^import "([^"]+)"/gm, isLater: false },
  { pattern: /\bimport\("([^"]+)"\)/g, isLater: true },
];

/** What a file imports, Node's own modules apart. */
export const importsOf = (from: string): Import[] =>
  STATEMENTS.flatMap(({ pattern, isLater }) =>
    [...codeOf(read(from)).matchAll(pattern)].map(([, specifier = ""]) => ({
      from,
      to: resolve(from, specifier),
      isLater,
    })),
  ).filter(({ to }) => !to.startsWith("node:"));

/** Without comments and templates, which may show code. */
const codeOf = (source: string): string =>
  source.replace(/^\s*(?:\/\/.*|\/\*[^]*?\*\/)/gm, "").replace(/`(?:\\.|[^`\\])*`/g, "``");

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}
