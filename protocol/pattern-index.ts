import type { Wildcard } from "./wildcard.ts";

/**
 * An index that finds the patterns that may fit a text without trying them all. Patterns are kept by the text before their
 * first star, so the time depends on how many different lengths that text has, not on how many patterns there are.
 *
 * @returns candidates for a text; whether they fit is still to be tried
 */
export function indexByHead<T>(
  items: readonly T[],
  patternOf: (item: T) => Wildcard,
): (text: string) => readonly T[] {
  const literals = new Map<string, T[]>();
  const byHead = new Map<string, T[]>();
  const lengths = new Set<number>();
  for (const item of items) {
    const [head = "", ...rest] = patternOf(item);
    const isLiteral = rest.length === 0;
    if (!isLiteral) lengths.add(head.length);
    add(isLiteral ? literals : byHead, head, item);
  }
  return (text) => {
    const found = [...(literals.get(text) ?? [])];
    for (const length of lengths) {
      if (length <= text.length) found.push(...(byHead.get(text.slice(0, length)) ?? []));
    }
    return found;
  };
}

function add<T>(index: Map<string, T[]>, head: string, item: T): void {
  const others = index.get(head);
  if (others) others.push(item);
  else index.set(head, [item]);
}
