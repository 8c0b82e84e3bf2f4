import type { Case } from "./case.ts";

/** Requests outside every map. */
export const unmatched: Case = {
  ...requests(25, ""),
  metrics: [{ name: "unmatched", title: "Unmatched, 100 in turn", unit: "ms" }],
  rounds: 15,
};

/** The same with a delay of 20 ms, like that of a near server on the internet. */
export const unmatchedRemote: Case = {
  ...requests(5, "&after=20"),
  metrics: [{ name: "unmatched/remote", title: "Unmatched, 20 in turn, server 20 ms away", unit: "ms" }],
  rounds: 8,
};

function requests(count: number, query: string): Omit<Case, "metrics" | "rounds"> {
  return {
    subjects: ["no-worker", "empty-listener", "pass-through", "smallest-worker", "axa-oidc", "bearer-worker"],
    slices: 4,
    async measure(subject, bench) {
      const tab = await bench.tab(subject);
      const time = await tab.run<number>(`inTurn("/open/orders?by=${subject}${query}", ${count})`);
      bench.expectRequests(subject, count, false);
      return [time];
    },
  };
}
