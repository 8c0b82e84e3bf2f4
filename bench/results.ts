import type { Samples } from "./rounds.ts";

/** One subject's result in one case, as `npm run bench -- --json` prints it. */
export interface Result {
  readonly case: string;
  readonly subject: string;
  /** In the case's unit: milliseconds, unless docs/performance.md names another. */
  readonly median: number;
  /** This subject's number divided by another subject's of the same round. */
  readonly ratios: Readonly<Record<string, Ratio>>;
}

export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export const resultsOf = ({ metric, samples }: Samples): Result[] =>
  Array.from(samples, ([subject, own]) => ({
    case: metric.name,
    subject,
    median: medianOf(own),
    ratios: Object.fromEntries(
      Array.from(samples)
        .filter(([other]) => other !== subject)
        .map(([other, others]) => [other, ratioOf(own, others)] as const)
        // There is no ratio to zero, such as the token requests of a subject that makes none.
        .filter(([, { max }]) => Number.isFinite(max)),
    ),
  }));

function ratioOf(own: readonly number[], others: readonly number[]): Ratio {
  const ratios = own.map((value, round) => value / (others[round] ?? NaN));
  return { median: medianOf(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
