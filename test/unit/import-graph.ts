import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

/** One import as it stands in a source: of types or values, at once or later. */
export interface Import {
  /** The importing file, from the repository's root. */
  readonly from: string;
  /** The imported file likewise, or a package's name. */
  readonly to: string;
  /** Whether it is loaded later, by `import()`. */
  readonly isLater: boolean;
}

export const repository = fileURLToPath(new URL("../../", import.meta.url));
export const read = (path: string): string => readFileSync(posix.join(repository, path), "utf8");

/** Every source in the repository's folders, as git knows them, whether they are committed yet or not. */
export const sources: readonly string[] = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts", "*.tsx", "*.mjs", "*.js", "*.css"],
  { cwd: repository, encoding: "utf8" },
)
  .split("\n")
  .filter((path) => path.includes("/") && existsSync(posix.join(repository, path)));

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
