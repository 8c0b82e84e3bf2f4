import type { Bench } from "./bench.ts";
import type { Case, Metric } from "./cases/case.ts";

/** The measured numbers of one metric: one for each round and subject. */
export interface Samples {
  readonly metric: Metric;
  /** Numbers by subject. A subject that cannot do the case is omitted. */
  readonly samples: ReadonlyMap<string, readonly number[]>;
}

/**
 * Measures a case round by round. Subjects take turns within a round, and another subject begins each round. Other load
 * on the machine, and the aftermath of a turn, thus affect all subjects alike.
 */
export async function measureCase(
  { subjects, metrics, measure, finish, slices = 1, isExact = false, rounds: usual }: Case,
  bench: Bench,
  rounds = usual,
): Promise<Samples[]> {
  const able = new Set(subjects);
  const samples = new Map(metrics.map((metric) => [metric, new Map<string, number[]>()]));
  // The first round warms up pages, connections and compiled code, and does not count.
  for (let round = isExact ? 0 : -1; round < (isExact ? 1 : rounds); round++) {
    const order = rotated([...able], Math.max(round, 0));
    const sums = new Map(order.map((subject) => [subject, metrics.map(() => 0)]));
    for (let slice = 0; slice < slices; slice++) {
      for (const subject of rotated(order, slice)) {
        const values = await measure(subject, bench);
        if (values) sums.set(subject, sums.get(subject)?.map((sum, i) => sum + (values[i] ?? NaN)) ?? []);
        else able.delete(subject);
      }
    }
    if (round < 0) continue;
    for (const [i, metric] of metrics.entries()) {
      for (const subject of able) {
        const list = samples.get(metric)?.get(subject) ?? [];
        list.push(sums.get(subject)?.[i] ?? NaN);
        samples.get(metric)?.set(subject, list);
      }
    }
  }
  await finish?.();
  return Array.from(samples, ([metric, found]) => ({
    metric,
    samples: new Map(
      subjects.flatMap((subject) => {
        const list = found.get(subject);
        return list && able.has(subject) ? [[subject, list]] : [];
      }),
    ),
  }));
}

const rotated = <Item>(list: readonly Item[], by: number): Item[] => [
  ...list.slice(by % list.length),
  ...list.slice(0, by % list.length),
];
