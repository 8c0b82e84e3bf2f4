import type { Case } from "./case.ts";

const SUBJECTS = [
  "no-worker",
  "constant-header",
  "msal-pattern",
  "pass-through",
  "smallest-worker",
  "axa-oidc",
  "bearer-worker",
];

/** Requests to protected resources while the token is in the worker's memory. */
export const inTurn: Case = {
  ...requests("inTurn", 25),
  metrics: [{ name: "matched", title: "Matched, 100 in turn", unit: "ms" }],
  rounds: 15,
  slices: 4,
};

export const atOnce: Case = {
  ...requests("atOnce", 300),
  metrics: [{ name: "matched/parallel", title: "Matched, 300 in parallel", unit: "ms" }],
  rounds: 15,
};

/** The same with a delay of 20 ms, like that of a near server on the internet. */
export const inTurnRemote: Case = {
  ...requests("inTurn", 5, "&after=20"),
  metrics: [{ name: "matched/remote", title: "Matched, 20 in turn, server 20 ms away", unit: "ms" }],
  slices: 4,
  rounds: 8,
};

function requests(how: "inTurn" | "atOnce", count: number, query = ""): Omit<Case, "metrics" | "rounds"> {
  return {
    subjects: SUBJECTS,
    includesBefore: true,
    async measure(subject, bench) {
      const tab = await bench.tab(subject);
      const time = await tab.run<number>(`${how}("${bench.urlFor(subject, query)}", ${count})`);
      bench.expectRequests(subject, count);
      return [time];
    },
  };
}
