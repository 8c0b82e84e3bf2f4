import type { Bench } from "../bench.ts";
import type { Case } from "./case.ts";

/** A request while the worker is stopped, as it is after half a minute without requests. */
export const coldMatched: Case = {
  metrics: [{ name: "cold", title: "Matched, worker stopped, 2 in turn", unit: "ms" }],
  subjects: [
    "no-worker",
    "constant-header",
    "pass-through",
    "smallest-worker",
    "asking-worker",
    "axa-oidc",
    "bearer-worker",
  ],
  includesBefore: true,
  rounds: 15,
  slices: 2,
  measure: async (subject, bench) => await cold(subject, bench, bench.urlFor(subject)),
};

export const coldUnmatched: Case = {
  metrics: [{ name: "cold/unmatched", title: "Unmatched, worker stopped, 2 in turn", unit: "ms" }],
  subjects: ["no-worker", "empty-listener", "pass-through", "smallest-worker", "axa-oidc", "bearer-worker"],
  includesBefore: true,
  rounds: 15,
  slices: 2,
  measure: async (subject, bench) => await cold(subject, bench, `/open/orders?by=${subject}`, false),
};

async function cold(
  subject: string,
  bench: Bench,
  url: string,
  isAuthorized = bench.subject(subject).attaches,
): Promise<readonly number[] | null> {
  const tab = await bench.tab(subject);
  await tab.stopWorkers();
  const time = await tab.run<number>(`inTurn("${url}", 1)`);
  // axa-oidc keeps its tokens in memory and cannot get new ones.
  if (subject === "axa-oidc" && isAuthorized) {
    bench.expectRequests(subject, 1, false);
    return null;
  }
  bench.expectRequests(subject, 1, isAuthorized);
  return [time];
}
