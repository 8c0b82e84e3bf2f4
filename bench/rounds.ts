import type { Bench } from "./bench.ts";
import type { Case, Metric } from "./cases/case.ts";

/** What was measured of one metric: a number for each round and subject. */
export interface Samples {
  readonly metric: Metric;
  /** By subject; those that cannot do it are left out. */
  readonly samples: ReadonlyMap<string, readonly number[]>;
}

/**
 * Measures a case round by round. Subjects take turns within a round, and who begins changes from round to round: what
 * else the machine does, and what it has just done, falls on all of them.
 */
export async function measureCase(
  { subjects, metrics, measure, finish, slices = 1, isExact = false, rounds: usual }: Case,
  bench: Bench,
  rounds = usual,
): Promise<Samples[]> {
  const able = new Set(subjects);
  const samples = new Map(metrics.map((metric) => [metric, new Map<string, number[]>()]));
  // Pages, connections and compiled code are warm after the first, which does not count.
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
