import { setTimeout as pause } from "node:timers/promises";
import type { Bench } from "../bench.ts";
import type { Tab } from "../tab.ts";
import type { Case } from "./case.ts";

const TABS = 10;
const REQUESTS_PER_TAB = 100;
/** Lifetime of the short-lived tokens, in seconds. */
const LIFETIME = 4;
/** In milliseconds: time for ten tabs to receive the command to begin. */
const LEAD = 300;

const tabs = new Map<string, Promise<Tab[]>>();

/** 1,000 requests in ten tabs of one user whose token has just expired. */
export const herd: Case = {
  metrics: [
    { name: "herd", title: "1,000 requests in 10 tabs at expiry, until the last answer", unit: "ms" },
    {
      name: "herd/token-requests",
      title: "1,000 requests in 10 tabs at expiry, token requests",
      unit: "count",
    },
  ],
  subjects: ["constant-header", "msal-pattern", "bearer-worker"],
  rounds: 3,
  async measure(subject, bench) {
    let opened = tabs.get(subject);
    if (!opened) tabs.set(subject, (opened = openTabs(bench)));
    const all = await opened;
    const { provider } = bench.site;
    if (bench.subject(subject).usesMsal) await outlive(all, subject, bench);
    else for (const tab of all) await bench.load(tab, subject);

    const before = provider.requests.length;
    const url = bench.urlFor(subject);
    const start = Date.now() + LEAD;
    const ends = await Promise.all(
      all.map((tab) => tab.run<number>(`atOnceFrom(${start}, "${url}", ${REQUESTS_PER_TAB})`)),
    );
    bench.expectRequests(subject, TABS * REQUESTS_PER_TAB);
    const asked = provider.requests.slice(before).filter(({ endpoint }) => endpoint === "token");
    return [Math.max(...ends) - start, asked.length];
  },
  async finish() {
    for (const opened of tabs.values()) await Promise.all((await opened).map((tab) => tab.close()));
    tabs.clear();
  },
};

async function openTabs({ chromium }: Bench): Promise<Tab[]> {
  const profile = await chromium.createProfile();
  return await Promise.all(Array.from({ length: TABS }, () => chromium.open(profile)));
}

/** Gives every tab and the worker a token that lives for seconds, and waits until the token has expired. */
async function outlive(all: readonly Tab[], subject: string, bench: Bench): Promise<void> {
  const { settings } = bench.site.provider;
  const usual = settings.accessTokenSeconds;
  settings.accessTokenSeconds = LIFETIME;
  // After a reload the only longer-lived tokens are in MSAL's cache. `forceRefresh` replaces them.
  for (const tab of all) {
    await bench.load(tab, subject, "?short");
    await tab.run("acquire({ forceRefresh: true })");
  }
  const [first] = all;
  if (subject === "bearer-worker") {
    await first?.run(`forget().then(() => inTurn("${bench.urlFor(subject)}", 1))`);
    bench.expectRequests(subject, 1);
  }
  // Providers count in whole seconds.
  await pause((LIFETIME + 1) * 1_000);
  settings.accessTokenSeconds = usual;
}
