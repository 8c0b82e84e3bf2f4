import type { Bench } from "../bench.ts";

/** One number of a case: a row of the tables for each subject. */
export interface Metric {
  /** In results. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly unit: "ms" | "ns" | "bytes" | "count";
}

/** Something to measure for several subjects, in turns. */
export interface Case {
  readonly metrics: readonly Metric[];
  /** Names; ratios are taken to each of the others. */
  readonly subjects: readonly string[];
  /** Whether the version that `--before` names is one of the subjects. */
  readonly includesBefore?: boolean;
  /** How often each subject has its turn, unless the command line says otherwise. */
  readonly rounds: number;
  /**
   * Into how many parts a turn is cut: A B C A B C … within one round, summed up for each. What else the machine does
   * then falls on all of them.
   */
  readonly slices?: number;
  /** Whether there is nothing to warm up and nothing that varies. */
  readonly isExact?: boolean;
  /**
   * One part of a turn.
   *
   * @returns a number for each metric, or `null` where the subject cannot do this at all
   * @throws Error when the subject did not do its job: its number would be worth nothing
   */
  readonly measure: (subject: string, bench: Bench) => Promise<readonly number[] | null>;
  /** Closes what only this case has opened. */
  readonly finish?: () => Promise<void>;
}
