import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { codeOf } from "./source-text.ts";
import { repository, tracked } from "./tracked-files.ts";

/** One import as it stands in a source. */
export interface Import {
  /** The importing file, from the repository's root. */
  readonly from: string;
  /** The imported file likewise, or a package's name. */
  readonly to: string;
  /** Whether the file is loaded later, by `import()`. */
  readonly isLater: boolean;
  /** Whether types alone are imported. */
  readonly isType: boolean;
}

export const read = (path: string): string => readFileSync(posix.join(repository, path), "utf8");

/** Every source in the repository's folders. */
export const sources: readonly string[] = tracked.filter((path) => /\/.*\.(?:tsx?|m?js|css)$/.test(path));

export const folderOf = (path: string): string => path.split("/")[0] ?? "";

/** TypeScript 7 has no API to parse with. Prettier writes imports in these three ways only. */
const STATEMENTS = [
  { form: /^(?:import|export)\b(?<names>[^;"]*?)\bfrom "(?<specifier> *)"/dgm, isLater: false },
  { form: /^import "(?<specifier> *)"/dgm, isLater: false },
  { form: /\bimport\("(?<specifier> *)"\)/dgm, isLater: true },
];

/** The imports of a file, without Node's own modules. */
export function importsOf(from: string, source = read(from)): Import[] {
  const code = codeOf(source);
  return STATEMENTS.flatMap(({ form, isLater }) =>
    [...code.matchAll(form)].map(({ groups, indices }) => ({
      from,
      to: resolve(from, source.slice(...(indices?.groups?.["specifier"] ?? [0, 0]))),
      isLater,
      isType: namesTypesAlone(groups?.["names"] ?? ""),
    })),
  ).filter(({ to }) => !to.startsWith("node:"));
}

/** Every import circle, as its files in order: the shortest one through each file. */
export function circlesIn(imports: readonly Import[]): string[] {
  const next = neighbours(imports);
  const circles = [...next.keys()].flatMap((file) => {
    const circle = shortestWay(next, file, file);
    return circle ? [circle] : [];
  });
  return [...new Set(circles.map(fromSmallest))].sort();
}

/** The longest chain of files of one folder that import each other at once. */
export function longestPathIn(folder: string, imports: readonly Import[]): readonly string[] {
  const next = neighbours(
    imports.filter(
      ({ from, to, isLater }) => !isLater && [from, to].every((path) => folderOf(path) === folder),
    ),
  );
  const known = new Map<string, readonly string[]>();
  const pathFrom = (file: string, above: readonly string[]): readonly string[] => {
    const found = known.get(file);
    if (found) return found;
    // A circle has no longest path. `circlesIn` reports it.
    const below = [...(next.get(file) ?? [])].filter((path) => path !== file && !above.includes(path));
    const path = [file, ...longest(below.map((path) => pathFrom(path, [...above, file])))];
    known.set(file, path);
    return path;
  };
  return longest([...next.keys()].map((file) => pathFrom(file, [])));
}

const longest = (paths: readonly (readonly string[])[]): readonly string[] =>
  paths.reduce((best, path) => (path.length > best.length ? path : best), []);

function neighbours(imports: readonly Import[]): Map<string, Set<string>> {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const reached = next.get(from);
    if (reached) reached.add(to);
    else next.set(from, new Set([to]));
  }
  return next;
}

function shortestWay(
  next: ReadonlyMap<string, ReadonlySet<string>>,
  start: string,
  end: string,
): string[] | null {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const file of queue) {
    for (const to of next.get(file) ?? []) {
      if (to === end) return wayTo(file, start, cameFrom);
      if (to === start || cameFrom.has(to)) continue;
      cameFrom.set(to, file);
      queue.push(to);
    }
  }
  return null;
}

function wayTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [end];
  let file = end;
  while (file !== start) {
    file = cameFrom.get(file) ?? start;
    way.unshift(file);
  }
  return way;
}

/** The same circle reads the same from whichever file it was found. */
function fromSmallest(circle: readonly string[]): string {
  const smallest = circle.indexOf([...circle].sort()[0] ?? "");
  const turned = [...circle.slice(smallest), ...circle.slice(0, smallest)];
  return [...turned, turned[0]].join(" -> ");
}

const namesTypesAlone = (names: string): boolean =>
  /^\s*type\b(?!\s*,)/.test(names) || /^\s*\{(?:\s*type\s+[^,}]+,?)+\s*\}\s*$/.test(names);

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}
