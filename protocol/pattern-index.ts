import type { Wildcard } from "./wildcard.ts";

/**
 * Finds what may fit a text without asking every pattern: patterns are kept by how they begin and end, so that the time
 * depends on how many different lengths these have, not on how many patterns there are.
 *
 * @returns what may fit, whether it does is still to be asked
 */
export function indexByEnds<T>(
  items: readonly T[],
  patternOf: (item: T) => Wildcard,
): (text: string) => readonly T[] {
  const byEnds = new Map<string, T[]>();
  const lengths = new Map<string, readonly [number, number]>();
  for (const item of items) {
    const pattern = patternOf(item);
    const head = pattern[0] as string;
    let ends = head;
    if (pattern.length > 1) {
      const tail = pattern.at(-1) as string;
      ends += `*${tail}`;
      const both = [head.length, tail.length] as const;
      lengths.set(both.join(), both);
    }
    const others = byEnds.get(ends);
    if (others) others.push(item);
    else byEnds.set(ends, [item]);
  }

  return (text) => {
    let found = byEnds.get(text) ?? [];
    for (const [head, tail] of lengths.values()) {
      found = found.concat(byEnds.get(`${text.slice(0, head)}*${text.slice(text.length - tail)}`) ?? []);
    }
    return found;
  };
}
