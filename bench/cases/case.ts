import type { Bench } from "../bench.ts";

/** One number of a case: a row of the tables for each subject. */
export interface Metric {
  /** The name in results. */
  readonly name: string;
  /** The name in tables. */
  readonly title: string;
  readonly unit: "ms" | "ns" | "bytes" | "count";
}

/** A measurement that several subjects take in turns. */
export interface Case {
  readonly metrics: readonly Metric[];
  /** Names of subjects. Each subject has a ratio to each of the others. */
  readonly subjects: readonly string[];
  /** Whether the version that `--before` names is one of the subjects. */
  readonly includesBefore?: boolean;
  /** The number of turns of each subject, unless the command line gives another. */
  readonly rounds: number;
  /**
   * The number of parts of a turn: A B C A B C … within one round, summed up for each subject. Other load on the machine
   * then affects all subjects alike.
   */
  readonly slices?: number;
  /** Whether the numbers never vary and need no warm-up. */
  readonly isExact?: boolean;
  /**
   * Measures one part of a turn.
   *
   * @returns a number for each metric, or `null` if the subject cannot do this at all
   * @throws Error when the subject did not do its job, since its number would be worthless
   */
  readonly measure: (subject: string, bench: Bench) => Promise<readonly number[] | null>;
  /** Closes the tabs and servers that only this case uses. */
  readonly finish?: () => Promise<void>;
}
