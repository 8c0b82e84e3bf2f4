/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** An integer; both ends are included. */
  between(least: number, most: number): number;
  pick<Value>(values: readonly Value[]): Value;
  /** Picks each in proportion to its weight. */
  weighted<Value>(weights: ReadonlyMap<Value, number>): Value;
}

/** @see https://en.wikipedia.org/wiki/Xorshift, mixed as in Mulberry32 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = <Value>(values: readonly Value[]): Value => {
    if (values.length === 0) throw new RangeError("There is nothing to pick from");
    return values[Math.floor(next() * values.length)] as Value;
  };
  return {
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick,
    weighted(weights) {
      let left = next() * [...weights.values()].reduce((sum, weight) => sum + weight, 0);
      for (const [value, weight] of weights) if ((left -= weight) < 0) return value;
      return pick([...weights.keys()]);
    },
  };
}
