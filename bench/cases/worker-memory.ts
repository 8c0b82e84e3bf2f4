import type { Case } from "./case.ts";

const COUNT = 300;

/** The heap of a worker after some requests. */
export const workerMemory: Case = {
  metrics: [{ name: "worker-memory", title: "JavaScript heap of the worker", unit: "bytes" }],
  subjects: ["empty-listener", "pass-through", "smallest-worker", "axa-oidc", "bearer-worker"],
  rounds: 3,
  async measure(subject, bench) {
    const tab = await bench.tab(subject);
    await tab.run(`atOnce("${bench.urlFor(subject)}", ${COUNT})`);
    bench.expectRequests(subject, COUNT);
    return [await tab.workerMemory()];
  },
};
