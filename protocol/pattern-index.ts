import type { Wildcard } from "./wildcard.ts";

/**
 * Finds what may fit a text without asking every pattern: patterns are kept by what stands before their first star, so that
 * the time depends on how many different lengths that has, not on how many patterns there are.
 *
 * @returns what may fit, whether it does is still to be asked
 */
export function indexByHead<T>(
  items: readonly T[],
  patternOf: (item: T) => Wildcard,
): (text: string) => readonly T[] {
  const byHead = new Map<string, T[]>();
  const lengths = new Set<number>();
  for (const item of items) {
    const pattern = patternOf(item);
    let head = pattern[0] as string;
    if (pattern.length > 1) {
      lengths.add(head.length);
      head += "*";
    }
    const others = byHead.get(head);
    if (others) others.push(item);
    else byHead.set(head, [item]);
  }

  return (text) => {
    let found = byHead.get(text) ?? [];
    for (const length of lengths) found = found.concat(byHead.get(`${text.slice(0, length)}*`) ?? []);
    return found;
  };
}
