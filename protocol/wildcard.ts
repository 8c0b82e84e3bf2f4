/** A string with `*` in it, split at the stars: `["/photos/", ".png"]` is `/photos/*.png`. One piece: no star. */
export type Wildcard = readonly string[];

export const parseWildcard = (pattern: string): Wildcard => pattern.split("*");

/**
 * Whether the whole of `input` fits the pattern. Each star stands for any characters, at least `least` of them.
 * Pieces are searched from left to right and never again, so the time is linear in the length of `input`.
 */
export function matchesWildcard(pattern: Wildcard, input: string, least = 0): boolean {
  const [head = "", ...rest] = pattern;
  const tail = rest.pop();
  if (tail === undefined) return head === input;

  const end = input.length - tail.length;
  if (!input.startsWith(head) || !input.endsWith(tail)) return false;

  let position = head.length;
  for (const piece of rest) {
    const found = input.indexOf(piece, position + least);
    if (found < 0) return false;
    position = found + piece.length;
  }
  return position + least <= end;
}
