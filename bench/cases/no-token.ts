import type { Case } from "./case.ts";

/** A request while the worker has no token and MSAL has one in its cache: the worker asks the page. */
export const noToken: Case = {
  metrics: [{ name: "no-token", title: "Matched, token in MSAL's cache, 10 in turn", unit: "ms" }],
  subjects: ["constant-header", "msal-pattern", "smallest-worker", "asking-worker", "bearer-worker"],
  rounds: 15,
  slices: 10,
  async measure(subject, bench) {
    const tab = await bench.tab(subject);
    if (subject === "bearer-worker") await tab.run("forget()");
    const time = await tab.run<number>(`inTurn("${bench.urlFor(subject)}", 1)`);
    bench.expectRequests(subject, 1);
    return [time];
  },
};
